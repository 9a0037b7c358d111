/** Thinned curves keep what catches the eye, and never have more points than are asked for. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stretchMeans, thinned } from '../../../src/dashboard/answers/thin.ts';

const curve = fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 400 });

test('what is kept is in order, within the points, with both ends, the lowest and the highest', () => {
  fc.assert(
    fc.property(curve, fc.integer({ min: 4, max: 100 }), (values, points) => {
      const kept = thinned(values, points);
      expect(kept.length).toBeLessThanOrEqual(Math.max(points, 2));
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      if (values.length === 0) return;
      expect(kept[0]).toBe(0);
      expect(kept.at(-1)).toBe(values.length - 1);
      const finite = values.filter((value) => value !== null);
      const shown = kept.map((index) => values[index]).filter((value) => typeof value === 'number');
      if (finite.length === 0) return;
      expect(Math.min(...shown)).toBe(Math.min(...finite));
      expect(Math.max(...shown)).toBe(Math.max(...finite));
    }),
  );
});

test('a curve that fits is kept whole', () => {
  expect(thinned([3, null, 1], 3)).toEqual([0, 1, 2]);
  expect(thinned([], 10)).toEqual([]);
});

test('a stretch without any number stays a gap', () => {
  expect(thinned([1, null, null, null, null, 2, 3], 6)).toEqual([0, 1, 5, 6]);
});

describe('means of stretches', () => {
  test('are as many as are asked for, over equally many epochs', () => {
    expect(stretchMeans([1, 2, 3, 4, 5, 6], [1, 3, 5, 7, 9, 11], 3)).toEqual([2, 6, 10]);
  });

  test('follow epochs, not rows: a stretch without any repeats the one before', () => {
    expect(stretchMeans([1, 2, 3, 12], [1, 2, 3, 9], 4)).toEqual([2, 2, 2, 9]);
  });

  test('are the values where there are fewer', () => {
    expect(stretchMeans([1, 2], [5, 6], 10)).toEqual([5, 6]);
    expect(stretchMeans([], [], 10)).toEqual([]);
  });
});
