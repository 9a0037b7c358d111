/** Who may be the best: against numbers from NumPy and SciPy, and against its promise, on data that are made up. */

import { describe, expect, test } from 'vitest';
import type { BalancedResults } from '../../src/statistics/balanced.ts';
import { bestSet, type BestSet, type BestSetOptions } from '../../src/statistics/best-set.ts';
import { isClaimed } from '../../src/statistics/student.ts';
import { dice } from '../kill/dice.ts';

function results(rows: readonly (readonly number[])[]): BalancedResults {
  return {
    configs: Int32Array.from(rows.keys()),
    replicates: rows[0]?.length ?? 0,
    values: Float64Array.from(rows.flat()),
  };
}

const MAXIMIZE: BestSetOptions = { goal: 'maximize', folds: null };

/** By row: whether it cannot be told from the best. */
function tied({ pValues }: BestSet): boolean[] {
  return Array.from(pValues, (p) => !isClaimed(p));
}

const FOUR = [
  [0.9, 0.92, 0.91, 0.95],
  [0.91, 0.92, 0.93, 0.97],
  [0.85, 0.88, 0.86, 0.91],
  [0.9, 0.93, 0.9, 0.94],
];

/** SciPy's `stats.studentized_range` for four means and nine degrees of freedom. */
const MARGINS = [0.018395375115890494, undefined, 0.019640885958783206, 0.029888946781835787];
const P_VALUES = [0.21748498992738807, 1, 0.000036326197065395, 0.441565361664646];

describe('four configs in four replicates', () => {
  const set = bestSet(results(FOUR), MAXIMIZE)!;

  test('are told from the best by the studentized range', () => {
    expect(set.best).toBe(1);
    // The differences of the first from the best scatter less than the noise of all four, those of the others more.
    for (const [row, margin] of MARGINS.entries()) if (margin) expect(set.margins[row]).toBeCloseTo(margin, 11);
    for (const [row, p] of P_VALUES.entries()) expect(set.pValues[row]).toBeCloseTo(p, 9);
    expect(tied(set)).toEqual([true, true, false, true]);
  });

  test('are judged alike whichever way is better', () => {
    const mirrored = bestSet(results(FOUR.map((row) => row.map((value) => -value))), {
      goal: 'minimize',
      folds: null,
    })!;
    expect(tied(mirrored)).toEqual(tied(set));
    expect(mirrored.margins[0]).toBeCloseTo(set.margins[0]!, 14);
  });

  test('are judged alike when some replicates are harder than others for all of them', () => {
    const harder = [0, -0.2, 0.1, -3];
    const shifted = bestSet(results(FOUR.map((row) => row.map((value, column) => value + harder[column]!))), MAXIMIZE)!;
    expect(tied(shifted)).toEqual(tied(set));
    expect(shifted.margins[0]).toBeCloseTo(set.margins[0]!, 12);
  });

  test('are told apart less easily where they are folds of a cross-validation', () => {
    const folds = bestSet(results(FOUR), { ...MAXIMIZE, folds: 4 })!;
    for (const [row, margin] of folds.margins.entries()) {
      expect(margin! / set.margins[row]!).toBeCloseTo(Math.sqrt((1 / 4 + 1 / 3) * 4), 12);
    }
  });

  test('are compared with a favourite among them where there is one', () => {
    expect(bestSet(results(FOUR), { ...MAXIMIZE, favourite: 3 })!.best).toBe(3);
    expect(bestSet(results(FOUR), { ...MAXIMIZE, favourite: 4 })!.best).toBe(1);
  });
});

describe('configs without any noise', () => {
  const constant = (replicates: number) =>
    bestSet(
      results([0.3, 0.3, 0.2].map((mean) => Array.from({ length: replicates }, (_, index) => mean + index / 7))),
      MAXIMIZE,
    )!;

  test('are told apart once equal differences in so many replicates are no longer luck', () => {
    expect(tied(constant(6))).toEqual([true, true, false]);
    expect(constant(6).pValues[2]).toBe(1 / 32);
    expect(tied(constant(5))).toEqual([true, true, true]);
  });

  test('have no interval', () => {
    expect(constant(6).margins).toEqual([null, null, null]);
  });
});

test.each([
  ['one config', [[1, 2, 3]]],
  ['one replicate', [[1], [2]]],
  ['nothing', []],
])('of %s nothing can be said', (_, rows) => {
  expect(bestSet(results(rows), MAXIMIZE)).toBeUndefined();
});

describe('some config is falsely told from the best in at most 5 % of all sweeps', () => {
  const luck = dice(5);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - luck.number(0, 1))) * Math.cos(2 * Math.PI * luck.number(0, 1));
  const SWEEPS = 200;
  /** So many of 200 or more would come by chance in one of 1000 cases, were it 5 %. */
  const MOST = 22;

  test.each<[string, number, (config: number) => { mean: number; noise: number }]>([
    ['where all are equal', 12, () => ({ mean: 0, noise: 1 })],
    [
      'where most are bad and always the same',
      40,
      (config) => (config < 10 ? { mean: 0, noise: 1 } : { mean: -9, noise: 0 }),
    ],
    ['where one is much noisier than the others', 10, (config) => ({ mean: 0, noise: config === 0 ? 5 : 1 })],
    ['where most are bad and wild', 40, (config) => (config < 10 ? { mean: 0, noise: 1 } : { mean: -900, noise: 99 })],
  ])('%s', (_, configs, nature) => {
    let wrong = 0;
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      const blocks = Array.from({ length: 6 }, () => 3 * normal());
      const rows = Array.from({ length: configs }, (_each, config) => {
        const { mean, noise } = nature(config);
        return blocks.map((block) => mean + block + noise * normal());
      });
      const claimed = tied(bestSet(results(rows), MAXIMIZE)!).map((each) => !each);
      if (claimed.some((each, config) => each && nature(config).mean === 0)) wrong += 1;
    }
    expect(wrong).toBeLessThan(MOST);
  });
});
