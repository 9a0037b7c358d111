/** An extended sweep keeps what it has, in its place, and gets the new trials behind it. */

import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../db/lock.ts';
import { Store } from '../../db/store.ts';
import type { ResolvedSweep } from '../../src/definition/resolved.ts';
import { emptyFolder } from '../empty-folder.ts';
import { rowsOf } from './rows.ts';
import { FACTS, ORIGIN, createSample, orderOf, sampleSweep, wholeTrial } from './sample-sweep.ts';

const NEWER = { ...ORIGIN, hash: 'def', definition: { name: 'moons', search: { l2: { values: [0, 0.001, 0.002] } } } };

let file: string;
let store: Store;
let sweep: number;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  store = Store.open(file);
  sweep = createSample(store, { configs: 2, replicates: 2 });
  const run = store.startRun(sweep, FACTS);
  store.write([...wholeTrial(1, run, 0.5), ...wholeTrial(3, run, 0.7)]);
  return () => store.close();
});

const rows = (sql: string): Record<string, unknown>[] => rowsOf(file, sql);

/** The new trials of `larger`, its own order but reversed, so that an order of any other kind shows. */
function extend(larger: ResolvedSweep): { config: number; replicate: number }[] {
  const known = new Set(store.trials(sweep).map(({ config, replicate }) => `${config}/${replicate}`));
  const fresh = orderOf(larger)
    .filter(({ config, replicate }) => !known.has(`${config}/${replicate}`))
    .toReversed();
  store.extendSweep(sweep, larger, NEWER, fresh);
  return fresh;
}

test('new configs and replicates come after the old ones, in their order', () => {
  const before = store.trials(sweep);
  const larger = sampleSweep({ configs: 3, replicates: 3 });
  const fresh = extend(larger);
  expect(fresh).toHaveLength(5);
  const after = store.trials(sweep);
  expect(after.slice(0, 4)).toEqual(before);
  expect(after.slice(4).map(({ config, replicate }) => ({ config, replicate }))).toEqual(fresh);
  expect(after.slice(4).every(({ state, attempts }) => state === 'queued' && attempts === 0)).toBe(true);
  expect(store.loadSweep(sweep)).toEqual(larger);
  expect(store.findSweep('moons')).toMatchObject({ id: sweep, hash: 'def', definition: NEWER.definition });
});

test('what is known of the old configs stays, and the plan grows', () => {
  const results = 'SELECT * FROM trial_results WHERE config < 2 AND replicate < 2 ORDER BY config, replicate';
  const means = 'SELECT ordinal, n, mean, std, epochs FROM config WHERE ordinal < 2 ORDER BY ordinal';
  const before = [rows(results), rows(means)];
  extend(sampleSweep({ configs: 4, replicates: 5 }));
  expect([rows(results), rows(means)]).toEqual(before);
  expect(rows('SELECT trials, completed, queued, epochs_planned FROM progress')).toEqual([
    { trials: 20, completed: 2, queued: 18, epochs_planned: 4 * 5 * 10 },
  ]);
});

test("the sweep's own views have the new trials, with new parameters and metrics as columns", () => {
  const larger = sampleSweep({ configs: 3 });
  const configs = larger.configs.map((config) =>
    config.ordinal === 2 ? { ...config, params: { ...config.params, dropout: 0.5 } } : config,
  );
  extend({ ...larger, configs, parameters: [...larger.parameters, 'dropout'], metrics: ['f1'] });
  expect(rows('SELECT config, l2, dropout, state, test_f1 FROM moons WHERE replicate = 0')).toEqual([
    { config: 0, l2: 0, dropout: null, state: 'completed', test_f1: null },
    { config: 1, l2: 0.001, dropout: null, state: 'queued', test_f1: null },
    { config: 2, l2: 0.002, dropout: 0.5, state: 'queued', test_f1: null },
  ]);
  expect(rows('SELECT count(*) AS n FROM "moons.curves" WHERE dropout IS NULL')).toEqual([{ n: 20 }]);
});

test('a definition may change in what touches no trial', () => {
  const same = sampleSweep({ configs: 2, replicates: 2 });
  const changed = { ...same, baseline: 1, limits: { ...same.limits, seconds: 60 } };
  expect(extend(changed)).toEqual([]);
  expect(store.loadSweep(sweep)).toEqual(changed);
  expect(store.trials(sweep)).toHaveLength(4);
});

test('new configs of a budget in steps are as long as their plan says', () => {
  const larger = sampleSweep({ configs: 3, replicates: 2 });
  const configs = larger.configs.map((config) =>
    config.ordinal < 2 ? config : { ...config, train: { ...config.train, epochs: null, steps: 50 } },
  );
  const fresh = [0, 1].map((replicate) => ({ config: 2, replicate }));
  store.extendSweep(sweep, { ...larger, configs }, NEWER, fresh, (config) => ({ lastEpoch: 5 + config, rows: null }));
  expect(rows('SELECT ordinal, epochs FROM config ORDER BY ordinal').map((row) => row['epochs'])).toEqual([10, 10, 7]);
});

test('a sweep that runs cannot be extended', () => {
  const lock = acquireLock(file, sweep);
  expect(() => extend(sampleSweep({ configs: 3 }))).toThrow('sweep moons must not be running, but it is');
  lock?.release();
  expect(store.trials(sweep)).toHaveLength(4);
});
