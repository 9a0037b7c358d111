/** Users' modules from the definition to the database: a model and a whole trial, on one worker and on two. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { planDefinition, prepareSweep, sweepFiles } from '../../src/coordinator/prepare.ts';
import { loadDefinition } from '../../src/definition/load.ts';
import { type FirstRun, superviseRun } from '../../src/supervise-run.ts';
import { emptyFolder } from '../empty-folder.ts';
import { PLAIN_RUN } from './plain-run.ts';

const NET = `
export default (tf, { units, rate }) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', inputShape: [2] }),
      tf.layers.dropout({ rate }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });`;
const NET_SWEEP = `
name: net
data: { generator: moons, samples: 60, noise: 0.2, split: { train: 30, test: 30 } }
model: { module: ./net.mjs, params: { units: 8, rate: $rate } }
train: { loss: binary_crossentropy, optimizer: adam, batch_size: 8, epochs: 6 }
search: { rate: { values: [0, 0.3, 0.6] } }
replicates: 4
objective: test_accuracy`;

const TRIAL = `
export default async ({ params, seed, replicate, report }) => {
  for (let n = 1; n <= 3; n += 1) await report({ depth: params.d * n, train_loss: 1 / n, 'seed mod 7': seed % 7 });
  if (params.d === 3) throw new Error('too deep');
};`;
const TRIAL_SWEEP = `
name: own
trial: { module: ./trial.mjs, params: { d: $d } }
search: { d: { values: [1, 2, 3] } }
replicates: 2
objective: { metric: depth, goal: maximize }`;

const folder = emptyFolder();
beforeAll(() => {
  write('net.mjs', NET);
  write('net.yaml', NET_SWEEP);
  write('trial.mjs', TRIAL);
  write('trial.yaml', TRIAL_SWEEP);
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

interface Row {
  readonly [column: string]: unknown;
}

/** Whole numbers arrive as bigint. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Runs a definition to its end and asks its database. */
async function results(file: string, database: string, workers: number, queries: readonly string[]): Promise<Row[][]> {
  const loaded = await loadDefinition(join(folder, file));
  const store = Store.open(join(folder, database));
  const { id } = prepareSweep(store, loaded, planDefinition(loaded), { commandFor: (name) => name });
  store.close();
  const run: FirstRun = {
    ...PLAIN_RUN,
    database: join(folder, database),
    sweep: id,
    workers,
    files: sweepFiles(loaded.sweep),
    log: join(folder, `${database}.log`),
  };
  expect(await superviseRun(run, () => {}).ended).toEqual({ type: 'ended', outcome: 'finished' });
  const reader = Reader.open(join(folder, database));
  const found = queries.map((sql) => {
    const { columns, rows } = reader.query(sql);
    return [...rows].map((row) => Object.fromEntries(columns.map((column, index) => [column, plain(row[index])])));
  });
  reader.close();
  return found;
}

const CURVES = 'SELECT config, replicate, epoch, train_loss, test_loss FROM learning_curves ORDER BY 1, 2, 3';
const ATTEMPTS = 'SELECT DISTINCT outcome, layout, stack_width, note FROM attempts';
const WORKERS = 'SELECT DISTINCT worker FROM attempts';

describe('a model with dropout', () => {
  let one: Row[][];
  let two: Row[][];
  beforeAll(async () => {
    one = await results('net.yaml', '1.db', 1, [CURVES, ATTEMPTS, WORKERS]);
    two = await results('net.yaml', '2.db', 2, [CURVES, ATTEMPTS, WORKERS]);
  }, 60_000);

  test('trains in cohorts of one, compiled', () => {
    expect(one[1]).toEqual([{ outcome: 'completed', layout: 'single', stack_width: 1, note: null }]);
    expect(one[0]).toHaveLength(3 * 4 * 6);
  });

  test('has the same bits on one worker and on two', () => {
    expect(two[2]).toHaveLength(2);
    expect(two[0]).toEqual(one[0]);
  });

  test('learns something else with dropout, and from each seed', () => {
    const last = one[0]!.filter(({ epoch }) => epoch === 6).map(({ test_loss }) => test_loss);
    expect(new Set(last).size).toBe(12);
  });
});

test('a trial of its own has its reports as epochs and its metrics as columns, and fails alone', async () => {
  const [rows, curves, results2, failures, sweeps] = await results('trial.yaml', 'trial.db', 2, [
    'SELECT d, replicate, state, epochs, objective, train_loss, depth FROM "own" ORDER BY 1, 2',
    'SELECT epoch, train_loss, depth, "seed mod 7" FROM "own.curves" WHERE d = 2 AND replicate = 1 ORDER BY 1',
    "SELECT DISTINCT json_extract(metrics, '$.depth') AS depth FROM trial_results ORDER BY 1",
    "SELECT DISTINCT failure_kind, message, epoch, stack LIKE '%trial.mjs%' AS stack FROM failures",
    'SELECT metrics, objective, goal FROM sweeps',
  ]);
  const completed = { state: 'completed', epochs: 3, train_loss: 1 / 3 };
  const failed = { state: 'failed', epochs: 3, objective: null, train_loss: null, depth: null };
  expect(rows).toEqual([
    ...[0, 1].map((replicate) => ({ d: 1, replicate, ...completed, objective: 3, depth: 3 })),
    ...[0, 1].map((replicate) => ({ d: 2, replicate, ...completed, objective: 6, depth: 6 })),
    ...[0, 1].map((replicate) => ({ d: 3, replicate, ...failed })),
  ]);
  expect(curves).toMatchObject([1, 2, 3].map((n) => ({ epoch: n, train_loss: 1 / n, depth: 2 * n })));
  expect(new Set(curves!.map((row) => row['seed mod 7'])).size).toBe(1);
  expect(results2).toEqual([{ depth: null }, { depth: 3 }, { depth: 6 }]);
  expect(failures).toEqual([{ failure_kind: 'error', message: 'too deep', epoch: 3, stack: 1 }]);
  expect(sweeps).toEqual([{ metrics: '["train_loss","depth","seed mod 7"]', objective: 'depth', goal: 'maximize' }]);
}, 60_000);

test('a module that is no model fails its trials with what is wrong', async () => {
  write('wrong.mjs', 'export default (tf) => tf.sequential();');
  write('wrong.yaml', NET_SWEEP.replace('net.mjs', 'wrong.mjs').replace('replicates: 4', 'replicates: 1'));
  const [failures] = await results('wrong.yaml', 'wrong.db', 1, [
    'SELECT DISTINCT failure_kind, message FROM failures',
  ]);
  expect(failures).toHaveLength(1);
  expect(failures![0]).toMatchObject({ failure_kind: 'error' });
  expect(failures![0]!['message']).toContain('wrong.mjs');
}, 60_000);

test('a model that no graph can hold runs op by op, and its attempts say so', async () => {
  write(
    'looking.mjs',
    `
export default (tf) => {
  class Looking extends tf.layers.Layer {
    static className = 'Looking';
    call(inputs) {
      const x = [inputs].flat()[0];
      return x.dataSync()[0] > 0 ? tf.add(x, 1) : tf.sub(x, 1);
    }
    computeOutputShape(shape) {
      return shape;
    }
  }
  const output = tf.layers.dense({ units: 1, activation: 'sigmoid' });
  return tf.sequential({ layers: [new Looking({ inputShape: [2] }), output] });
};`,
  );
  const text = NET_SWEEP.replace('net.mjs', 'looking.mjs').replace('replicates: 4', 'replicates: 1');
  write('looking.yaml', text.replace('epochs: 6', 'epochs: 2'));
  const [attempts] = await results('looking.yaml', 'looking.db', 1, [ATTEMPTS]);
  expect(attempts).toHaveLength(1);
  expect(attempts![0]).toMatchObject({ outcome: 'completed', layout: 'single' });
  expect(attempts![0]!['note']).toMatch(/^runs op by op, since it cannot be compiled: /);
  const reader = Reader.open(join(folder, 'looking.db'));
  expect(reader.notes('net')).toMatchObject([{ trials: 3, configs: [0, 1, 2] }]);
  reader.close();
}, 60_000);

test('a module that has changed is refused when the sweep goes on', async () => {
  write('changing.mjs', TRIAL);
  write('changing.yaml', TRIAL_SWEEP.replace('trial.mjs', 'changing.mjs'));
  const prepare = async (): Promise<void> => {
    const loaded = await loadDefinition(join(folder, 'changing.yaml'));
    const store = Store.open(join(folder, 'changing.db'));
    try {
      prepareSweep(store, loaded, planDefinition(loaded), { commandFor: (name) => `run --name ${name}` });
    } finally {
      store.close();
    }
  };
  await prepare();
  await prepare();
  write('changing.mjs', `${TRIAL}\n`);
  await expect(prepare()).rejects.toThrow('changing.mjs has changed: its SHA-256 was ');
});
