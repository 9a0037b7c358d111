/** Ticks of an axis: at 1, 2 or 5 times a power of ten, with labels as short as they can be. Pure. */

import type { Scale } from './scale.ts';

export interface Tick {
  /** Inside the scale. */
  readonly value: number;
  readonly label: string;
}

/** A step of `mantissa` x 10^`exponent`, kept apart so that ticks are the decimal numbers that they claim to be. */
interface Step {
  readonly mantissa: 1 | 2 | 5;
  readonly exponent: number;
}

const UNITS = [
  { from: 1e12, suffix: 'T' },
  { from: 1e9, suffix: 'G' },
  { from: 1e6, suffix: 'M' },
  { from: 1e3, suffix: 'k' },
] as const;
/** Numbers from here on are shortened. */
const LARGE = 1e4;
const MOST_DECIMALS = 3;

/** About `most` ticks in ascending order, all inside the scale; what is counted from 1 has a tick there. */
export function ticksOf(scale: Scale, most: number): readonly Tick[] {
  const count = Math.max(2, Math.floor(most));
  if (scale.kind !== 'log') return linearTicks(scale, count);
  const ticks = logTicks(scale, count);
  return ticks.length < 2 ? linearTicks(scale, count) : ticks;
}

function linearTicks({ low, high, kind }: Scale, most: number): readonly Tick[] {
  const step = stepFor(low, high, most, kind === 'integer');
  const { mantissa, exponent } = step;
  const size = mantissa * 10 ** exponent;
  const first = Math.ceil(low / size);
  const values: number[] = [];
  for (let index = first; index <= Math.floor(high / size); index++) values.push(decimal(index * mantissa, exponent));
  const inside = values.filter((value) => value >= low && value <= high);
  const largest = Math.max(...inside.map(Math.abs));
  const ticks = inside.map((value) => ({ value, label: labelOf(value, largest, exponent) }));
  return kind === 'integer' && low === 1 && inside[0] !== 1 ? [{ value: 1, label: '1' }, ...ticks] : ticks;
}

/** The least nice step with which at most `most` ticks fall between the ends. */
function stepFor(low: number, high: number, most: number, integer: boolean): Step {
  // Of halves: the span of all doubles is more than a double holds.
  const raw = ((high / 2 - low / 2) / most) * 2;
  const exponent = Math.floor(Math.log10(raw));
  if (integer && exponent < 0) return { mantissa: 1, exponent: 0 };
  const mantissa = ([1, 2, 5] as const).find((each) => each * 10 ** exponent >= raw);
  return mantissa ? { mantissa, exponent } : { mantissa: 1, exponent: exponent + 1 };
}

/** Division by a power of ten is rounded correctly, multiplication by a negative one is not: 3 x 0.1. */
function decimal(digits: number, exponent: number): number {
  return exponent < 0 ? digits / 10 ** -exponent : digits * 10 ** exponent;
}

/** Powers of ten, with 2 and 5 times them where these are few; every n-th where they are still too many. */
function logTicks({ low, high }: Scale, most: number): readonly Tick[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  const exponents = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const inside = (mantissas: readonly number[]): readonly (readonly [value: number, exponent: number])[] =>
    exponents
      .flatMap((exponent) => mantissas.map((mantissa) => [decimal(mantissa, exponent), exponent] as const))
      .filter(([value]) => value >= low && value <= high);
  const fine = inside([1, 2, 5]);
  const powers = inside([1]);
  const candidates = fine.length <= most || powers.length < 2 ? fine : powers;
  const stride = Math.ceil(candidates.length / most);
  const chosen = candidates.filter((_, index) => index % stride === 0);
  const isLarge = (chosen.at(-1)?.[0] ?? 0) >= LARGE;
  return chosen.map(([value, exponent]) => {
    const size = isLarge && value >= 1e3 ? Math.max(value, LARGE) : value;
    return { value, label: labelOf(value, size, exponent) };
  });
}

/** `exponent`: of the last digit that matters. `largest`: of those labels that go by the same unit. */
function labelOf(value: number, largest: number, exponent: number): string {
  if (value === 0) return '0';
  const unit = UNITS.find(({ from }) => largest >= LARGE && largest >= from);
  const decimals = Math.max(0, -exponent + (unit ? Math.log10(unit.from) : 0));
  if (largest >= 1e15 || largest < 1e-3) {
    const digits = Math.max(0, Math.floor(Math.log10(Math.abs(value)) + 1e-9) - exponent);
    return value.toExponential(Math.min(digits, 20)).replace('e+', 'e');
  }
  if (unit && decimals <= MOST_DECIMALS) return (value / unit.from).toFixed(decimals) + unit.suffix;
  return value.toFixed(Math.max(0, -exponent));
}
