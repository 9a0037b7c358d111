/** What is answered to each question, from small databases that a store has written. */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Reader } from '../../../db/reader.ts';
import { Store } from '../../../db/store.ts';
import type { Write } from '../../../db/writes.ts';
import type { OwnSweep } from '../../../src/definition/resolved.ts';
import { Answers } from '../../../src/dashboard/answers/answer.ts';
import type { Answer, Query, TrialOrder } from '../../../src/dashboard/queries.ts';
import { logOf } from '../../../src/log-file.ts';
import { emptyFolder } from '../../empty-folder.ts';
import {
  FACTS,
  METRICS,
  ORIGIN,
  checkpointed,
  createSample,
  diverged,
  epochs,
  orderOf,
  placed,
  sampleSweep,
  started,
  wholeTrial,
} from '../../db/sample-sweep.ts';

// Trials 1 to 3 are replicate 0 of configs 0 to 2, trials 4 to 6 replicate 1.
let file: string;
let store: Store;
let reader: Reader;
let answers: Answers;
let run: number;
let clock: number;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  clock = 1000;
  store = Store.open(file, () => clock);
  run = store.startRun(createSample(store), FACTS);
  reader = Reader.open(file);
  answers = new Answers(reader);
  return () => {
    reader.close();
    store.close();
  };
});

function trials(order: Partial<TrialOrder> = {}, offset = 0, count = 100): Answer<'trials'> {
  const whole = { by: 'config', descending: false, filter: '', ...order };
  return answers.answer<'trials'>({ kind: 'trials', sweep: 'moons', order: whole, offset, count });
}

function standings(query: Partial<Query<'standings'>> = {}): Answer<'standings'> {
  return answers.answer<'standings'>({ kind: 'standings', sweep: 'moons', count: 10, curvePoints: 5, ...query });
}

describe('trials', () => {
  test('have the results of their kept epoch, or their newest numbers while they run', () => {
    store.write([...wholeTrial(1, run, 0.9), started(2, run), placed(2), epochs(2, 1, 4)]);
    store.write([started(3, run), placed(3), epochs(3, 1, 3), diverged(3)]);
    const [completed, , running, , failed] = trials().rows;
    expect(completed).toEqual({
      trial: 1,
      config: 0,
      replicate: 0,
      state: 'completed',
      params: { l2: 0, optimizer: 'sgd', momentum: 0.9 },
      epoch: 10,
      budget: 10,
      train_loss: 0.1,
      validation_loss: null,
      objective: 0.9,
      generalisation_gap: 1 - 0.9,
      failure_kind: null,
    });
    expect(running).toMatchObject({ trial: 2, state: 'running', epoch: 4, train_loss: 0.25, objective: null });
    expect(failed).toMatchObject({ trial: 3, state: 'failed', epoch: 3, train_loss: null, failure_kind: 'diverged' });
  });

  test('come in any order, filtered, a window at a time', () => {
    store.write([...wholeTrial(1, run, 0.9), ...wholeTrial(2, run, 0.7), ...wholeTrial(3, run, 0.8)]);
    const best = trials({ by: 'objective', descending: true });
    expect(best.rows.map(({ trial }) => trial)).toEqual([1, 3, 2, 4, 5, 6]);
    const ended = trials({ by: 'objective', descending: true, filter: 'completed' }, 1, 1);
    expect(ended).toMatchObject({ total: 3, offset: 1, problem: null, rows: [{ trial: 3 }] });
    expect(ended.order).toEqual({ by: 'objective', descending: true, filter: 'completed' });
    expect(trials({ by: 'l2', descending: true, filter: 'optimizer=sgd' }).rows.map(({ config }) => config)).toEqual([
      2, 2, 0, 0,
    ]);
  });

  test('a window behind the end is that of the last trial', () => {
    expect(trials({}, 99, 5)).toMatchObject({ total: 6, offset: 5, rows: [{ config: 2, replicate: 1 }] });
    expect(trials({ filter: 'failed' }, 99, 5)).toMatchObject({ total: 0, offset: 0, rows: [] });
  });

  test('a filter that means nothing is explained, and all trials are shown', () => {
    expect(trials({ filter: 'stae=failed' })).toMatchObject({
      total: 6,
      problem: "nothing is called 'stae'; did you mean state?",
    });
  });

  test('an answer that is a little old says so, shows the rows as they are now, and is followed by a newer one', async () => {
    expect(trials({ filter: 'completed' })).toMatchObject({ total: 0, stale: false });
    store.write(wholeTrial(1, run, 0.9));
    const after = trials({ filter: 'completed' });
    expect([0, 1]).toContain(after.total);
    expect(after.stale).toBe(after.total === 0);
    expect(trials().rows[0]).toMatchObject({ trial: 1, state: 'completed' });
    await expect.poll(() => trials({ filter: 'completed' })).toMatchObject({ total: 1, stale: false });
  });

  test('an extended sweep has its new configs, and none of the sweep between', () => {
    createSample(store, { name: 'circles' });
    const extended = sampleSweep({ configs: 4 });
    const order = orderOf(extended).filter(({ config }) => config === 3);
    store.extendSweep(1, extended, ORIGIN, order);
    expect(trials({ by: 'l2', descending: true }, 0, 1)).toMatchObject({
      total: 8,
      rows: [{ config: 3, params: { l2: 0.003 } }],
    });
  });
});

describe('standings', () => {
  function finish(accuracies: readonly number[]): void {
    for (const [index, accuracy] of accuracies.entries()) store.write(wholeTrial(index + 1, run, accuracy));
  }

  test('have intervals, curves, and whether the data can tell', () => {
    finish([0.5, 0.91, 0.92, 0.51, 0.92, 0.9]);
    const { rows, verdict, failures } = standings();
    expect(rows.map(({ config, trial, tied, is_baseline }) => ({ config, trial, tied, is_baseline }))).toEqual([
      { config: 1, trial: 2, tied: true, is_baseline: false },
      { config: 2, trial: 3, tied: true, is_baseline: false },
      { config: 0, trial: 1, tied: false, is_baseline: true },
    ]);
    // Two replicates: t of one degree of freedom.
    const [low, high] = rows[0]!.interval!;
    expect(low).toBeCloseTo(0.915 - 12.706204736174694 * 0.005, 10);
    expect(high).toBeCloseTo(0.915 + 12.706204736174694 * 0.005, 10);
    // The objective is on the test part; its accuracy is 1 - 2 / epoch.
    const accuracy = (epoch: number): number => 1 - 2 / epoch;
    const means = [1, 3, 5, 7, 9].map((epoch) => (accuracy(epoch) + accuracy(epoch + 1)) / 2);
    for (const [index, value] of rows[0]!.curve.entries()) expect(value).toBeCloseTo(means[index]!, 12);
    expect(verdict).toMatch(
      /^config 1 is better than the baseline by 0\.\d+ \(95 % interval .*; 1 other cannot be told/,
    );
    expect(failures).toEqual([]);
  });

  test('say nothing that one replicate cannot tell', () => {
    finish([0.5, 0.9]);
    const { rows, verdict } = standings();
    expect(verdict).toBeNull();
    expect(rows.map(({ interval, tied }) => [interval, tied])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  test('are empty before there are results, and count failures by kind', () => {
    store.write([started(1, run), placed(1), epochs(1, 1, 3), diverged(1)]);
    expect(standings()).toMatchObject({ rows: [], verdict: null, failures: [{ kind: 'diverged', trials: 1 }] });
  });

  test('average a curve over the epochs that at least half of the trials have reached', () => {
    const short: Write[] = [started(1, run), placed(1), epochs(1, 1, 4)];
    const end = { state: 'completed', stop_reason: 'early_stopping', epochs: 4, kept_epoch: 4 } as const;
    const values = [0.1, 1, 0.2, 0.9];
    short.push({ type: 'trial_ended', trial: 1, end, seconds: 1, metrics: METRICS, values, advice: null });
    store.write([...short, ...wholeTrial(4, run, 0.8)]);
    expect(standings({ curvePoints: 100 }).rows[0]?.curve).toHaveLength(10);
  });
});

describe('a trial', () => {
  function trial(points = 100): Answer<'trial'> {
    return answers.answer<'trial'>({ kind: 'trial', trial: 1, points });
  }

  test('has the curves that were recorded, losses first, and its checkpoint', () => {
    store.write([started(1, run), placed(1), checkpointed(1, 1, 4)]);
    clock = 5000;
    store.write([checkpointed(1, 5, 6)]);
    const { facts, curves, checkpoint } = trial();
    expect(facts).toMatchObject({ id: 1, sweep: 'moons', state: 'running', epochs: 6, budget: 10 });
    expect(facts).not.toHaveProperty('lastEpochs');
    expect(curves.map(({ metric }) => metric)).toEqual(['train_loss', 'test_loss', 'train_accuracy', 'test_accuracy']);
    expect(curves[0]).toEqual({
      metric: 'train_loss',
      epochs: [1, 2, 3, 4, 5, 6],
      values: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6],
    });
    expect(checkpoint).toEqual({ epoch: 6, at: 5000, bytes: 4 });
  });

  test('has thinned curves, with gaps where a number was not finite', () => {
    const rows = [1, 2, 3, 4, 5, 6, 7, 8].map((epoch) => ({
      epoch,
      values: [epoch === 8 ? Number.NaN : epoch === 3 ? 99 : epoch, 0, 0, 0],
    }));
    store.write([started(1, run), placed(1), { type: 'epochs', trial: 1, metrics: METRICS, rows }]);
    expect(trial(4).curves[0]).toEqual({ metric: 'train_loss', epochs: [1, 2, 3, 8], values: [1, 2, 99, null] });
  });

  test('that waits has none', () => {
    expect(trial()).toMatchObject({ curves: [], checkpoint: null });
  });

  test('that is not there is named', () => {
    expect(() => answers.answer({ kind: 'trial', trial: 99, points: 10 })).toThrow('there is no trial 99');
  });
});

test('trials of a module have curves of what it reports', () => {
  const { configs: _, ...rest } = sampleSweep({ name: 'own' });
  const module = { module: '/m.ts', sha256: 'a', params: {} };
  const own: OwnSweep = {
    ...rest,
    parameters: ['x'],
    configs: [{ ordinal: 0, params: { x: 1 }, trial: module }],
    baseline: null,
    objective: { metric: 'score', goal: 'maximize' },
  };
  const order = [0, 1].map((replicate) => ({ config: 0, replicate }));
  const ownRun = store.startRun(
    store.createSweep(own, ORIGIN, order, () => ({ lastEpoch: 3, rows: null })),
    FACTS,
  );
  const rows = [1, 2, 3].map((epoch) => ({ epoch, values: [], own: { score: epoch * 10, train_loss: 1 / epoch } }));
  const end = { state: 'completed', stop_reason: 'epochs', epochs: 3, kept_epoch: 3 } as const;
  const results = { score: 30, train_loss: 1 / 3 };
  store.write([
    started(7, ownRun),
    { type: 'epochs', trial: 7, metrics: [], rows },
    { type: 'trial_ended', trial: 7, end, seconds: 1, metrics: [], values: [], own: results, advice: null },
  ]);
  const { curves } = answers.answer<'trial'>({ kind: 'trial', trial: 7, points: 10 });
  expect(curves.map(({ metric, values }) => [metric, values])).toEqual([
    ['train_loss', [1, 1 / 2, 1 / 3]],
    ['score', [10, 20, 30]],
  ]);
  expect(standings({ sweep: 'own' }).rows).toMatchObject([{ config: 0, mean: 30, curve: [10, 20, 30] }]);
});

test('a comparison has levels and the results of all trials that have them', () => {
  store.write([1, 2, 3, 4].flatMap((trial) => wholeTrial(trial, run, trial / 10)));
  const one = answers.answer<'compare'>({ kind: 'compare', sweep: 'moons', parameters: ['optimizer'] });
  expect(one).toMatchObject({ parameters: ['optimizer'], objective: 'test_accuracy', goal: 'maximize' });
  expect(one.levels.map((levels) => levels.map(({ label }) => label))).toEqual([['sgd', 'adam']]);
  // Configs 0 and 2 by sgd: trials 1, 3 and 4.
  expect(one.cells).toMatchObject([
    { first: 0, second: 0, n: 3 },
    { first: 1, second: 0, n: 1, mean: 0.2, std: null, interval: null },
  ]);
  expect(one.cells[0]?.mean).toBeCloseTo(0.8 / 3, 12);
  const two = answers.answer<'compare'>({ kind: 'compare', sweep: 'moons', parameters: ['l2', 'momentum'] });
  expect(two.levels.map((levels) => levels.map(({ label }) => label))).toEqual([
    ['0', '0.001', '0.002'],
    ['0.9', 'none'],
  ]);
  expect(two.cells.map(({ first, second, n }) => [first, second, n])).toEqual([
    [0, 0, 2],
    [1, 1, 1],
    [2, 0, 1],
  ]);
});

test('failures come newest first, with their kinds counted and long stacks cut', () => {
  const stack = ['Error: no', ...Array.from({ length: 40 }, (_, index) => `    at f (m.ts:${index})`)].join('\n');
  const error: Write = {
    type: 'trial_ended',
    trial: 2,
    end: { state: 'failed', kind: 'error', epochs: 0, message: 'no', stack },
    seconds: 1,
    metrics: METRICS,
    values: METRICS.map(() => null),
    advice: null,
  };
  store.write([started(1, run), placed(1), epochs(1, 1, 3), diverged(1), started(2, run), placed(2), error]);
  store.write([started(5, run), placed(5), epochs(5, 1, 3), diverged(5)]);
  const all = answers.answer<'failures'>({ kind: 'failures', sweep: 'moons', offset: 0, count: 2 });
  expect(all).toMatchObject({ total: 3, offset: 0, rows: [{ trial: 5 }, { trial: 2, kind: 'error' }] });
  expect(all.kinds).toEqual([
    { kind: 'diverged', trials: 2 },
    { kind: 'error', trials: 1 },
  ]);
  expect(all.rows[1]?.stack?.split('\n')).toHaveLength(12);
  expect(answers.answer<'failures'>({ kind: 'failures', sweep: 'moons', offset: 9, count: 2 })).toMatchObject({
    offset: 2,
    rows: [
      {
        trial: 1,
        config: 0,
        replicate: 0,
        params: { l2: 0 },
        kind: 'diverged',
        epoch: 3,
        last_loss: 12.5,
        message: 'the training loss is not finite',
        advice: 'lower the learning rate',
        stack: null,
      },
    ],
  });
});

describe('the log', () => {
  const LOG: Query<'log'> = { kind: 'log', sweep: 'moons', offset: 0, count: 10 };

  test('is the file where there is one', () => {
    appendFileSync(logOf(file, 'moons'), `${JSON.stringify({ level: 40, time: 5, msg: 'slow disk' })}\n`);
    expect(answers.answer(LOG)).toMatchObject({
      total: 1,
      lines: [{ at: 5, level: 'warning', message: 'slow disk' }],
    });
  });

  test('is what the database knows where there is none', () => {
    clock = 2000;
    store.write([started(1, run), placed(1), epochs(1, 1, 3), diverged(1), started(2, run), placed(2)]);
    clock = 3000;
    store.write([{ type: 'attempt_lost', trial: 2, outcome: 'lost', message: 'its process died' }]);
    clock = 4000;
    store.endRun(run, 'stopped');
    const { total, lines } = answers.answer<'log'>(LOG);
    expect(total).toBe(4);
    expect(lines).toEqual([
      { at: 4000, level: 'info', message: 'run 1 ended: it was stopped; the next one goes on' },
      { at: 3000, level: 'warning', message: 'lost, and tried again: config 1 rep 0: its process died' },
      {
        at: 2000,
        level: 'warning',
        message: 'failed: config 0 rep 0, diverged at epoch 3: the training loss is not finite',
      },
      { at: 1000, level: 'info', message: 'run 1 begins with 2 workers on backend cpu' },
    ]);
    expect(answers.answer<'log'>({ ...LOG, offset: 3, count: 5 }).lines).toHaveLength(1);
  });
});

test('sweeps have their best mean', () => {
  createSample(store, { name: 'circles' });
  store.write([...wholeTrial(1, run, 0.9), ...wholeTrial(2, run, 0.7)]);
  const { sweeps } = answers.answer<'sweeps'>({ kind: 'sweeps' });
  expect(sweeps.map(({ name, best, states }) => ({ name, best, completed: states.completed }))).toEqual([
    { name: 'moons', best: 0.9, completed: 2 },
    { name: 'circles', best: null, completed: 0 },
  ]);
});
