/** A cohort in this thread: who sits where, what is said in which order, and what happens when things go wrong. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseMetricName } from '../../src/metrics.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { TrialTask } from '../../workers/train/program.ts';
import { Stack } from '../../workers/train/stack.ts';
import { STATUS } from '../../workers/train/stopping.ts';
import { buildDataset, buildProgram, buildTask } from '../train/builders.ts';
import { eventsOf, outline, rowsOf, runCohort } from './run-cohort.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const program = buildProgram({
  layers: [{ units: 4, activation: 'relu', dropout: true }, { activation: 'sigmoid' }],
});

function trial(id: number, epochs: number, hyper: Readonly<Record<string, number>> = {}): TrialTask {
  return buildTask(program, { trial: id, replicate: id, hyper: { epochs, ...hyper } });
}

/** The values of every epoch, from a stack with nobody else in it; shares of rows as the fractions that they are. */
function valuesAlone(task: TrialTask): number[][] {
  const stack = new Stack(program, backend);
  stack.seat([{ enter: { task, dataset: buildDataset(program) } }]);
  const rows: number[][] = [];
  for (let status: number = STATUS.running; status === STATUS.running;) {
    const reached = stack.run(1)[0]![0]!;
    rows.push(
      program.metrics.map((name, column) => {
        const { part, metric } = parseMetricName(name)!;
        const [value, count] = [reached.values[column]!, program.data.parts[part]];
        return metric === 'accuracy' ? Math.round(value * count) / count : value;
      }),
    );
    status = reached.status;
  }
  stack.dispose();
  return rows;
}

describe('slots', () => {
  test('a free slot is filled from the backlog, and idle ones are given up when half are', async () => {
    const trials = [trial(1, 2), trial(2, 5), trial(3, 9), trial(4, 4), trial(5, 6)];
    const run = await runCohort(backend, program, { width: 4, trials });
    expect(outline(run)).toEqual([
      'cohort started',
      'wants 3',
      '1 starts in slot 0 of 4 with 2 3 4',
      '2 starts in slot 1 of 4 with 1 3 4',
      '3 starts in slot 2 of 4 with 1 2 4',
      '4 starts in slot 3 of 4 with 1 2 3',
      '1 ends as completed after 2',
      'wants 4',
      '5 starts in slot 0 of 4 with 2 3 4',
      '4 ends as completed after 4',
      'wants 4',
      '2 ends as completed after 5',
      'wants 4',
      '5 ends as completed after 6',
      'wants 4',
      '3 ends as completed after 9',
    ]);
    expect(run.end).toEqual({ reason: 'finished' });
  });

  test('every trial reports what it reports alone, whatever happened around it', async () => {
    const trials = [1, 2, 3, 4, 5, 6, 7].map((id) => trial(id, 1 + ((id * 3) % 7), { 'layers.0.dropout': id / 10 }));
    const run = await runCohort(backend, program, { width: 3, trials });
    for (const task of trials) {
      const rows = rowsOf(run, task.trial);
      expect(rows.map(({ epoch }) => epoch)).toEqual(rows.map((_, i) => i + 1));
      expect(rows.map(({ values }) => values)).toEqual(valuesAlone(task));
    }
  });

  test('a lone trial runs in a stack of two', async () => {
    const run = await runCohort(backend, program, { width: 1, trials: [trial(1, 2)] });
    expect(outline(run)).toContain('1 starts in slot 0 of 2 with nobody');
  });
});

describe('events', () => {
  test('name the columns and the worker first, then each trial from its start over its rows to its end', async () => {
    const run = await runCohort(backend, program, { width: 2, trials: [trial(1, 3), trial(2, 4), trial(3, 2)] });
    const [started] = run.events;
    expect(started).toMatchObject({ type: 'cohort_started', worker: 3, backend: 'native', metrics: program.metrics });
    for (const id of [1, 2, 3]) {
      const types = run.events.flatMap((event) => ('trial' in event && event.trial === id ? [event.type] : []));
      expect(types[0]).toBe('trial_started');
      expect(types.at(-1)).toBe('trial_ended');
      expect(new Set(types.slice(1, -1))).toEqual(new Set(['progress']));
    }
  });

  test('an end carries the metrics of the kept epoch', async () => {
    const keeping = buildProgram({ keep: 'epoch' });
    const task = buildTask(keeping, { trial: 1, hyper: { epochs: 4, 'keep.epoch': 2 } });
    const run = await runCohort(backend, keeping, { width: 2, trials: [task] });
    const [ended] = eventsOf(run, 'trial_ended');
    expect(ended!.end).toEqual({ state: 'completed', stop_reason: 'epochs', epochs: 4, kept_epoch: 2 });
    expect(ended!.metrics).toEqual(rowsOf(run, 1)[1]!.values);
  });

  test('rows hold the layers where the program records them, and only there', async () => {
    const recording = buildProgram({ layer_history: { weight_norms: true, gradient_norms: true } });
    const task = buildTask(recording, { trial: 1, hyper: { epochs: 3 } });
    const rows = rowsOf(await runCohort(backend, recording, { width: 2, trials: [task] }), 1);
    expect(rows.map(({ layers }) => layers?.map(({ layer }) => layer))).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    for (const row of rows.flatMap(({ layers }) => layers!)) {
      expect(row.kernel_norm).toBeGreaterThan(0);
      expect(row.gradient_norm).toBeGreaterThan(0);
      expect(row.clipped_share).toBe(0);
    }
    const plain = await runCohort(backend, program, { width: 2, trials: [trial(1, 2)] });
    expect(rowsOf(plain, 1).map((row) => Object.keys(row))).toEqual([
      ['epoch', 'values'],
      ['epoch', 'values'],
    ]);
  });

  test('early stopping is named as the reason', async () => {
    const stopping = buildProgram({ monitor: 'validation_loss' });
    const task = buildTask(stopping, { trial: 1, hyper: { epochs: 90, patience: 0, min_delta: 1e9 } });
    const run = await runCohort(backend, stopping, { width: 2, trials: [task] });
    // The first epoch improves on nothing at all, the second one does not by so much.
    expect(eventsOf(run, 'trial_ended')[0]!.end).toMatchObject({ stop_reason: 'early_stopping', epochs: 2 });
  });
});

describe('the backlog', () => {
  test('is asked for more when fewer wait than there are slots, and what comes is run', async () => {
    let next = 3;
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, 2), trial(2, 2)],
      on: (event, cohort) => {
        if (event.type !== 'wants_trials' || next > 5) return;
        cohort.add([trial(next, 2)]);
        next += 1;
      },
    });
    expect(eventsOf(run, 'trial_ended').map((event) => event.trial)).toEqual([1, 2, 3, 4, 5]);
    expect(run.end).toEqual({ reason: 'finished' });
  });

  test('is asked for again when a slot has become free since the answer was none', async () => {
    const run = await runCohort(backend, program, { width: 2, trials: [trial(1, 2), trial(2, 3), trial(3, 4)] });
    expect(outline(run).filter((line) => !line.includes('starts'))).toEqual([
      'cohort started',
      'wants 1',
      '1 ends as completed after 2',
      'wants 2',
      '2 ends as completed after 3',
      'wants 2',
      '3 ends as completed after 4',
    ]);
  });

  test('is waited for by a cohort that has nothing to do', async () => {
    const answer: TrialTask[] = [trial(2, 1)];
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, 1)],
      answersItself: true,
      on: (event, cohort) => {
        if (event.type !== 'trial_ended') return;
        // Some turns of the event loop after the last slot has become free.
        setImmediate(() => setImmediate(() => setImmediate(() => cohort.add(answer.splice(0)))));
      },
    });
    expect(eventsOf(run, 'trial_ended').map((event) => event.trial)).toEqual([1, 2]);
    expect(run.end).toEqual({ reason: 'finished' });
  });
});

describe('a stop', () => {
  test('lets the running chunk end, with rows and checkpoints, and starts nothing more', async () => {
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, 1e9), trial(2, 1e9), trial(3, 1)],
      on: (event, cohort) => {
        if (event.type === 'progress') cohort.stop();
      },
    });
    expect(run.end).toEqual({ reason: 'stopped' });
    expect(eventsOf(run, 'trial_ended')).toEqual([]);
    const saved = eventsOf(run, 'progress').filter(({ checkpoint }) => checkpoint);
    expect(saved.map((event) => event.trial)).toEqual([1, 2]);
    for (const { trial: id, epoch } of saved) expect(rowsOf(run, id).map((row) => row.epoch)).toContain(epoch);
  });

  test('before the first chunk leaves everything to the caller', async () => {
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, 2)],
      on: (event, cohort) => {
        if (event.type === 'cohort_started') cohort.stop();
      },
    });
    expect(outline(run)).toEqual(['cohort started']);
    expect(run.end).toEqual({ reason: 'stopped' });
  });
});

describe('failures', () => {
  test('a trial whose data cannot be loaded fails alone', async () => {
    const dataset = buildDataset(program);
    const broken = { ...trial(2, 2), seed: 99, data: { ...trial(2, 2).data, target_kind: 'number' as const } };
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, 2), broken, trial(3, 2)],
      dataset: (spec) => {
        if (spec.target_kind === 'number') throw new Error('the file is gone');
        return dataset;
      },
    });
    expect(eventsOf(run, 'trial_ended').map((event) => [event.trial, event.end.state])).toEqual([
      [2, 'failed'],
      [1, 'completed'],
      [3, 'completed'],
    ]);
    expect(eventsOf(run, 'trial_ended')[0]!.end).toMatchObject({
      kind: 'error',
      epochs: 0,
      message: 'the file is gone',
    });
    expect(eventsOf(run, 'trial_started').map((event) => event.trial)).toEqual([1, 3]);
    expect(run.end).toEqual({ reason: 'finished' });
  });

  test('a cohort of which nobody can be seated ends, and asks for no more', async () => {
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, 2), trial(2, 2)],
      dataset: () => {
        throw new Error('the file is gone');
      },
    });
    expect(outline(run)).toEqual(['cohort started', '1 ends as failed after 0', '2 ends as failed after 0']);
    expect(run.end).toEqual({ reason: 'finished' });
  });

  test('a trial that diverges ends as failed, with a row of NULLs at its epoch', async () => {
    const linear = buildProgram({ loss: 'mse', batch: 'full', layers: [{ units: 4, activation: 'relu' }, {}] });
    const numbers = { epochs: 50, 'optimizer.learning_rate': 5 };
    const run = await runCohort(backend, linear, {
      width: 2,
      trials: [buildTask(linear, { trial: 1, hyper: numbers }), buildTask(linear, { trial: 2, hyper: { epochs: 50 } })],
    });
    const [diverged, sound] = eventsOf(run, 'trial_ended');
    expect(diverged).toMatchObject({ trial: 1, end: { state: 'failed', kind: 'diverged' } });
    expect(sound).toMatchObject({ trial: 2, end: { state: 'completed', epochs: 50 } });
    const rows = rowsOf(run, 1);
    expect(rows.at(-1)).toEqual({ epoch: diverged!.end.epochs, values: linear.metrics.map(() => null) });
    expect(diverged!.metrics).toEqual(rows.at(-1)!.values);
    expect(rows.length).toBeGreaterThan(1);
    const finite = rows.slice(0, -1).map(({ values }) => values[linear.metrics.indexOf('train_loss')]);
    expect(finite).not.toContain(null);
    expect(diverged!.end).toHaveProperty('last_loss', finite.at(-1));
  });

  test.each([
    ['RESOURCE_EXHAUSTED: OOM when allocating tensor with shape [9]', 'out_of_memory'],
    ['something else', 'error'],
  ])('an error outside any trial, "%s", ends the cohort as %s', async (message, kind) => {
    const ops = {
      ...backend.ops,
      keepMasks: () => {
        throw new Error(message);
      },
    };
    // A program that no other test has compiled: a compiled one asks its ops no more.
    const own = buildProgram({ layers: [{ units: message.length, dropout: true }, { activation: 'sigmoid' }] });
    const run = await runCohort({ ...backend, ops }, own, { width: 2, trials: [buildTask(own)] });
    expect(run.end).toMatchObject({ reason: 'failed', kind, message });
    expect(eventsOf(run, 'trial_ended')).toEqual([]);
  });
});

test('a trial that breaks its cohort while it is being seated has been named before', async () => {
  const unseatable = { ...trial(2, 2), initializers: [] };
  const run = await runCohort(backend, program, { width: 2, trials: [trial(1, 2), unseatable] });
  expect(eventsOf(run, 'trial_started').map((event) => event.trial)).toEqual([1, 2]);
  expect(run.end).toMatchObject({ reason: 'failed', kind: 'error' });
});

test('fifty cohorts, one of them broken, leave no tensor behind', async () => {
  const breaking = {
    ...backend,
    ops: {
      ...backend.ops,
      keepMasks: () => {
        throw new Error('broken');
      },
    },
  };
  const trials = [trial(1, 1), trial(2, 3), trial(3, 2), trial(4, 2)];
  const dataset = buildDataset(program);
  // The first one leaves the small constants that our own operations keep.
  await runCohort(backend, program, { width: 3, trials });
  const before = tf.memory().numTensors;
  for (let i = 0; i < 50; i += 1) {
    // In every other cohort each trial brings data of its own.
    const own = i % 2 === 1 ? { dataset: () => ({ ...dataset }) } : {};
    await runCohort(i === 25 ? breaking : backend, program, { width: 3, trials, ...own });
    expect(tf.memory().numTensors).toBe(before);
  }
});
