/** Maps data to a place on an axis: from 0 at its low end to 1 at its high end. Pure. */

export interface Scale {
  readonly low: number;
  /** Greater than `low`. */
  readonly high: number;
  /** On `log` both ends are positive; `integer` is linear with ticks at whole numbers only. */
  readonly kind: 'linear' | 'integer' | 'log';
}

/** A span that is smaller than this, relative to the numbers, counts as none: labels would need too many digits. */
const LEAST_SPAN = 1e-9;
/** Far enough from the least double that steps between ticks are exact. */
const TINY = 1e-290;
const DECADES = 100;

/** The scale that just holds the values which can be shown; 0 to 1 (`log`: 1 to 10) where there are none. */
export function scaleOf(values: Iterable<number | null>, kind: Scale['kind']): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!isShown(value, kind)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return kind === 'log' ? { low: 1, high: 10, kind } : { low: 0, high: 1, kind };
  return { ...widened(low, high, kind), kind };
}

/** Whether values are all positive and span at least two decades: then a linear scale hides most of a curve. */
export function spansDecades(values: Iterable<number | null>): boolean {
  let low = Infinity;
  let high = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value <= 0) return false;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high / DECADES;
}

/** Where the value lies, 0 to 1; null where it cannot be shown: not finite, off the scale, or not positive on `log`. */
export function placeOf({ low, high, kind }: Scale, value: number | null): number | null {
  if (!isShown(value, kind) || value < low || value > high) return null;
  if (kind === 'log') return (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low));
  // Halves, since the span of all doubles is more than a double holds.
  return (value / 2 - low / 2) / (high / 2 - low / 2);
}

function isShown(value: number | null, kind: Scale['kind']): value is number {
  return value !== null && Number.isFinite(value) && (kind !== 'log' || value >= TINY);
}

/** Room around values that are all the same, so that they lie in the middle; epochs go on to the next. */
function widened(low: number, high: number, kind: Scale['kind']): { readonly low: number; readonly high: number } {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high / 2 - low / 2 > Math.max(size * LEAST_SPAN, TINY)) return { low, high };
  if (kind === 'log') return { low: Math.max(TINY, low / 2), high: Math.min(Number.MAX_VALUE, high * 2) };
  if (kind === 'integer' && size < 1 / LEAST_SPAN) return { low, high: low + 1 };
  const room = size > TINY * 10 ? size * 0.1 : 1;
  return { low: Math.max(-Number.MAX_VALUE, low - room), high: Math.min(Number.MAX_VALUE, high + room) };
}
