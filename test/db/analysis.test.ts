/** What is kept of the analysis is that of the results, is replaced as a whole, and says when it is out of date. */

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openForWriting } from '../../db/database.ts';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { emptyFolder } from '../empty-folder.ts';
import { rowsOf } from './rows.ts';
import {
  FACTS,
  ORIGIN,
  createSample,
  diverged,
  epochs,
  orderOf,
  placed,
  sampleSweep,
  started,
  wholeTrial,
} from './sample-sweep.ts';

let file: string;
let store: Store;
let sweep: number;
let run: number;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  store = Store.open(file, () => Date.UTC(2026, 0, 31));
  sweep = createSample(store, { configs: 3, replicates: 3 });
  run = store.startRun(sweep, FACTS);
});
afterEach(() => store.close());

const rows = (sql: string): Record<string, unknown>[] => rowsOf(file, sql);
const stale = (): unknown => rows('SELECT stale FROM sweep_analyses')[0]?.['stale'];

/** Replicate by replicate: trials 1, 2, 3 are those of the first one. */
function complete(...objectives: readonly number[]): void {
  objectives.forEach((objective, index) => store.write(wholeTrial(index + 1, run, objective)));
}

function readAnalysis(): ReturnType<Reader['analysis']> {
  const reader = Reader.open(file);
  try {
    return reader.analysis('moons');
  } finally {
    reader.close();
  }
}

test('what is kept is what is worked out, row by row', () => {
  complete(0.9, 0.8, 0.7, 0.92, 0.79, 0.7, 0.91, 0.83, 0.71);
  store.analyse(sweep);
  const { configs, comparisons, mainEffects, importance, warnings, trials } = readAnalysis();
  expect(trials).toBe(9);
  const low = (interval: readonly number[] | null): number | null => interval?.[0] ?? null;
  expect(rows('SELECT config, n, interval_low, tied_with_best FROM leaderboard ORDER BY config')).toEqual(
    configs.map(({ config, n, interval, tied }) => ({
      config,
      n,
      interval_low: low(interval),
      tied_with_best: tied === null ? null : Number(tied),
    })),
  );
  const order = 'ORDER BY reference, config';
  expect(
    rows(`SELECT reference, config, other, n, difference, std, p_adjusted, conclusion FROM comparisons ${order}`),
  ).toEqual(
    comparisons
      .map(({ interval: _, p_value: __, effect_size: ___, ...row }) => row)
      .toSorted((a, b) => a.reference.localeCompare(b.reference) || a.config - b.config),
  );
  expect(comparisons.length).toBeGreaterThan(0);
  expect(rows('SELECT parameter, level, label, mean, effect FROM main_effects ORDER BY parameter, level')).toEqual(
    mainEffects
      .map(({ parameter, level, label, mean, effect }) => ({ parameter, level, label, mean, effect }))
      .toSorted((a, b) => a.parameter.localeCompare(b.parameter) || a.level - b.level),
  );
  expect(rows('SELECT parameter, with_parameter AS "with", share FROM parameter_importance')).toEqual(
    importance.map(({ parameter, with: other, share }) => ({ parameter, with: other, share })),
  );
  const [kept] = rows('SELECT trials, analysed_at, stale, warnings FROM sweep_analyses');
  expect(kept).toEqual({
    trials: 9,
    analysed_at: '2026-01-31T00:00:00.000Z',
    stale: 0,
    warnings: JSON.stringify(warnings),
  });
});

test('values of parameters keep the types that they have in params', () => {
  complete(0.9, 0.8, 0.7);
  store.analyse(sweep);
  expect(
    rows("SELECT value, typeof(value) AS type FROM main_effects WHERE parameter <> 'l2' ORDER BY parameter, level"),
  ).toEqual([
    { value: 0.9, type: 'real' },
    { value: null, type: 'null' },
    { value: 'sgd', type: 'text' },
    { value: 'adam', type: 'text' },
  ]);
  expect(rows("SELECT value, typeof(value) AS type FROM main_effects WHERE parameter = 'l2' AND level = 0")).toEqual([
    { value: 0, type: 'integer' },
  ]);
});

describe('out of date', () => {
  beforeEach(() => {
    complete(0.9, 0.8, 0.7, 0.92, 0.79, 0.7);
    store.analyse(sweep);
  });

  test('with another result, and only what it touches is left out', () => {
    expect(stale()).toBe(0);
    store.write(wholeTrial(7, run, 0.5));
    expect(stale()).toBe(1);
    const bounds = 'SELECT config, interval_low IS NULL AS missing, tied_with_best FROM leaderboard ORDER BY config';
    expect(rows(bounds).map((row) => row['missing'])).toEqual([1, 0, 0]);
    expect(rows(bounds)[0]?.['tied_with_best']).toBe(null);
    store.analyse(sweep);
    expect(stale()).toBe(0);
    expect(rows(bounds).map((row) => row['missing'])).toEqual([0, 0, 0]);
  });

  test('with another failure, and when that is to be tried again', () => {
    store.write([started(7, run), placed(7), epochs(7, 1, 3), diverged(7)]);
    expect(stale()).toBe(1);
    store.analyse(sweep);
    expect(stale()).toBe(0);
    store.retry(sweep);
    expect(stale()).toBe(1);
  });

  test('with more trials to come, and so it goes until it is worked out again', () => {
    const larger = sampleSweep({ configs: 4, replicates: 3 });
    store.extendSweep(sweep, larger, ORIGIN, orderOf(larger).slice(-1));
    expect(rows('SELECT * FROM sweep_analyses')).toEqual([]);
    expect(rows('SELECT * FROM comparisons')).toEqual([]);
    store.analyse(sweep);
    expect(stale()).toBe(0);
  });

  test('never where nothing has changed: it is not worked out again', () => {
    const later = Store.open(file, () => Date.UTC(2026, 1, 1));
    later.analyse(sweep);
    expect(rows('SELECT analysed_at FROM sweep_analyses')).toEqual([{ analysed_at: '2026-01-31T00:00:00.000Z' }]);
    later.close();
  });
});

test('a sweep without results has no analysis, and one that is deleted leaves nothing behind', () => {
  store.analyse(sweep);
  expect(rows('SELECT * FROM sweep_analyses')).toEqual([]);
  complete(0.9, 0.8, 0.7);
  store.analyse(sweep);
  store.endRun(run, 'finished');
  store.removeSweep('moons');
  const db = openForWriting(file);
  const tables = ['sweep_analysis', 'config_analysis', 'config_comparison', 'main_effect', 'importance_term'];
  for (const table of tables) expect(db.prepare(`SELECT * FROM ${table}`).all(), table).toEqual([]);
  db.close();
});

test('a database of an older version is analysed when it is brought up to date', () => {
  complete(0.9, 0.8, 0.7);
  const db = openForWriting(file);
  db.exec("UPDATE meta SET value = '0' WHERE key = 'views_version'");
  db.close();
  expect(stale()).toBe(0);
});

test('how many rows the data have is known where a plan knows it, in an extended sweep of all its configs', () => {
  const counts = 'SELECT train_rows, validation_rows, test_rows FROM config ORDER BY sweep, ordinal';
  expect(rows(counts)).toEqual(Array(3).fill({ train_rows: null, validation_rows: null, test_rows: null }));
  const extent = (): { lastEpoch: number; rows: { train: number; validation: number; test: number } } => ({
    lastEpoch: 10,
    rows: { train: 30, validation: 0, test: 70 },
  });
  const larger = sampleSweep({ configs: 4, replicates: 3 });
  store.extendSweep(sweep, larger, ORIGIN, orderOf(larger).slice(-1), extent);
  expect(rows(counts)).toEqual(Array(4).fill({ train_rows: 30, validation_rows: 0, test_rows: 70 }));
});
