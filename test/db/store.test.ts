/** The store writes all or nothing, refuses illegal transitions, and its sums do not depend on the order of writes. */

import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { lockFile } from '../../db/lock.ts';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import type { Write } from '../../db/writes.ts';
import { SweepError } from '../../src/errors.ts';
import { emptyFolder } from '../empty-folder.ts';
import { messageOf } from './message.ts';
import { rowsOf } from './rows.ts';
import {
  FACTS,
  METRICS,
  ORIGIN,
  completed,
  createSample,
  diverged,
  epochs,
  orderOf,
  placed,
  sampleSweep,
  started,
  wholeTrial,
} from './sample-sweep.ts';

const HOLDER = fileURLToPath(new URL('../fixtures/hold-lock.ts', import.meta.url));

let file: string;
let store: Store;
let sweep: number;
let run: number;
let clock: number;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  clock = Date.UTC(2026, 0, 1);
  store = Store.open(file, () => clock);
  sweep = createSample(store);
  run = store.startRun(sweep, FACTS);
  return () => store.close();
});

function rows(sql: string): Record<string, unknown>[] {
  return rowsOf(file, sql);
}

describe('sweeps', () => {
  test('a sweep comes back as it was stored', () => {
    expect(store.loadSweep(sweep)).toEqual(sampleSweep());
    expect(store.findSweep('moons')).toEqual({ id: sweep, name: 'moons', hash: 'abc', definition: ORIGIN.definition });
    expect(store.findSweep('circles')).toBeUndefined();
  });

  test('a budget in steps is stored with the epoch that it ends in, which its plan knows', () => {
    const epochs = sampleSweep({ name: 'stepped' });
    const configs = epochs.configs.map((config) => ({
      ...config,
      train: { ...config.train, epochs: null, steps: 50 },
    }));
    const stepped = { ...epochs, configs };
    expect(() => store.createSweep(stepped, ORIGIN, [])).toThrow(/last epoch of config 0.* must be given/);
    const id = store.createSweep(stepped, ORIGIN, orderOf(stepped), (config) => ({
      lastEpoch: 4 + config,
      rows: null,
    }));
    expect(rows(`SELECT ordinal, epochs FROM config WHERE sweep = ${id}`)).toEqual([
      { ordinal: 0, epochs: 4 },
      { ordinal: 1, epochs: 5 },
      { ordinal: 2, epochs: 6 },
    ]);
    expect(rows(`SELECT epochs_planned FROM sweep WHERE id = ${id}`)).toEqual([{ epochs_planned: 2 * (4 + 5 + 6) }]);
    expect(store.loadSweep(id)).toEqual(stepped);
  });

  test('trials come in the order of execution, all queued', () => {
    const order = orderOf(sampleSweep()).toReversed();
    const id = store.createSweep(sampleSweep({ name: 'reversed' }), ORIGIN, order);
    const trials = store.trials(id);
    expect(trials.map(({ config, replicate }) => ({ config, replicate }))).toEqual(order);
    expect(new Set(trials.map(({ state, attempts }) => `${state} ${attempts}`))).toEqual(new Set(['queued 0']));
  });

  test('a name can be used once, and the refused sweep leaves nothing behind', () => {
    expect(messageOf(() => createSample(store))).toMatch(
      "a sweep's name must be new, but there is a sweep moons already",
    );
    expect(rows('SELECT count(*) AS trials FROM trial')).toEqual([{ trials: 6 }]);
  });

  test('a sweep that would hide a view or a column is refused', () => {
    expect(() => createSample(store, { name: 'leaderboard' })).toThrow(SweepError);
    const named = { ...sampleSweep({ name: 'other' }), parameters: ['l2', 'state'] };
    expect(() => store.createSweep(named, ORIGIN, [])).toThrow(/must not be called like a column/);
  });

  test("a sweep's own view has its parameters with their natural types, NULL where a config does not reach one", () => {
    store.write(wholeTrial(1, run, 0.9));
    expect(rows('SELECT * FROM moons WHERE replicate = 0 AND config < 2')).toEqual([
      {
        config: 0,
        replicate: 0,
        state: 'completed',
        l2: 0,
        optimizer: 'sgd',
        momentum: 0.9,
        failure_kind: null,
        stop_reason: 'epochs',
        epochs: 10,
        kept_epoch: 10,
        objective: 0.9,
        generalisation_gap: 1 - 0.9,
        train_loss: 0.1,
        train_data_loss: null,
        train_accuracy: 1,
        test_loss: 0.2,
        test_data_loss: null,
        test_accuracy: 0.9,
      },
      {
        config: 1,
        replicate: 0,
        state: 'queued',
        l2: 0.001,
        optimizer: 'adam',
        momentum: null,
        failure_kind: null,
        stop_reason: null,
        epochs: 0,
        kept_epoch: null,
        objective: null,
        generalisation_gap: null,
        train_loss: null,
        train_data_loss: null,
        train_accuracy: null,
        test_loss: null,
        test_data_loss: null,
        test_accuracy: null,
      },
    ]);
    expect(rows('SELECT config, replicate, epoch, l2, train_loss FROM "moons.curves" WHERE epoch = 2')).toEqual([
      { config: 0, replicate: 0, epoch: 2, l2: 0, train_loss: 0.5 },
    ]);
  });
});

describe('the life of a trial', () => {
  test('completes: result, attempt and epochs are there', () => {
    store.write([started(1, run, 7), placed(1, 3)]);
    store.write([epochs(1, 1, 4)]);
    clock += 2000;
    store.write([epochs(1, 5, 10), completed(1, 0.75)]);
    expect(store.trials(sweep)[0]).toEqual({
      id: 1,
      config: 0,
      replicate: 0,
      state: 'completed',
      attempts: 1,
      epochs: 0,
      losses: [],
    });
    expect(rows('SELECT * FROM attempts')).toEqual([
      {
        sweep: 'moons',
        config: 0,
        replicate: 0,
        trial: 1,
        attempt: 1,
        run: 1,
        outcome: 'completed',
        failure_kind: null,
        started_at: '2026-01-01T00:00:00.000Z',
        ended_at: '2026-01-01T00:00:02.000Z',
        seconds: 1.5,
        epochs: 10,
        worker: 1,
        cohort: 7,
        slot: 3,
        stack_width: 4,
        company: '[2]',
        layout: 'stacked',
        backend: 'cpu',
        fingerprint: 'f',
        resumed_from_epoch: 0,
        message: null,
        note: null,
        loss_cause: null,
      },
    ]);
    expect(rows('SELECT count(*) AS epochs, min(train_loss) AS best FROM learning_curves')).toEqual([
      { epochs: 10, best: 0.1 },
    ]);
    expect(rows('SELECT count(*) AS layers, max(kernel_norm) AS largest FROM layer_history WHERE layer = 1')).toEqual([
      { layers: 10, largest: 10 },
    ]);
  });

  test('fails: it has no result, but its failure and its epochs are there', () => {
    store.write([started(1, run), placed(1), epochs(1, 1, 3), diverged(1)]);
    expect(rows('SELECT * FROM failures')).toEqual([
      {
        sweep: 'moons',
        config: 0,
        replicate: 0,
        trial: 1,
        failure_kind: 'diverged',
        epoch: 3,
        last_loss: 12.5,
        message: 'the training loss is not finite',
        advice: 'lower the learning rate',
        attempts: 1,
        params: '{"l2":0,"optimizer":"sgd","momentum":0.9}',
        stack: null,
      },
    ]);
    expect(rows('SELECT objective, test_accuracy FROM trial_results WHERE config = 0 AND replicate = 0')).toEqual([
      { objective: null, test_accuracy: null },
    ]);
    expect(rows('SELECT count(*) AS epochs FROM learning_curves')).toEqual([{ epochs: 3 }]);
  });

  test('is lost: it is queued again without epochs, and its next attempt is the second', () => {
    store.write([started(1, run), placed(1), epochs(1, 1, 3)]);
    store.write([{ type: 'attempt_lost', trial: 1, outcome: 'retried', message: 'once more' }]);
    expect(store.trials(sweep)[0]).toMatchObject({ state: 'queued', attempts: 1 });
    expect(rows('SELECT count(*) AS epochs FROM learning_curves')).toEqual([{ epochs: 0 }]);
    expect(rows('SELECT count(*) AS layers FROM layer_history')).toEqual([{ layers: 0 }]);
    store.write(wholeTrial(1, run, 0.9));
    expect(rows('SELECT attempt, outcome, epochs, message FROM attempts')).toEqual([
      { attempt: 1, outcome: 'retried', epochs: 3, message: 'once more' },
      { attempt: 2, outcome: 'completed', epochs: 10, message: null },
    ]);
  });

  test('numbers that are not finite are stored as NULL', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1];
    const layers = [{ layer: 0, kernel_norm: Infinity, gradient_norm: Number.NaN, clipped_share: null }];
    store.write([
      started(1, run),
      { type: 'epochs', trial: 1, metrics: METRICS, rows: [{ epoch: 1, values, layers }] },
    ]);
    expect(rows('SELECT train_loss, train_accuracy, test_loss, test_accuracy FROM learning_curves')).toEqual([
      { train_loss: null, train_accuracy: null, test_loss: null, test_accuracy: 1 },
    ]);
    expect(rows('SELECT kernel_norm, gradient_norm, clipped_share FROM layer_history')).toEqual([
      { kernel_norm: null, gradient_norm: null, clipped_share: null },
    ]);
  });

  test.each<[string, readonly Write[], string]>([
    ['start twice', [started(1, 1), started(1, 1)], 'trial 1 must be queued, but found it running'],
    ['get epochs while it waits', [epochs(1, 1, 2)], 'only a running trial gets epochs'],
    ['end before it starts', [completed(1, 0.5)], 'trial 1 must be running, but found it queued'],
    ['end twice', [...wholeTrial(1, 1, 0.5), diverged(1)], 'trial 1 must be running, but found it completed'],
    ['be placed while it waits', [placed(1)], 'trial 1 must have an attempt that goes on, but found none'],
    [
      'get an epoch twice',
      [started(1, 1), epochs(1, 1, 2), epochs(1, 2, 3)],
      'UNIQUE constraint failed: epoch.trial, epoch.epoch',
    ],
    ['end without being there', [completed(99, 0.5)], 'trial 99 must be in the database, but found no such trial'],
  ])('must not %s, and nothing of the whole batch is written', (_, writes, message) => {
    expect(messageOf(() => store.write([started(2, run), epochs(2, 1, 5), ...writes]))).toContain(message);
    expect(store.trials(sweep).every(({ state, attempts }) => state === 'queued' && attempts === 0)).toBe(true);
    expect(rows('SELECT count(*) AS n FROM epoch UNION ALL SELECT count(*) FROM attempt')).toEqual([
      { n: 0 },
      { n: 0 },
    ]);
    // The store can be used on.
    store.write(wholeTrial(2, run, 0.5));
    expect(rows("SELECT count(*) AS n FROM trial WHERE state = 'completed'")).toEqual([{ n: 1 }]);
  });

  test('a report with an unknown metric, or without the objective, is refused', () => {
    const strange = { ...epochs(1, 1, 1), metrics: ['loss; DROP TABLE trial'] } as unknown as Write;
    expect(() => store.write([started(1, run), strange])).toThrow(/must hold known metrics/);
    const partial = { ...completed(1, 0.5), metrics: ['train_loss'], values: [1] } as unknown as Write;
    expect(() => store.write([started(1, run), epochs(1, 1, 10), partial])).toThrow(
      'must hold the objective test_accuracy',
    );
  });
});

test('mean and spread of a config are the same bits in whatever order its replicates end', () => {
  const replicates = 6;
  const accuracy = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(accuracy, { minLength: replicates, maxLength: replicates }),
      fc.shuffledSubarray([...Array(replicates).keys()], { minLength: replicates }),
      (accuracies, order) => {
        const summaries = [[...order.keys()], order].map((sequence) => {
          const path = join(emptyFolder(), 'b.db');
          const other = Store.open(path);
          const id = createSample(other, { configs: 1, replicates });
          const first = other.startRun(id, FACTS);
          for (const replicate of sequence) other.write(wholeTrial(replicate + 1, first, accuracies[replicate] ?? 0));
          other.close();
          const reader = Reader.open(path);
          const leaderboard = reader.leaderboard('moons');
          reader.close();
          return leaderboard;
        });
        expect(summaries[1]).toEqual(summaries[0]);
        const mean = accuracies.reduce((sum, each) => sum + each, 0) / replicates;
        const squares = accuracies.reduce((sum, each) => sum + (each - mean) ** 2, 0);
        expect(summaries[0]?.[0]?.mean).toBeCloseTo(mean, 12);
        expect(summaries[0]?.[0]?.std).toBeCloseTo(Math.sqrt(squares / (replicates - 1)), 12);
      },
    ),
    { numRuns: 15 },
  );
});

describe('after a coordinator died', () => {
  test('what it left running is queued again without epochs, and finished trials stay', () => {
    store.write([...wholeTrial(1, run, 0.9), started(2, run), epochs(2, 1, 3), started(3, run)]);
    expect(store.recover(sweep, null, () => null)).toEqual({ trials: 2, failed: 0, damaged: [] });
    expect(store.recover(sweep, null, () => null)).toEqual({ trials: 0, failed: 0, damaged: [] });
    expect(store.trials(sweep).map(({ state }) => state)).toEqual(['completed', ...Array(5).fill('queued')]);
    expect(rows('SELECT trial, outcome FROM attempts ORDER BY trial')).toEqual([
      { trial: 1, outcome: 'completed' },
      { trial: 2, outcome: 'lost' },
      { trial: 3, outcome: 'lost' },
    ]);
    expect(rows('SELECT trial, count(*) AS epochs FROM epoch GROUP BY trial')).toEqual([{ trial: 1, epochs: 10 }]);
  });

  test('its run is closed as lost when the next one starts', () => {
    store.endRun(store.startRun(sweep, FACTS), 'finished');
    expect(rows('SELECT outcome, ended_at IS NULL AS open FROM run ORDER BY id')).toEqual([
      { outcome: 'lost', open: 1 },
      { outcome: 'finished', open: 0 },
    ]);
  });
});

test('failed trials can be queued again by kind, and their attempts stay', () => {
  store.write([...wholeTrial(1, run, 0.9), started(2, run), epochs(2, 1, 3), diverged(2)]);
  expect(store.retry(sweep, ['crashed'])).toBe(0);
  expect(store.retry(sweep)).toBe(1);
  store.write(wholeTrial(2, run, 0.8));
  expect(rows('SELECT attempt, outcome FROM attempts WHERE trial = 2')).toEqual([
    { attempt: 1, outcome: 'failed' },
    { attempt: 2, outcome: 'completed' },
  ]);
});

test('commands are taken once, in order, each sweep its own', () => {
  const other = createSample(store, { name: 'other' });
  store.addCommand(sweep, 'pause');
  store.addCommand(sweep, 'resume');
  store.addCommand(other, 'stop');
  expect(store.takeCommands(sweep).map(({ command }) => command)).toEqual(['pause', 'resume']);
  expect(store.takeCommands(sweep)).toEqual([]);
  expect(store.takeCommands(other).map(({ command }) => command)).toEqual(['stop']);
});

describe('removing and renaming', () => {
  test('a removed sweep goes with everything that it had, and others stay', () => {
    const other = createSample(store, { name: 'other' });
    const otherRun = store.startRun(other, FACTS);
    store.write([
      ...wholeTrial(1, run, 0.9),
      started(2, run),
      epochs(2, 1, 3),
      diverged(2),
      ...wholeTrial(7, otherRun, 0.5),
    ]);
    store.addCommand(sweep, 'stop');
    store.removeSweep('moons');
    expect(rows('SELECT DISTINCT sweep FROM trial_results')).toEqual([{ sweep: 'other' }]);
    for (const table of ['trial', 'epoch', 'attempt']) {
      const column = table === 'trial' ? 'id' : 'trial';
      expect(rows(`SELECT count(*) AS left FROM ${table} WHERE ${column} <= 6`), table).toEqual([{ left: 0 }]);
    }
    expect(rows('SELECT (SELECT count(*) FROM run) AS runs, (SELECT count(*) FROM command) AS commands')).toEqual([
      { runs: 1, commands: 0 },
    ]);
    expect(() => rows('SELECT * FROM moons')).toThrow('no such table: moons');
    expect(existsSync(lockFile(file, sweep))).toBe(false);
    // The name is free, the id is not used again.
    expect(createSample(store)).toBeGreaterThan(other);
  });

  test('a renamed sweep keeps its results under its new view', () => {
    store.write(wholeTrial(1, run, 0.9));
    store.renameSweep('moons', 'moons-2');
    expect(rows('SELECT test_accuracy FROM "moons-2" WHERE state = \'completed\'')).toEqual([{ test_accuracy: 0.9 }]);
    expect(rows('SELECT count(*) AS n FROM "moons-2.curves"')).toEqual([{ n: 10 }]);
    expect(() => rows('SELECT * FROM moons')).toThrow('no such table: moons');
    expect(store.loadSweep(sweep).name).toBe('moons-2');
  });

  test('a taken, reserved or impossible name is refused', () => {
    createSample(store, { name: 'other' });
    expect(() => store.renameSweep('moons', 'other')).toThrow(/there is a sweep other already/);
    expect(() => store.renameSweep('moons', 'attempts')).toThrow(/must not be that of a table or view/);
    expect(() => store.renameSweep('moons', 'Moons 2')).toThrow(/must consist of/);
    expect(() => store.renameSweep('mons', 'x')).toThrow("there is no sweep 'mons' (did you mean moons?)");
    expect(store.findSweep('moons')).toBeDefined();
  });

  test('both are refused while a coordinator holds the sweep', async () => {
    const holder = spawn(process.execPath, ['--import', 'tsx', HOLDER, file, String(sweep)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(() => store.removeSweep('moons')).toThrow('sweep moons must not be running, but it is');
    expect(() => store.renameSweep('moons', 'x')).toThrow('sweep moons must not be running, but it is');
    holder.kill('SIGKILL');
    await once(holder, 'close');
    store.removeSweep('moons');
    expect(store.findSweep('moons')).toBeUndefined();
  });
});
