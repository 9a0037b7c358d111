/** What to try next follows from what the results show, and from all of it: ends of ranges, ties, failures. */

import { describe, expect, test } from 'vitest';
import { diagnoseSweep } from '../../src/diagnosis/diagnose.ts';
import type { DiagnosisFacts } from '../../src/diagnosis/facts.ts';
import { whatNext } from '../../src/diagnosis/next.ts';
import { analyse } from '../../src/statistics/analysis.ts';
import { sweepFacts, withErrors } from './facts.ts';

/** Accuracies by config and replicate; the searched parameter is called `rate`. */
function next(
  rows: readonly (readonly number[])[],
  rates: readonly number[],
  { baseline = null, ...options }: Partial<DiagnosisFacts> & { readonly baseline?: number | null } = {},
): string[] {
  const params = rates.map((rate) => ({ rate }));
  const replicates = rows[0]?.length ?? 1;
  const analysis = analyse({
    goal: 'maximize',
    baseline,
    replicates,
    folds: null,
    parameters: ['rate'],
    written: {},
    params,
    objectives: Float64Array.from(rows.flat()),
    lost: new Int32Array(rows.length),
    measure: { objective: 'validation_accuracy', isShare: true, rows: rows.map(() => null) },
  });
  const definition = {
    train: { optimizer: { name: 'sgd', learning_rate: '$rate' } },
    search: { rate: { values: rates } },
  };
  const configs = analysis.best === null ? [] : [withErrors(0, 0, { config: analysis.best })];
  const facts = sweepFacts(configs, { definition, params, ...options });
  return whatNext(facts, analysis, diagnoseSweep(facts, analysis), replicates);
}

const GOOD = [0.9, 0.91, 0.92, 0.9, 0.9];
const BAD = [0.5, 0.52, 0.51, 0.5, 0.5];
const NEARLY = [0.89, 0.92, 0.9, 0.91, 0.9];

describe('the end of a range', () => {
  test('where the best surely lies is searched further', () => {
    expect(next([BAD, GOOD], [0.001, 0.01])).toEqual([
      'search rate further: the best has rate 0.01, the highest that was searched; try 0.1',
    ]);
    expect(next([GOOD, BAD], [0.001, 0.01])).toEqual([
      'search rate further: the best has rate 0.001, the lowest that was searched; try 1e-4',
    ]);
  });

  test('is no news where the best lies inside', () => {
    expect(next([BAD, GOOD, BAD], [0.001, 0.01, 0.1])).toEqual([]);
  });

  test('comes last where others that may be the best lie elsewhere', () => {
    const pieces = next([NEARLY, GOOD], [0.001, 0.01]);
    expect(pieces.at(-1)).toBe(
      'search rate further: the best has rate 0.01, the highest that was searched, though others that may be as good have less of it; try 0.1',
    );
  });
});

describe('replicates', () => {
  test('one is too few', () => {
    expect(next([[0.5], [0.9], [0.5]], [0.001, 0.01, 0.1])).toEqual([
      'more replicates, 3 at least: with one nobody knows what is chance',
    ]);
  });

  test('as many as would tell the best from the baseline, if they are not too many', () => {
    const [piece] = next(
      [
        [0.9, 0.94, 0.92, 0.91],
        [0.92, 0.95, 0.92, 0.94],
        [0.5, 0.52, 0.53, 0.5],
      ],
      [0.001, 0.01, 0.1],
      { baseline: 0 },
    );
    const needed = Number(/about (\d+) replicates instead of 4/.exec(piece ?? '')?.[1]);
    expect(needed).toBeGreaterThan(4);
    expect(needed).toBeLessThanOrEqual(100);
  });

  test('equal results are no reason for more', () => {
    expect(next([GOOD, GOOD, BAD], [0.001, 0.01, 0.1])).toContain(
      'configs 0 and 1 may well be equally good: take the one that costs less',
    );
  });
});

test('where nothing has a result, what made trials diverge is all there is to say', () => {
  const training = [
    {
      config: 0,
      completed: 0,
      diverged: 3,
      learning_rate: 10,
      optimizer: 'sgd',
      momentum: 0,
      clipped: true,
      loss: 'mae',
      features: 'standardize',
      target: 'standardize',
      numeric: true,
    },
  ];
  expect(next([[NaN, NaN, NaN]], [10], { training })).toEqual(['against divergence, use a learning rate below 10']);
});
