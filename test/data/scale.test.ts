/** Transforms against the parameters that scikit-learn's scalers found. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Transform } from '../../src/definition/resolved.ts';
import { generate } from '../../workers/data/generators.ts';
import { applyScale, fitScale, quantile } from '../../workers/data/scale.ts';
import { distance, readReference } from './fixtures.ts';

const numbers = z.array(z.number());
const reference = readReference(
  'splits_scalers',
  z.object({
    'regression first 500 rows': z.object({
      x_mean: numbers,
      x_scale: numbers,
      y_mean: numbers,
      y_scale: numbers,
      x_test_first_row_std: numbers,
      x_test_first_row_minmax01: numbers,
      x_test_first_row_minmax_m1_1: numbers,
      y_test_first5_std: numbers,
    }),
    'circles1000 whole-set minmax(-1,1)': z.object({ first3: z.array(numbers) }),
  }),
);

const STANDARDIZE: Transform = { name: 'standardize', fit_on: 'train' };
const ROBUST: Transform = { name: 'robust', fit_on: 'train' };
const minMax = (low: number, high: number): Transform => ({ name: 'min_max', range: [low, high], fit_on: 'train' });

describe('regression, fitted on the first 500 of 1000 rows', () => {
  const wanted = reference['regression first 500 rows'];
  const data = generate({ generator: 'regression', samples: 1000, features: 20, informative: 10, noise: 0.1, seed: 1 });
  const column = (index: number): Float64Array =>
    Float64Array.from({ length: 1000 }, (_, row) => data.features[row * 20 + index]!);
  const columns = Array.from({ length: 20 }, (_, index) => column(index));
  const firstTestRow = (transform: Transform): number[] =>
    columns.map((values) => applyScale(values[500]!, fitScale(transform, values.subarray(0, 500))));

  test('standardize finds the same means and deviations', () => {
    const scales = columns.map((values) => fitScale(STANDARDIZE, values.subarray(0, 500)));
    const means = scales.map(({ offset }) => offset);
    expect(distance(means, wanted.x_mean)).toBeLessThan(1e-12);
    const deviations = scales.map(({ scale }) => scale);
    expect(distance(deviations, wanted.x_scale)).toBeLessThan(1e-12);
    const target = fitScale(STANDARDIZE, data.targets.subarray(0, 500));
    expect(distance([target.offset, target.scale], [...wanted.y_mean, ...wanted.y_scale])).toBeLessThan(1e-10);
  });

  test('the first test row becomes the same, by standardize and by min_max', () => {
    expect(distance(firstTestRow(STANDARDIZE), wanted.x_test_first_row_std)).toBeLessThan(1e-12);
    expect(distance(firstTestRow(minMax(0, 1)), wanted.x_test_first_row_minmax01)).toBeLessThan(1e-12);
    expect(distance(firstTestRow(minMax(-1, 1)), wanted.x_test_first_row_minmax_m1_1)).toBeLessThan(1e-12);
  });

  test('the first test targets become the same', () => {
    const scale = fitScale(STANDARDIZE, data.targets.subarray(0, 500));
    const found = Array.from(data.targets.subarray(500, 505), (target) => applyScale(target, scale));
    expect(distance(found, wanted.y_test_first5_std)).toBeLessThan(1e-12);
  });
});

test('circles, min_max over all rows: the first rows become the same', () => {
  const { features } = generate({ generator: 'circles', samples: 1000, noise: 0.1, factor: 0.8, seed: 1 });
  const found = [0, 1].map((column) => {
    const values = features.filter((_, index) => index % 2 === column);
    const scale = fitScale(minMax(-1, 1), values);
    return Array.from(values.subarray(0, 3), (value) => applyScale(value, scale));
  });
  const wanted = reference['circles1000 whole-set minmax(-1,1)'].first3;
  expect(distance(found.flat(), [...wanted.map(([x]) => x!), ...wanted.map(([, y]) => y!)])).toBeLessThan(1e-12);
});

test('robust takes the median and the distance of the quartiles, linear between neighbours', () => {
  // Quartiles of 1, 2, 4, 8 at places 0.75 and 2.25: 1.75 and 5; the median is 3.
  expect(fitScale(ROBUST, Float64Array.of(8, 1, 4, 2))).toEqual({ offset: 3, scale: 3.25 });
});

test('quantiles at the ends are the least and the greatest', () => {
  const sorted = Float64Array.of(1, 5, 6);
  expect([0, 0.5, 1].map((fraction) => quantile(sorted, fraction))).toEqual([1, 5, 6]);
});

test.each([
  [STANDARDIZE, 0],
  [ROBUST, 0],
  [minMax(-1, 1), -1],
])('%j keeps the scale of equal numbers, whose mean is not exact', (transform, wanted) => {
  const scale = fitScale(transform, Float64Array.of(0.1, 0.1, 0.1));
  expect(scale.scale).toBe(1);
  expect(applyScale(0.1, scale)).toBeCloseTo(wanted, 12);
});

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Math.round(value * 1e3) / 1e3);
const samples = fc.array(finite, { minLength: 1, maxLength: 40 });

test('every transform has a way back', () => {
  fc.assert(
    fc.property(samples, fc.constantFrom(STANDARDIZE, ROBUST, minMax(-1, 1)), finite, (values, transform, value) => {
      const { scale, offset } = fitScale(transform, Float64Array.from(values));
      expect(scale).toBeGreaterThan(0);
      expect(applyScale(value, { scale, offset }) * scale + offset).toBeCloseTo(value, 4);
    }),
  );
});

test('min_max maps the numbers it was fitted on into its range', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const scale = fitScale(minMax(2, 5), Float64Array.from(values));
      const found = values.map((value) => applyScale(value, scale));
      expect(Math.min(...found)).toBeCloseTo(2, 6);
      expect(Math.max(...found)).toBeLessThanOrEqual(5 + 1e-6);
    }),
  );
});
