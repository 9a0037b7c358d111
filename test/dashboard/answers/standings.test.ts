/** The verdict says no more than the data do, and is about the part of a sweep that can be compared. */

import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../../src/dashboard/answers/standings.ts';
import { compareConfigs, type Comparisons } from '../../../src/statistics/comparisons.ts';
import { summarizeConfigs } from '../../../src/statistics/objectives.ts';

type Goal = 'minimize' | 'maximize';

/** A row for each config; NaN where there is no result. */
function compared(rows: readonly (readonly number[])[], baseline: number | null, goal: Goal): Comparisons {
  const results = { replicates: rows[0]?.length ?? 0, objectives: Float64Array.from(rows.flat()) };
  return compareConfigs(results, summarizeConfigs(results), { goal, baseline, folds: null });
}

function verdict(rows: readonly (readonly number[])[], baseline: number | null, goal: Goal = 'maximize') {
  return verdictOf(compared(rows, baseline, goal), { goal, baseline, replicates: rows[0]?.length ?? 0 });
}

const GOOD = [0.9, 0.91, 0.92, 0.9];
const ALMOST = [0.9, 0.92, 0.91, 0.9];
const BAD = [0.5, 0.52, 0.51, 0.5];

describe('verdicts', () => {
  test.each<[string, readonly (readonly number[])[], number | null, string]>([
    [
      'a clear lead over the baseline',
      [BAD, GOOD],
      0,
      'config 1 is better than the baseline by 0.400 (95 % interval 0.387 to 0.413)',
    ],
    [
      'a lead that others share',
      [BAD, GOOD, ALMOST],
      0,
      'config 1 is better than the baseline by 0.400 (95 % interval 0.383 to 0.417); 1 other cannot be told from it',
    ],
    [
      'no clear lead',
      [ALMOST.map((value) => value - 0.001), GOOD],
      0,
      'config 1 leads, but may be no better than the baseline: by 0.001 (95 % interval -0.012 to 0.014)',
    ],
    ['the baseline itself', [GOOD, BAD], 0, 'no config is better than the baseline'],
    ['no baseline', [BAD, GOOD], null, 'config 1 is better than every other'],
    ['no baseline, and company', [BAD, GOOD, ALMOST], null, 'config 1 leads, but 1 other cannot be told from it'],
    ['a baseline without results', [BAD, GOOD, [NaN, NaN, NaN, NaN]], 2, 'config 1 is better than every other'],
  ])('%s', (_, rows, baseline, sentence) => {
    expect(verdict(rows, baseline)).toBe(sentence);
  });

  test('small is better where the goal says so', () => {
    expect(verdict([GOOD, BAD], 0, 'minimize')).toMatch(/^config 1 is better than the baseline by 0.400 /);
  });

  test('there is none before two configs have two replicates', () => {
    expect(
      verdict(
        [
          [0.9, 0.8],
          [0.7, NaN],
        ],
        0,
      ),
    ).toBeUndefined();
    expect(verdict([[0.9], [0.7]], 0)).toBeUndefined();
    expect(verdict([], null)).toBeUndefined();
  });
});

test('while a sweep runs, the replicates count that nearly all configs have behind them', () => {
  const rows = [
    [...GOOD, 0.1],
    [...BAD, NaN],
    [...ALMOST, NaN],
    // Diverged in its first replicate.
    [NaN, 0.9, 0.9, 0.9, NaN],
  ];
  const comparison = compared(rows, 1, 'maximize');
  expect(comparison.replicates).toBe(4);
  expect([...comparison.tied].toSorted(([a], [b]) => a - b)).toEqual([
    [0, true],
    [1, false],
    [2, true],
  ]);
  expect(verdict(rows, 1)).toMatch(/1 other cannot be told from it \(by 4 of 5 replicates\)$/);
});
