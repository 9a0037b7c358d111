/** The reader shows what the store has committed, beside it, and never changes anything. */

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { acquireLock } from '../../db/lock.ts';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { emptyFolder } from '../empty-folder.ts';
import { messageOf } from './message.ts';
import {
  FACTS,
  completed,
  createSample,
  diverged,
  epochs,
  placed,
  sampleSweep,
  started,
  wholeTrial,
} from './sample-sweep.ts';

let file: string;
let store: Store;
let reader: Reader;
let sweep: number;
let run: number;
let clock: number;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  clock = 1000;
  store = Store.open(file, () => clock);
  sweep = createSample(store);
  run = store.startRun(sweep, FACTS);
  reader = Reader.open(file);
  return () => {
    reader.close();
    store.close();
  };
});

test('when the writer has closed, the file alone is the whole database, whoever still reads', () => {
  store.write(wholeTrial(1, run, 0.5));
  reader.snapshot('moons');
  store.close();
  const copy = join(emptyFolder(), 'copy.db');
  copyFileSync(file, copy);
  const other = Reader.open(copy);
  expect(other.leaderboard('moons')).toEqual(reader.leaderboard('moons'));
  expect(other.leaderboard('moons')).toHaveLength(1);
  other.close();
});

test('a snapshot of a new sweep is all zeros and nulls', () => {
  const other = createSample(store, { name: 'new' });
  expect(other).toBe(2);
  expect(reader.snapshot('new')).toEqual({
    sweep: 'new',
    database: file,
    objective: 'test_accuracy',
    goal: 'maximize',
    parameters: ['l2', 'optimizer', 'momentum'],
    configs: 3,
    replicates: 2,
    trials: 6,
    epochs_done: 0,
    epochs_planned: 60,
    early_stopping: false,
    live: false,
    workers: null,
    backend: null,
    states: { queued: 6, running: 0, paused: 0, completed: 0, pruned: 0, failed: 0, cancelled: 0 },
    started_at: null,
    ended_at: null,
    run_trials: 0,
    run_epochs: 0,
    vitals: null,
    running: [],
    best: [],
    failures: [],
    notice: null,
  });
});

test('a snapshot in the middle of a run counts, ranks and lists', () => {
  store.write([...wholeTrial(1, run, 0.5), ...wholeTrial(2, run, 0.75), ...wholeTrial(4, run, 0.75)]);
  store.write([started(3, run), placed(3, 2), epochs(3, 1, 4)]);
  store.write([started(5, run), epochs(5, 1, 3), diverged(5)]);
  store.write([started(6, run)]);
  const lock = acquireLock(file, sweep);
  const snapshot = reader.snapshot('moons');
  lock?.release();
  expect(snapshot).toMatchObject({
    live: true,
    workers: 2,
    backend: 'cpu',
    started_at: 1000,
    ended_at: null,
    trials: 6,
    states: { queued: 0, running: 2, completed: 3, failed: 1 },
    epochs_done: 37,
    run_trials: 4,
    run_epochs: 37,
  });
  expect(snapshot.running).toEqual([
    {
      trial: 3,
      config: 2,
      replicate: 0,
      params: { l2: 0.002, optimizer: 'sgd', momentum: 0.9 },
      epoch: 4,
      epochs: 10,
      train_loss: 0.25,
      worker: 1,
      slot: 2,
    },
    {
      trial: 6,
      config: 2,
      replicate: 1,
      params: { l2: 0.002, optimizer: 'sgd', momentum: 0.9 },
      epoch: 0,
      epochs: 10,
      train_loss: null,
      worker: null,
      slot: null,
    },
  ]);
  expect(
    snapshot.best.map(({ rank, config, n, mean, std, is_baseline }) => [rank, config, n, mean, std, is_baseline]),
  ).toEqual([
    [1, 1, 1, 0.75, null, false],
    [2, 0, 2, 0.625, Math.sqrt(2 * 0.125 ** 2), true],
  ]);
  expect(snapshot.failures).toEqual([
    { trial: 5, config: 1, replicate: 1, kind: 'diverged', epoch: 3, message: 'the training loss is not finite' },
  ]);
});

test('epochs of lost attempts count for the speed of the run, not for the progress of the sweep', () => {
  store.write([started(1, run), epochs(1, 1, 6)]);
  store.write([{ type: 'attempt_lost', trial: 1, outcome: 'interrupted', message: null }]);
  store.write([started(1, run), epochs(1, 1, 2)]);
  expect(reader.snapshot('moons')).toMatchObject({ epochs_done: 2, run_epochs: 8, run_trials: 0 });
});

test('a best epoch that is told late neither sets the trial back nor counts again', () => {
  store.write([started(1, run), epochs(1, 5, 9)]);
  store.write([epochs(1, 3, 3)]);
  expect(reader.snapshot('moons')).toMatchObject({ epochs_done: 9, run_epochs: 9 });
  store.write([completed(1, 0.5, 9)]);
  expect(reader.snapshot('moons')).toMatchObject({ epochs_done: 9, run_epochs: 9 });
});

test('a snapshot is of the newest run', () => {
  clock = 2000;
  store.endRun(run, 'stopped');
  clock = 3000;
  const next = store.startRun(sweep, { ...FACTS, workers: 4, backend: 'wasm' });
  store.write(wholeTrial(1, next, 0.5));
  clock = 4000;
  store.endRun(next, 'finished');
  expect(reader.snapshot('moons')).toMatchObject({
    workers: 4,
    backend: 'wasm',
    started_at: 3000,
    ended_at: 4000,
    run_trials: 1,
  });
});

test('lists are as long as asked for, the newest failures first', () => {
  for (const trial of [1, 2, 3]) store.write([started(trial, run), epochs(trial, 1, 3), diverged(trial)]);
  for (const trial of [4, 5, 6]) store.write(wholeTrial(trial, run, trial / 10));
  const snapshot = reader.snapshot('moons', { best: 1, failures: 2 });
  expect(snapshot.best.map(({ mean, is_baseline }) => [mean, is_baseline])).toEqual([
    [0.6, false],
    [0.4, true],
  ]);
  expect(snapshot.failures.map(({ trial }) => trial)).toEqual([3, 2]);
});

describe('the leaderboard', () => {
  const VIEW = `SELECT rank, config, n, mean, std, is_baseline FROM leaderboard
                WHERE sweep = 'moons' AND mean IS NOT NULL ORDER BY rank, config`;

  function agreesWithView(): void {
    const view = [...reader.query(VIEW).rows].map(([rank, config, n, mean, std, baseline]) => ({
      rank: Number(rank),
      config: Number(config),
      n: Number(n),
      mean,
      std,
      is_baseline: baseline === 1n,
    }));
    expect(view).toEqual(reader.leaderboard('moons').map(({ params: _, ...row }) => row));
  }

  test('ends with the baseline where the best ones leave it out', () => {
    const whole = reader.leaderboard('moons');
    expect(whole).toEqual([]);
    const order = store.trials(sweep);
    const means: Readonly<Record<number, number>> = { 0: 0.2, 1: 0.9, 2: 0.5 };
    for (const { id, config } of order) store.write(wholeTrial(id, run, means[config]!));
    expect(reader.leaderboard('moons', 1).map(({ rank, config }) => [rank, config])).toEqual([
      [1, 1],
      [3, 0],
    ]);
    expect(reader.leaderboard('moons', 3)).toEqual(reader.leaderboard('moons'));
  });

  test('gives equal means the same rank and leaves out the next, like its view', () => {
    store.write([...wholeTrial(1, run, 0.9), ...wholeTrial(2, run, 0.9), ...wholeTrial(3, run, 0.8)]);
    expect(reader.leaderboard('moons').map(({ rank, config }) => [rank, config])).toEqual([
      [1, 0],
      [1, 1],
      [3, 2],
    ]);
    agreesWithView();
  });

  test('puts the smallest first where the objective is minimised, like its view', () => {
    const base = sampleSweep({ name: 'losses' });
    const id = store.createSweep(
      { ...base, objective: { metric: 'test_loss', goal: 'minimize' } },
      { definition: {}, hash: 'h', file: 'f', versions: {} },
      base.configs.map(({ ordinal }) => ({ config: ordinal, replicate: 0 })),
    );
    const trials = store.trials(id).map((trial) => trial.id);
    const first = store.startRun(id, FACTS);
    trials.forEach((trial, index) => {
      store.write([
        started(trial, first),
        epochs(trial, 1, 10),
        { ...completed(trial, 0.5), values: [0.1, 1, 0.3 - index / 10, 0.5] } as never,
      ]);
    });
    expect(reader.leaderboard('losses').map(({ config }) => config)).toEqual([2, 1, 0]);
    const ranks = [...reader.query("SELECT rank FROM leaderboard WHERE sweep = 'losses' ORDER BY config").rows].flat();
    expect(ranks).toEqual([3n, 2n, 1n]);
  });

  test('lists a config without a result in the view only, without rank', () => {
    store.write(wholeTrial(1, run, 0.9));
    expect(reader.leaderboard('moons')).toHaveLength(1);
    const view = [
      ...reader.query("SELECT config, n, mean, rank FROM leaderboard WHERE sweep = 'moons' ORDER BY config").rows,
    ];
    expect(view).toEqual([
      [0n, 1n, 0.9, 1n],
      [1n, 0n, null, null],
      [2n, 0n, null, null],
    ]);
    agreesWithView();
  });
});

describe('a trial', () => {
  test('is found by its place and by its number, with its last epochs from old to new', () => {
    store.write([started(2, run), placed(2), epochs(2, 1, 10), completed(2, 0.7)]);
    const trial = reader.trial({ sweep: 'moons', config: 1, replicate: 0 });
    expect(trial).toEqual(reader.trial(2));
    expect(trial).toMatchObject({
      id: 2,
      sweep: 'moons',
      state: 'completed',
      stop_reason: 'epochs',
      epochs: 10,
      budget: 10,
      kept_epoch: 10,
      params: { l2: 0.001, optimizer: 'adam' },
      objective: 0.7,
      metrics: { train_loss: 0.1, train_accuracy: 1, test_loss: 0.2, test_accuracy: 0.7 },
    });
    expect(trial.lastEpochs.map(({ epoch }) => epoch)).toEqual([6, 7, 8, 9, 10]);
    expect(trial.lastEpochs.at(-1)?.metrics).toEqual({
      train_loss: 0.1,
      train_accuracy: 0.9,
      test_loss: 0.2,
      test_accuracy: 0.8,
    });
    expect(trial.attempts).toMatchObject([{ number: 1, outcome: 'completed', seconds: 1.5 }]);
  });

  test('that does not exist is said so, with what there is', () => {
    expect(messageOf(() => reader.trial({ sweep: 'moons', config: 3, replicate: 0 }))).toBe(
      'there is no trial moons/3/0 (moons has configs 0 to 2 and replicates 0 to 1)',
    );
    expect(messageOf(() => reader.trial(77))).toBe('there is no trial 77 (trials are named SWEEP/CONFIG/REPLICATE)');
  });
});

test('a misspelt sweep gets the nearest name, another one the names there are', () => {
  expect(messageOf(() => reader.snapshot('mons'))).toBe("there is no sweep 'mons' (did you mean moons?)");
  expect(messageOf(() => reader.sweepNamed('entirely-else'))).toBe(
    "there is no sweep 'entirely-else' (there are: moons)",
  );
});

test('the version of the data changes with what others commit, and only then', () => {
  const before = reader.dataVersion();
  expect(reader.dataVersion()).toBe(before);
  store.write(wholeTrial(1, run, 0.5));
  expect(reader.dataVersion()).not.toBe(before);
});

test('the counters of the progress view agree with the trials', () => {
  store.write([...wholeTrial(1, run, 0.5), started(2, run), epochs(2, 1, 3), diverged(2), started(3, run)]);
  const { columns, rows } = reader.query('SELECT * FROM progress');
  const [row] = rows;
  expect(Object.fromEntries(columns.map((name, index) => [name, row?.[index]]))).toEqual({
    sweep: 'moons',
    trials: 6n,
    queued: 3n,
    running: 1n,
    paused: 0n,
    completed: 1n,
    pruned: 0n,
    failed: 1n,
    cancelled: 0n,
    epochs_done: 13n,
    epochs_planned: 60n,
  });
});

test('what displays ask often never scans trials or epochs', () => {
  const plans = [
    'SELECT state, count(*), sum(epochs) FROM trial WHERE sweep = 1 GROUP BY state',
    "SELECT id FROM trial WHERE sweep = 1 AND state = 'running' ORDER BY id",
    "SELECT * FROM learning_curves WHERE sweep = 'moons' AND config = 1 AND replicate = 0",
    "SELECT * FROM layer_history WHERE sweep = 'moons' AND config = 1 AND replicate = 0",
    "SELECT * FROM leaderboard WHERE sweep = 'moons'",
  ].map((sql) => [...reader.query(`EXPLAIN QUERY PLAN ${sql}`).rows].map((row) => String(row[3])));
  for (const steps of plans)
    expect(steps.filter((step) => /^SCAN (trial|epoch|layer_epoch|config|sweep)\b/.test(step))).toEqual([]);
  expect(plans[0]?.[0]).toContain('USING COVERING INDEX trial_by_state');
});
