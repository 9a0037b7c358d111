/** The Sobol sequence with a random digital shift: points that fill the unit cube evenly, for up to 24 dimensions. Pure. */

import { philox4x32, streamKey } from '../../workers/random/philox.ts';
import type { PointSampler } from './sampler.ts';

/**
 * Per dimension from the second on: the primitive polynomial, its bits being the coefficients, and the initial
 * direction numbers m_1, m_2, ... as many as its degree.
 * Source: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", 2008 (new-joe-kuo-6.21201).
 */
const DIRECTIONS: readonly (readonly [polynomial: number, initial: readonly number[]])[] = [
  [3, [1]],
  [7, [1, 3]],
  [11, [1, 3, 1]],
  [13, [1, 1, 1]],
  [19, [1, 1, 3, 3]],
  [25, [1, 3, 5, 13]],
  [37, [1, 1, 5, 5, 17]],
  [41, [1, 1, 5, 5, 5]],
  [47, [1, 1, 7, 11, 19]],
  [55, [1, 1, 5, 1, 1]],
  [59, [1, 1, 1, 3, 11]],
  [61, [1, 3, 5, 5, 31]],
  [67, [1, 3, 3, 9, 7, 49]],
  [91, [1, 1, 1, 15, 21, 21]],
  [97, [1, 3, 1, 13, 27, 49]],
  [103, [1, 1, 1, 15, 7, 5]],
  [109, [1, 3, 1, 15, 13, 25]],
  [115, [1, 1, 5, 5, 19, 61]],
  [131, [1, 3, 7, 11, 23, 15, 103]],
  [137, [1, 3, 7, 13, 13, 15, 69]],
  [143, [1, 1, 3, 13, 7, 35, 63]],
  [145, [1, 3, 5, 9, 1, 25, 53]],
  [157, [1, 3, 1, 13, 9, 35, 107]],
];

export const SOBOL_DIMENSIONS = DIRECTIONS.length + 1;
const BITS = 32;

/** The points, each coordinate shifted by a random word drawn from `seed`. Errors: RangeError beyond `SOBOL_DIMENSIONS`. */
export function sobolSampler(seed: number, dimensions: number): PointSampler {
  const shift = shifts(seed, dimensions);
  const directions = Array.from({ length: dimensions }, (_, dimension) => directionNumbers(dimension));
  return (index) =>
    wordsAt(directions, index).map((word, dimension) => ((word ^ (shift[dimension] ?? 0)) >>> 0) / 2 ** BITS);
}

/** The points without a shift: the first is the origin. */
export function plainSobolSampler(dimensions: number): PointSampler {
  const directions = Array.from({ length: dimensions }, (_, dimension) => directionNumbers(dimension));
  return (index) => wordsAt(directions, index).map((word) => word / 2 ** BITS);
}

/** Point `index` in Gray-code order is the exclusive or of the direction numbers at the bits of index ^ (index >> 1). */
function wordsAt(directions: readonly Uint32Array[], index: number): number[] {
  const gray = index ^ (index >>> 1);
  return directions.map((numbers) => {
    let word = 0;
    for (let bit = 0; gray >>> bit !== 0; bit += 1) {
      if ((gray >>> bit) & 1) word ^= numbers[bit] ?? 0;
    }
    return word >>> 0;
  });
}

function directionNumbers(dimension: number): Uint32Array {
  const numbers = new Uint32Array(BITS);
  if (dimension === 0) return numbers.map((_, bit) => 2 ** (BITS - 1 - bit));
  const row = DIRECTIONS[dimension - 1];
  if (!row) throw new RangeError(`sobol must have at most ${SOBOL_DIMENSIONS} dimensions, but got ${dimension + 1}`);
  const [polynomial, initial] = row;
  const degree = initial.length;
  for (let bit = 0; bit < BITS; bit += 1) {
    const start = initial[bit];
    if (start !== undefined) {
      numbers[bit] = start * 2 ** (BITS - 1 - bit);
      continue;
    }
    const base = numbers[bit - degree] ?? 0;
    let number = base ^ (base >>> degree);
    for (let term = 1; term < degree; term += 1) {
      if ((polynomial >>> (degree - term)) & 1) number ^= numbers[bit - term] ?? 0;
    }
    numbers[bit] = number;
  }
  return numbers;
}

function shifts(seed: number, dimensions: number): Uint32Array {
  const key = streamKey(seed, 'configs');
  const words = new Uint32Array(4);
  return Uint32Array.from({ length: dimensions }, (_, dimension) => {
    philox4x32([0, dimension, 0, 0], key, words);
    return words[0] ?? 0;
  });
}
