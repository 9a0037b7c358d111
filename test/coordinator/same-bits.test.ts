/** The first promise: a trial's numbers depend on neither the number of workers, nor the order, nor the company. */

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { orderTrials } from '../../src/coordinator/core/order.ts';
import { superviseRun } from '../../src/supervise-run.ts';
import { emptyFolder } from '../empty-folder.ts';
import { PLAIN_RUN } from './plain-run.ts';
import { smallSweep } from './small-sweep.ts';

const DROPOUTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
const sweep = smallSweep({
  name: 'same-bits',
  // Two batch sizes: two programs of 24 trials each.
  configs: DROPOUTS.flatMap((dropout) => [10, 20].map((batch_size) => ({ dropout, batch_size }))),
  replicates: 4,
  epochs: 30,
  patience: 3,
  // Large enough that a stack has room for fewer trials than there are.
  units: 1400,
});

interface Row {
  readonly [column: string]: unknown;
}

const folder = emptyFolder();
const runs = new Map<number, { readonly curves: Row[]; readonly attempts: Row[] }>();

async function run(workers: number): Promise<void> {
  const database = join(folder, `${workers}.db`);
  const store = Store.open(database);
  const origin = { definition: {}, hash: 'hash', file: 'same-bits.yaml', versions: {} };
  const order = orderTrials(sweep.configs.length, sweep.replicates.count, sweep.seed);
  const id = store.createSweep(sweep, origin, order);
  store.close();
  const log = join(folder, `${workers}.log`);
  const end = await superviseRun({ ...PLAIN_RUN, database, sweep: id, workers, log }, () => {}).ended;
  expect(end).toEqual({ type: 'ended', outcome: 'finished' });
  const reader = Reader.open(database);
  const rows = (sql: string): Row[] => {
    const { columns, rows: found } = reader.query(sql);
    return [...found].map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  };
  runs.set(workers, {
    curves: rows('SELECT config, replicate, epoch, train_loss, test_loss FROM learning_curves ORDER BY 1, 2, 3'),
    attempts: rows('SELECT config, replicate, worker, cohort, slot, company FROM attempts ORDER BY 1, 2'),
  });
  reader.close();
}

beforeAll(async () => {
  await run(1);
  await run(2);
}, 120_000);

describe('the same sweep on one worker and on two', () => {
  test('has the same learning curves, bit for bit', () => {
    const [one, two] = [runs.get(1)!.curves, runs.get(2)!.curves];
    expect(one.length).toBeGreaterThan(48);
    expect(two).toEqual(one);
  });

  test('stopped trials at different epochs, refilled their slots, and used both workers', () => {
    const lengths = new Map<string, number>();
    for (const { config, replicate } of runs.get(1)!.curves) {
      const trial = `${String(config)}/${String(replicate)}`;
      lengths.set(trial, (lengths.get(trial) ?? 0) + 1);
    }
    expect(lengths.size).toBe(48);
    expect(new Set(lengths.values()).size).toBeGreaterThan(3);
    for (const { attempts } of runs.values()) {
      const places = attempts.map(({ cohort, slot }) => `${String(cohort)}/${String(slot)}`);
      expect(new Set(places).size).toBeLessThan(places.length);
    }
    expect(new Set(runs.get(2)!.attempts.map(({ worker }) => worker)).size).toBe(2);
  });

  test('gave trials other company', () => {
    const companies = (workers: number): unknown[] => runs.get(workers)!.attempts.map(({ company }) => company);
    const different = companies(2).filter((company, index) => company !== companies(1)[index]);
    expect(different.length).toBeGreaterThan(24);
  });
});
