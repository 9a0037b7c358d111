/** Transforms of numbers: what scikit-learn's scalers do, as one factor and one offset. Pure. */

import type { Transform } from '../../src/definition/resolved.ts';

/** own = scaled * scale + offset. */
export interface Scale {
  readonly scale: number;
  readonly offset: number;
}

export const UNSCALED: Scale = { scale: 1, offset: 0 };

/**
 * Fits a transform to numbers, of which there must be one at least.
 * - `standardize`: mean 0, standard deviation 1 over the n numbers (not n - 1).
 * - `min_max`: the least and the greatest become the ends of `range`.
 * - `robust`: median 0, distance between the quartiles 1, quartiles interpolated linearly.
 *
 * Numbers without spread keep theirs: the scale is 1, and one number becomes 0, or the lower end of `range`.
 */
export function fitScale(transform: Transform, numbers: Float64Array): Scale {
  switch (transform.name) {
    case 'standardize':
      return standardize(numbers);
    case 'min_max':
      return minMax(numbers, transform.range);
    case 'robust':
      return robust(numbers);
  }
}

export function applyScale(value: number, { scale, offset }: Scale): number {
  return (value - offset) / scale;
}

function standardize(numbers: Float64Array): Scale {
  const [low, high] = extremes(numbers);
  // Equal numbers: their computed deviation may be some 1e-17 instead of 0.
  if (low === high) return { scale: 1, offset: low };
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  return { scale: Math.sqrt(squares / numbers.length) || 1, offset: mean };
}

function minMax(numbers: Float64Array, [low, high]: readonly [number, number]): Scale {
  const [least, greatest] = extremes(numbers);
  const scale = least === greatest ? 1 : (greatest - least) / (high - low);
  return { scale, offset: least - low * scale };
}

function robust(numbers: Float64Array): Scale {
  const sorted = Float64Array.from(numbers).sort();
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  return { scale: spread === 0 ? 1 : spread, offset: quantile(sorted, 0.5) };
}

/** The quantile of sorted numbers, linear between neighbours: NumPy's default. */
export function quantile(sorted: Float64Array, fraction: number): number {
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

function extremes(numbers: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return [low, high];
}
