/** The values of one searched parameter: all of them for a grid, or the one at a point of the unit interval. Pure. */

export type Scalar = number | string | boolean;

export interface RangeDomain {
  readonly range: readonly [number, number];
  readonly log: boolean;
  readonly integer: boolean;
  readonly step?: number | undefined;
  readonly points?: number | undefined;
  readonly also?: readonly number[] | undefined;
}

/** A domain is a list of values or a range. */
export type Domain = readonly Scalar[] | RangeDomain;

/** A range with more values than this counts as endless; `step` and `points` may not ask for more. */
export const MAX_VALUES = 100_000;

/** How close to the end the last step must come, relative to the step. */
const STEP_TOLERANCE = 1e-9;

/** Rounded to 12 significant digits, so that 3 * 0.1 is 0.3; a whole number, such as a seed, stays what it is. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}

/** A value as configs and SQL have it. */
export function plainValue(value: Scalar): Scalar {
  return typeof value === 'number' ? rounded(value) : value;
}

/** Every value, without repetition: those of `also` in front; undefined for a range that has no end of values, or too many. */
export function allValues(domain: Domain): readonly Scalar[] | undefined {
  if (!isRange(domain)) return [...new Set(domain.map(plainValue))];
  const spaced = spacedValues(domain);
  if (spaced) return [...new Set([...(domain.also ?? []).map(rounded), ...spaced])];
  if (!domain.integer) return undefined;
  const [low, high] = integerEnds(domain);
  if (high - low >= MAX_VALUES) return undefined;
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}

/** Whether a grid knows its values: a list, or a range with `step` or `points`. */
export function isEnumerable(domain: Domain): boolean {
  return !isRange(domain) || domain.step !== undefined || domain.points !== undefined;
}

/** The value at `unit` in [0, 1): every listed value is equally likely, a range is even in its own measure. */
export function valueAtUnit(domain: Domain, unit: number): Scalar {
  const values = isEnumerable(domain) ? allValues(domain) : undefined;
  if (values) {
    const value = values[Math.min(values.length - 1, Math.floor(unit * values.length))];
    if (value === undefined) throw new RangeError('a domain must have at least one value');
    return value;
  }
  if (!isRange(domain)) throw new RangeError('a list is always enumerable');
  const [low, high] = domain.range;
  if (domain.integer) {
    const [first, last] = integerEnds(domain);
    // Each whole number owns the half unit on both sides of it, so that the ends are not rarer than the others.
    const value = Math.round(between(first - 0.5, last + 0.5, unit, domain.log));
    return Math.min(last, Math.max(first, value));
  }
  return Math.min(high, Math.max(low, rounded(between(low, high, unit, domain.log))));
}

/** Whether a value lies in the domain. */
export function contains(domain: Domain, value: Scalar): boolean {
  const values = isEnumerable(domain) ? allValues(domain) : undefined;
  if (values) return values.some((candidate) => same(candidate, value));
  if (!isRange(domain) || typeof value !== 'number') return false;
  const inside = value >= domain.range[0] && value <= domain.range[1];
  return (inside && (!domain.integer || Number.isInteger(value))) || (domain.also ?? []).includes(value);
}

/** Equal after rounding: 0.30000000000000004 is 0.3. */
export function same(a: Scalar, b: Scalar): boolean {
  return plainValue(a) === plainValue(b);
}

/** Whether whole steps lead from the low to the high end. */
export function stepFits(range: readonly [number, number], step: number): boolean {
  const steps = (range[1] - range[0]) / step;
  return Math.abs(steps - Math.round(steps)) <= STEP_TOLERANCE * Math.max(1, steps) && Math.round(steps) >= 1;
}

function isRange(domain: Domain): domain is RangeDomain {
  return 'range' in domain;
}

function spacedValues(domain: RangeDomain): readonly number[] | undefined {
  const [low, high] = domain.range;
  const finish = (value: number): number => (domain.integer ? Math.round(value) : rounded(value));
  if (domain.step !== undefined) {
    const { step } = domain;
    const count = Math.round((high - low) / step) + 1;
    return Array.from({ length: count }, (_, index) => finish(low + index * step));
  }
  if (domain.points === undefined) return undefined;
  const { points } = domain;
  return Array.from({ length: points }, (_, index) => finish(between(low, high, index / (points - 1), domain.log)));
}

function integerEnds(domain: RangeDomain): [number, number] {
  return [Math.ceil(domain.range[0]), Math.floor(domain.range[1])];
}

function between(low: number, high: number, share: number, log: boolean): number {
  if (!log) return low + share * (high - low);
  // log10 keeps powers of ten exact where the natural logarithm does not.
  return 10 ** (Math.log10(low) + share * (Math.log10(high) - Math.log10(low)));
}
