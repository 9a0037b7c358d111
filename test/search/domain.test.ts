/** Values of searched parameters: grids, rounding, samples that stay inside. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allValues, contains, stepFits, valueAtUnit, type RangeDomain } from '../../src/search/domain.ts';

function range(low: number, high: number, rest: Partial<RangeDomain> = {}): RangeDomain {
  return { range: [low, high], log: false, integer: false, ...rest };
}

describe('a grid over a range', () => {
  test('has decimal values, not the sums of binary ones', () => {
    expect(allValues(range(0, 0.9, { step: 0.1 }))).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
  });

  test('includes both ends and exact powers of ten on a logarithmic scale', () => {
    expect(allValues(range(1e-6, 0.1, { log: true, points: 6 }))).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1]);
  });

  test('puts `also` in front, once', () => {
    expect(allValues(range(1, 3, { step: 1, also: [0, 3] }))).toEqual([0, 3, 1, 2]);
  });

  test('rounds to whole numbers only where it is told to', () => {
    expect(allValues(range(8, 64, { log: true, integer: true, points: 4 }))).toEqual([8, 16, 32, 64]);
    expect(allValues(range(0, 1, { points: 3 }))).toEqual([0, 0.5, 1]);
  });

  test('takes the sum of binary numbers in `also` for the decimal that was meant', () => {
    expect(allValues(range(0.2, 0.4, { step: 0.1, also: [0.1 + 0.2] }))).toEqual([0.3, 0.2, 0.4]);
  });

  test('has no value twice where points are denser than whole numbers', () => {
    expect(allValues(range(1, 3, { integer: true, points: 9 }))).toEqual([1, 2, 3]);
  });
});

test('a list has decimal values, and whole numbers of any length as they are', () => {
  expect(allValues([0, 0.1 + 0.2, 'full', true])).toEqual([0, 0.3, 'full', true]);
  expect(allValues([1234567890123, 1234567890124])).toEqual([1234567890123, 1234567890124]);
});

test('whole numbers without a step are listed unless there are too many to be', () => {
  expect(allValues(range(2, 5, { integer: true }))).toEqual([2, 3, 4, 5]);
  expect(allValues(range(1, 4e9, { integer: true }))).toBeUndefined();
});

test('a step fits when whole steps lead from end to end', () => {
  expect(stepFits([0, 0.9], 0.1)).toBe(true);
  expect(stepFits([0, 1], 0.3)).toBe(false);
  expect(stepFits([0, 1], 2)).toBe(false);
});

const ends = fc
  .tuple(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), fc.double({ min: 1.001, max: 1e3, noNaN: true }))
  .map(([low, factor]): [number, number] => [low, low * factor]);
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('every sample of a range lies inside it', () => {
  fc.assert(
    fc.property(ends, unit, fc.boolean(), ([low, high], at, log) => {
      expect(contains(range(low, high, { log }), valueAtUnit(range(low, high, { log }), at))).toBe(true);
    }),
  );
});

test('every sample of whole numbers is one of them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      unit,
      fc.boolean(),
      (low, span, at, log) => {
        const domain = range(low, low + span, { integer: true, log });
        expect(allValues(domain)).toContain(valueAtUnit(domain, at));
      },
    ),
  );
});

test('whole numbers are equally likely, the ends too', () => {
  const domain = range(1, 4, { integer: true });
  const samples = Array.from({ length: 400 }, (_, index) => valueAtUnit(domain, (index + 0.5) / 400));
  expect([1, 2, 3, 4].map((value) => samples.filter((sample) => sample === value).length)).toEqual([
    100, 100, 100, 100,
  ]);
});

test('samples do not fall as the unit grows', () => {
  fc.assert(
    fc.property(ends, unit, unit, fc.boolean(), ([low, high], a, b, log) => {
      const domain = range(low, high, { log });
      const [first, second] = [valueAtUnit(domain, Math.min(a, b)), valueAtUnit(domain, Math.max(a, b))];
      expect(Number(first)).toBeLessThanOrEqual(Number(second));
    }),
  );
});
