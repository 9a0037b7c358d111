/** The Sobol sequence against scipy, and what every shift of it keeps. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainSobolSampler, SOBOL_DIMENSIONS, sobolSampler } from '../../src/search/sobol.ts';

test('the points without a shift are those of scipy', () => {
  const file = new URL('../reference/sobol/scipy-unscrambled.json', import.meta.url);
  const { points } = JSON.parse(readFileSync(file, 'utf8')) as { points: number[][] };
  const sample = plainSobolSampler(SOBOL_DIMENSIONS);
  expect(points.map((_, index) => sample(index))).toEqual(points);
});

test('the first 2^k points of any shift have one coordinate in each interval of length 2^-k', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 0, max: 8 }), (seed, power) => {
      const count = 2 ** power;
      const sample = sobolSampler(seed, SOBOL_DIMENSIONS);
      const points = Array.from({ length: count }, (_, index) => sample(index));
      for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension += 1) {
        const cells = new Set(points.map((point) => Math.floor((point[dimension] ?? -1) * count)));
        expect(cells).toEqual(new Set(Array.from({ length: count }, (_, cell) => cell)));
      }
    }),
    { numRuns: 30 },
  );
});

test('equal seeds give equal points, other seeds others', () => {
  expect(sobolSampler(7, 5)(3)).toEqual(sobolSampler(7, 5)(3));
  expect(sobolSampler(7, 5)(3)).not.toEqual(sobolSampler(8, 5)(3));
});

test('more dimensions than there are direction numbers are refused', () => {
  expect(() => sobolSampler(1, SOBOL_DIMENSIONS + 1)).toThrow(RangeError);
});
