/** Paired differences where Student's t has nothing to go by: missing replicates, one replicate, no spread. */

import { describe, expect, test } from 'vitest';
import { comparisonsWithBaseline } from '../../src/statistics/against-baseline.ts';
import { holm } from '../../src/statistics/holm.ts';
import { pairedDifference, pairedP } from '../../src/statistics/paired.ts';

const of = (...values: number[]): Float64Array => Float64Array.from(values);

describe('a difference', () => {
  test('is over the replicates that both have', () => {
    const pair = pairedDifference(of(1, NaN, 3, 5), of(0, 1, 1, NaN));
    expect(pair).toMatchObject({ n: 2, difference: 1.5 });
    expect(pair.std).toBeCloseTo(Math.SQRT1_2, 15);
    expect(pair.effect_size).toBeCloseTo(1.5 / Math.SQRT1_2, 14);
  });

  test('in one replicate has no spread, and no test', () => {
    const pair = pairedDifference(of(1, NaN), of(0, 1));
    expect(pair).toEqual({ n: 1, difference: 1, std: null, effect_size: null });
    expect(pairedP(pair, null)).toBeNull();
  });

  test('that is the same everywhere has the p-value of the sign test, whatever rounding does to it', () => {
    // 0.9 - 0.8 and 0.8 - 0.7 differ in their last digits.
    const pair = pairedDifference(of(0.9, 0.8, 0.7, 0.6, 0.5, 0.4), of(0.8, 0.7, 0.6, 0.5, 0.4, 0.3));
    expect(pair).toMatchObject({ n: 6, std: 0, effect_size: null });
    expect(pairedP(pair, null)).toBe(2 / 64);
  });

  test('of 0 everywhere is none', () => {
    const pair = pairedDifference(of(0.9, 0.8), of(0.9, 0.8));
    expect(pair).toEqual({ n: 2, difference: 0, std: 0, effect_size: null });
    expect(pairedP(pair, null)).toBe(1);
  });

  test('between folds is less sure', () => {
    const pair = pairedDifference(of(1, 2, 4, 3, 3), of(0, 1, 1, 1, 2));
    expect(pairedP(pair, 5)!).toBeGreaterThan(pairedP(pair, null)!);
  });
});

describe('comparisons with the baseline', () => {
  test('say nothing where nothing can be said, and count only what can', () => {
    const rows = [
      [1, 2, 3, 4],
      [NaN, NaN, NaN, NaN],
      [1.1, NaN, NaN, NaN],
      [1.2, 2.1, 3.2, 4.1],
    ];
    const made = comparisonsWithBaseline(
      { replicates: 4, objectives: Float64Array.from(rows.flat()) },
      0,
      'maximize',
      null,
    );
    expect(made.map(({ config, n, conclusion }) => [config, n, conclusion])).toEqual([
      [2, 1, null],
      [3, 4, 'better'],
    ]);
    expect(made[0]).toMatchObject({ p_value: null, p_adjusted: null, interval: null, std: null });
    // The only test: nothing to correct for.
    expect(made[1]!.p_adjusted).toBe(made[1]!.p_value);
  });

  test('are better the lower they are where the goal says so', () => {
    const objectives = Float64Array.from([1, 2, 3, 4, 0.8, 1.9, 2.8, 3.9]);
    const [row] = comparisonsWithBaseline({ replicates: 4, objectives }, 0, 'minimize', null);
    expect(row).toMatchObject({ conclusion: 'better' });
    expect(row!.difference).toBeCloseTo(-0.15, 12);
  });
});

describe("Holm's adjusted p-values", () => {
  test('never fall behind those of smaller p-values, and stop at 1', () => {
    const adjusted = [...holm(of(0.04, 0.01, 0.03, 0.5))];
    for (const [index, p] of [0.09, 0.04, 0.09, 0.5].entries()) expect(adjusted[index]).toBeCloseTo(p, 15);
    expect([...holm(of(0.9, 0.8))]).toEqual([1, 1]);
  });

  test('leave out what has none', () => {
    expect([...holm(of(NaN, 0.02, 0.01))]).toEqual([NaN, 0.02, 0.02]);
  });
});
