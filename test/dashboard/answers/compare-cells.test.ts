/** What all trials of a level, or of two, say together. */

import { describe, expect, test } from 'vitest';
import { compareCells } from '../../../src/dashboard/answers/compare-cells.ts';

describe('cells', () => {
  test('hold what all their trials say together', () => {
    // Trials 1, 2, 3 and 5, 7: mean 3.6, squares 23.2.
    const results = [
      { config: 0, n: 3, mean: 2, std: 1 },
      { config: 2, n: 2, mean: 6, std: Math.SQRT2 },
      { config: 1, n: 1, mean: 9, std: null },
    ];
    const [first, second, ...none] = compareCells(results, [0, 1, 0, 2]);
    expect(first).toMatchObject({ first: 0, second: 0, n: 5 });
    expect(first?.mean).toBeCloseTo(3.6, 12);
    expect(first?.std).toBeCloseTo(Math.sqrt(23.2 / 4), 12);
    // t of 4 degrees of freedom.
    expect(first?.interval?.[1]).toBeCloseTo(3.6 + 2.7764451051977934 * Math.sqrt(23.2 / 4 / 5), 12);
    expect(second).toEqual({ first: 1, second: 0, n: 1, mean: 9, std: null, interval: null });
    expect(none).toEqual([]);
  });

  test('of two parameters are a grid', () => {
    const result = (config: number) => ({ config, n: 1, mean: config, std: null });
    const cells = compareCells([3, 2, 1, 0].map(result), [0, 0, 1, 1], [1, 0, 1, 0]);
    expect(cells.map(({ first, second, mean }) => [first, second, mean])).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 3],
      [1, 1, 2],
    ]);
  });
});
