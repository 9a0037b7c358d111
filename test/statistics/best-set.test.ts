/** Who may be the best: against numbers from NumPy and SciPy, and against its promise, on data that are made up. */

import { describe, expect, test } from 'vitest';
import { bestSet, leadOver, type BalancedResults } from '../../src/statistics/best-set.ts';
import { dice } from '../kill/dice.ts';

function results(rows: readonly (readonly number[])[]): BalancedResults {
  return { configs: rows.length, replicates: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

const FOUR = [
  [0.9, 0.92, 0.91, 0.95],
  [0.91, 0.92, 0.93, 0.97],
  [0.85, 0.88, 0.86, 0.91],
  [0.9, 0.93, 0.9, 0.94],
];

describe('four configs in four replicates', () => {
  const set = bestSet(results(FOUR), 'maximize')!;

  test('have the residual variance of a two-way layout', () => {
    expect(set.best).toBe(1);
    expect(set.degreesOfFreedom).toBe(9);
    expect(set.standardError).toBeCloseTo(0.0058925565098879055, 14);
    expect(set.margin).toBeCloseTo(0.014787883552163724, 12);
    // Means .92, .9325, .875 and .9175; the last is behind by .015.
    expect(set.contends).toEqual([true, true, false, false]);
  });

  test('have a lead with an interval that holds for all comparisons at once', () => {
    const { lead, half } = leadOver(2, set);
    expect(lead).toBeCloseTo(0.0575, 12);
    expect(half).toBeCloseTo(0.017284777952559147, 12);
  });

  test('are judged alike whichever way is better', () => {
    const mirrored = bestSet(results(FOUR.map((row) => row.map((value) => -value))), 'minimize')!;
    expect(mirrored.contends).toEqual(set.contends);
    expect(mirrored.margin).toBeCloseTo(set.margin, 14);
  });

  test('are judged alike when some replicates are harder than others for all of them', () => {
    const harder = [0, -0.2, 0.1, -3];
    const shifted = bestSet(
      results(FOUR.map((row) => row.map((value, column) => value + harder[column]!))),
      'maximize',
    )!;
    expect(shifted.contends).toEqual(set.contends);
    expect(shifted.margin).toBeCloseTo(set.margin, 12);
  });

  test('are told apart less easily where they are folds of a cross-validation', () => {
    expect(bestSet(results(FOUR), 'maximize', 4)!.margin / set.margin).toBeCloseTo(Math.sqrt((1 / 4 + 1 / 3) * 4), 12);
  });
});

test('equal configs without any noise are all as good as the best', () => {
  expect(
    bestSet(
      results([
        [1, 2],
        [1, 2],
        [0, 1],
      ]),
      'maximize',
    )!.contends,
  ).toEqual([true, true, false]);
});

test.each([
  ['one config', [[1, 2, 3]]],
  ['one replicate', [[1], [2]]],
  ['nothing', []],
])('of %s nothing can be said', (_, rows) => {
  expect(bestSet(results(rows), 'maximize')).toBeUndefined();
});

describe('the truly best config is ruled out in at most 5 % of all sweeps', () => {
  const luck = dice(5);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - luck.number(0, 1))) * Math.cos(2 * Math.PI * luck.number(0, 1));
  const SWEEPS = 500;
  /** More than so many of 500 would come by chance in one of 1000 cases, were it 5 %. */
  const MOST = 41;

  test.each<[string, number, (config: number) => { mean: number; noise: number }]>([
    ['where all are equal', 12, () => ({ mean: 0, noise: 1 })],
    [
      'where most are bad and always the same',
      100,
      (config) => (config < 10 ? { mean: 0, noise: 1 } : { mean: -9, noise: 0 }),
    ],
    ['where most are bad and wild', 100, (config) => (config < 10 ? { mean: 0, noise: 1 } : { mean: -900, noise: 99 })],
  ])('%s', (_, configs, nature) => {
    let ruledOut = 0;
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      const blocks = Array.from({ length: 4 }, () => 3 * normal());
      const rows = Array.from({ length: configs }, (_each, config) => {
        const { mean, noise } = nature(config);
        return blocks.map((block) => mean + block + noise * normal());
      });
      if (!bestSet(results(rows), 'maximize')!.contends[0]) ruledOut += 1;
    }
    expect(ruledOut).toBeLessThan(MOST);
  });
});
