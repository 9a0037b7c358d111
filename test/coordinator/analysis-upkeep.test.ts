/** The stored analysis follows the results, and nothing that happens to it harms a run. */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { Store } from '../../db/store.ts';
import { AnalysisUpkeep } from '../../src/coordinator/analysis-upkeep.ts';
import { emptyFolder } from '../empty-folder.ts';
import { rowsOf } from '../db/rows.ts';
import { FACTS, createSample, wholeTrial } from '../db/sample-sweep.ts';

let file: string;
let store: Store;
let run: number;
let told: string[];
let upkeep: AnalysisUpkeep;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  store = Store.open(file);
  const sweep = createSample(store, { replicates: 3 });
  run = store.startRun(sweep, FACTS);
  told = [];
  upkeep = new AnalysisUpkeep({ store, sweep, onTrouble: (message) => told.push(message) });
});
afterEach(async () => {
  await upkeep.end();
  store.close();
});

const kept = (): unknown => rowsOf(file, 'SELECT trials, stale FROM sweep_analyses');

test('it is brought up to date by a thread while the sweep runs, and by the end in any case', async () => {
  for (const trial of [1, 2, 3]) store.write(wholeTrial(trial, run, trial / 10));
  await upkeep.refresh();
  expect(kept()).toEqual([{ trials: 3, stale: 0 }]);
  store.write(wholeTrial(4, run, 0.5));
  await upkeep.refresh();
  expect(kept()).toEqual([{ trials: 4, stale: 0 }]);
  store.write(wholeTrial(5, run, 0.5));
  expect(kept()).toEqual([{ trials: 4, stale: 1 }]);
  await upkeep.end();
  expect(kept()).toEqual([{ trials: 5, stale: 0 }]);
  expect(told).toEqual([]);
});

test('what will not pass is told once, and not tried again', async () => {
  store.write(wholeTrial(1, run, 0.5));
  const other = new Database(file);
  other.exec('DROP TABLE config_analysis');
  other.close();
  await upkeep.refresh();
  expect(told).toEqual([expect.stringMatching(/^the analysis of the results could not be stored: .*config_analysis/)]);
  await upkeep.refresh();
  await upkeep.end();
  expect(told).toHaveLength(1);
});

test('a database that is gone is not made again', async () => {
  store.write(wholeTrial(1, run, 0.5));
  for (const name of [file, `${file}-wal`, `${file}-shm`]) rmSync(name);
  await upkeep.refresh();
  await upkeep.end();
  expect(existsSync(file)).toBe(false);
  expect(told).toEqual([]);
});
