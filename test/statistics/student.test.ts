/** Quantiles and intervals of Student's t, against SciPy 1.17 (`stats.t.isf`, `stats.t.interval`). */

import { describe, expect, test } from 'vitest';
import { halfWidth, meanInterval, upperPoint, varianceOfMean } from '../../src/statistics/student.ts';

test.each([
  [0.025, 4, 2.7764451051977934],
  [0.025, 1, 12.706204736174694],
  [0.05 / 11, 36, 2.757493538136702],
  // So small a probability would be lost in 1 - p.
  [0.05 / 9999, 89_991, 4.4174034973971015],
])('is exceeded with probability %d at %i degrees of freedom by %d', (probability, degrees, value) => {
  expect(upperPoint(probability, degrees)).toBeCloseTo(value, 10);
});

describe('the interval of a mean', () => {
  test('is that of SciPy', () => {
    const [low, high] = meanInterval(0.922, 0.019235384061671322, 5) ?? [];
    expect(low).toBeCloseTo(0.8981161161190002, 12);
    expect(high).toBeCloseTo(0.9458838838809999, 12);
  });

  test('is not known for one number', () => {
    expect(meanInterval(0.9, null, 1)).toBeNull();
  });

  test('is wider for folds of a cross-validation, which share training rows', () => {
    // Nadeau and Bengio: 1/10 + 1/9 instead of 1/10.
    expect(varianceOfMean(10, 10)).toBeCloseTo(1 / 10 + 1 / 9, 15);
    const [low = 0, high = 0] = meanInterval(0, 1, 10, 10) ?? [];
    expect(high - low).toBeCloseTo(2 * halfWidth(Math.sqrt(1 / 10 + 1 / 9), 9), 12);
  });
});
