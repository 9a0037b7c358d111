/** Early stopping against Keras' recorded decisions, and the kept epoch against cases worked out by hand. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { MetricName } from '../../src/metrics.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { Program } from '../../workers/train/program.ts';
import { STATUS } from '../../workers/train/stopping.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { createTraining, stateEntries } from '../../workers/train/training.ts';
import { buildProgram, buildTask } from './builders.ts';
import { hyperTensors, perSlot, type Numbers } from './hyper-tensors.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

type Series = Readonly<Partial<Record<MetricName, readonly number[]>>>;

interface Slot {
  readonly numbers: Numbers;
  readonly metrics: Series;
}

interface Ended {
  /** Epochs from 1. */
  readonly epochs: number;
  readonly status: number;
  readonly kept: number;
  readonly waits: readonly number[];
}

/** Feeds slots the metrics of one epoch after another until all have ended. */
function driveAll(program: Program, slots: readonly Slot[]): readonly Ended[] {
  const ended: (Ended | undefined)[] = slots.map(() => undefined);
  tf.tidy(() => {
    const training = createTraining(program, backend.ops, 'stacked');
    const hyper = hyperTensors(
      program,
      slots.map(({ numbers }) => buildTask(program, { hyper: numbers }).hyper),
    );
    let state: Tensors = Object.fromEntries(
      stateEntries(training).map(({ name, shape, dtype, initial }) => [
        name,
        tf.fill([slots.length, ...shape], typeof initial === 'number' ? initial : 0, dtype),
      ]),
    );
    const names = Object.keys(slots[0]!.metrics) as MetricName[];
    const waits: number[][] = slots.map(() => []);
    for (let epoch = 0; ended.includes(undefined); epoch += 1) {
      const metrics = names.map(
        (name) => [name, perSlot(slots.map((slot) => slot.metrics[name]![epoch] ?? 0))] as const,
      );
      state = training.epochEnd(state, Object.fromEntries(metrics), hyper);
      const read = (name: string): ArrayLike<number> => named(state, name).dataSync();
      slots.forEach((_, slot) => {
        if (ended[slot]) return;
        if (program.monitor) waits[slot]!.push(read('monitor.wait')[slot]!);
        const status = read('status')[slot]!;
        if (status === STATUS.running) return;
        ended[slot] = { epochs: epoch + 1, status, kept: read('kept_epoch')[slot]!, waits: waits[slot]! };
      });
    }
  });
  return ended.map((end) => end!);
}

function drive(program: Program, numbers: Numbers, metrics: Series): Ended {
  return driveAll(program, [{ numbers, metrics }])[0]!;
}

const stoppingCase = z.object({
  name: z.string(),
  args: z.object({
    monitor: z.string(),
    min_delta: z.number(),
    patience: z.number(),
    baseline: z.number().nullable(),
    start_from_epoch: z.number(),
  }),
  values: z.array(z.number()),
  stopped_epoch: z.number().nullable(),
  epochs_run: z.number(),
  best_epoch: z.number(),
  wait_after_epoch: z.array(z.number()),
});
const path = join(import.meta.dirname, '../reference/keras/schedules.json');
const { early_stopping: recorded } = z
  .object({ early_stopping: z.array(stoppingCase) })
  .parse(JSON.parse(readFileSync(path, 'utf8')));
/** A baseline and a late start are not part of a definition yet. */
const ours = recorded.filter(({ args }) => args.baseline === null && args.start_from_epoch === 0);

const MONITORS: Readonly<Record<string, MetricName>> = {
  val_loss: 'validation_loss',
  val_accuracy: 'validation_accuracy',
};

test('the recorded cases that apply are these', () => {
  expect(ours.map(({ name }) => name)).toEqual([
    'patience 2',
    'patience 0',
    'never stops',
    'auto mode takes max from the metric name',
    'min_delta',
    'exact min_delta is no improvement',
    'restore best',
    'no stop, so nothing is restored',
  ]);
});

describe.each(ours)('Keras: $name', ({ args, values, stopped_epoch, epochs_run, best_epoch, wait_after_epoch }) => {
  const monitor = MONITORS[args.monitor]!;
  const numbers = { patience: args.patience, min_delta: args.min_delta, epochs: values.length };

  test('stops at the same epoch, with the same waits', () => {
    const ended = drive(buildProgram({ monitor }), numbers, { [monitor]: values });
    expect(ended.epochs).toBe(epochs_run);
    expect(ended.status).toBe(stopped_epoch === null ? STATUS.epochs : STATUS.early_stopping);
    expect(ended.waits).toEqual(wait_after_epoch);
  });

  test('the start of the waiting is the best epoch, which counts from 0 there', () => {
    const ended = drive(buildProgram({ monitor, keep: 'trigger_start' }), numbers, { [monitor]: values });
    expect(ended.kept).toBe(stopped_epoch === null ? values.length : best_epoch + 1);
  });
});

describe('the kept epoch', () => {
  /** Improves at 1, 2 and 3; waits at 4 and 5. */
  const validation_loss = [1, 0.8, 0.7, 0.71, 0.72];
  const train_accuracy = [0.5, 0.9, 0.9, 0.7, 0.8];

  test.each([
    { keep: 'last', stopped: 5, unstopped: 5 },
    { keep: 'before_trigger', stopped: 4, unstopped: 5 },
    { keep: 'trigger_start', stopped: 3, unstopped: 5 },
    { keep: 'epoch', stopped: 2, unstopped: 2 },
  ] as const)('$keep is $stopped with a stop and $unstopped without', ({ keep, stopped, unstopped }) => {
    const program = buildProgram({ monitor: 'validation_loss', keep });
    const run = (patience: number): Ended =>
      drive(program, { patience, epochs: 5, 'keep.epoch': 2 }, { validation_loss });
    expect(run(2)).toMatchObject({ status: STATUS.early_stopping, epochs: 5, kept: stopped });
    expect(run(3)).toMatchObject({ status: STATUS.epochs, epochs: 5, kept: unstopped });
  });

  test.each([
    { metric: 'validation_loss', kept: 3, why: 'the lowest loss' },
    { metric: 'train_accuracy', kept: 2, why: 'the first of the two highest accuracies' },
  ] as const)('best by $metric is $why', ({ metric, kept }) => {
    const program = buildProgram({ monitor: 'validation_loss', keep: 'best', keep_metric: metric });
    for (const patience of [2, 3]) {
      expect(drive(program, { patience, epochs: 5 }, { validation_loss, train_accuracy }).kept).toBe(kept);
    }
  });

  test('best needs no monitor', () => {
    const program = buildProgram({ keep: 'best', keep_metric: 'validation_loss' });
    expect(drive(program, { epochs: 4 }, { validation_loss })).toMatchObject({ status: STATUS.epochs, kept: 3 });
  });

  test('an epoch that a stop or the budget cuts off gives way to the last one', () => {
    const program = buildProgram({ monitor: 'validation_loss', keep: 'epoch' });
    expect(drive(program, { patience: 2, epochs: 9, 'keep.epoch': 9 }, { validation_loss }).kept).toBe(5);
    expect(drive(program, { patience: 2, epochs: 2, 'keep.epoch': 3 }, { validation_loss }).kept).toBe(2);
  });

  test('best gives way to the last epoch where the metric was never a number', () => {
    const program = buildProgram({ loss: 'mse', layers: [{}], keep: 'best', keep_metric: 'validation_r2' });
    for (const undefinedValue of [Number.NaN, -Infinity]) {
      const validation_r2 = [undefinedValue, undefinedValue, undefinedValue];
      expect(drive(program, { epochs: 3 }, { validation_r2 }).kept).toBe(3);
    }
  });

  test('a gain of less than min_delta is best all the same, but ends no waiting', () => {
    const metrics = { validation_loss: [1, 0.95, 0.9, 0.85] };
    const numbers = { patience: 2, min_delta: 0.2, epochs: 4 };
    const monitor = 'validation_loss';
    const best = drive(buildProgram({ monitor, keep: 'best', keep_metric: monitor }), numbers, metrics);
    const start = drive(buildProgram({ monitor, keep: 'trigger_start' }), numbers, metrics);
    expect([best.epochs, best.kept, start.kept]).toEqual([3, 3, 1]);
  });
});

describe('triggers', () => {
  const LOSS = 'validation_loss';
  const triggers = ['no_improvement', 'absolute_change', 'decrease', 'average_change'] as const;

  /** `stop` null: never. `start`: where the waiting that stopped it began. */
  test.each([
    {
      trigger: 'absolute_change',
      of: 'too small a change',
      values: [1, 0.5, 0.45, 0.42],
      patience: 2,
      min_delta: 0.1,
      stop: 4,
      start: 2,
    },
    {
      trigger: 'absolute_change',
      of: 'a rise',
      values: [1, 1.3, 1.6, 1.9],
      patience: 1,
      min_delta: 0.1,
      stop: null,
      start: 4,
    },
    {
      trigger: 'absolute_change',
      of: 'a slow drift',
      values: [1, 0.95, 0.9, 0.85],
      patience: 3,
      min_delta: 0.12,
      stop: null,
      start: 4,
    },
    {
      trigger: 'absolute_change',
      of: 'no change at all',
      values: [1, 1, 1, 1],
      patience: 2,
      min_delta: 0,
      stop: 3,
      start: 1,
    },
    {
      trigger: 'decrease',
      of: 'a decline in a row',
      values: [1, 0.9, 0.95, 1, 0.5],
      patience: 2,
      min_delta: 0,
      stop: 4,
      start: 2,
    },
    {
      trigger: 'decrease',
      of: 'a decline that was interrupted',
      values: [1, 0.9, 0.95, 0.94, 0.96, 0.97],
      patience: 2,
      min_delta: 0,
      stop: 6,
      start: 4,
    },
    {
      trigger: 'decrease',
      of: 'standing still',
      values: [1, 1, 1, 1],
      patience: 1,
      min_delta: 0,
      stop: null,
      start: 4,
    },
    {
      trigger: 'decrease',
      of: 'a decline too gentle to count',
      values: [1, 1.05, 1.1, 1.4],
      patience: 1,
      min_delta: 0.1,
      stop: 4,
      start: 3,
    },
    {
      trigger: 'average_change',
      of: 'windows that gain less and less',
      values: [1, 0.9, 0.95, 0.6, 0.8, 0.9, 0.45, 0],
      patience: 3,
      min_delta: 0.1,
      stop: 7,
      start: 4,
    },
    {
      trigger: 'average_change',
      of: 'a window that gains enough',
      values: [1, 5, 9, 0.6, 5],
      patience: 3,
      min_delta: 0.1,
      stop: null,
      start: 5,
    },
    {
      trigger: 'average_change',
      of: 'a patience of 0, which is 1',
      values: [1, 0.5, 0.5],
      patience: 0,
      min_delta: 0,
      stop: 3,
      start: 2,
    },
  ] as const)('$trigger on $of: stops at $stop', ({ trigger, values, patience, min_delta, stop, start }) => {
    const numbers = { patience, min_delta, epochs: values.length };
    const rules = (['last', 'trigger_start', 'before_trigger'] as const).map((keep) =>
      drive(buildProgram({ monitor: LOSS, trigger, keep }), numbers, { [LOSS]: values }),
    );
    const epochs = stop ?? values.length;
    const status = stop === null ? STATUS.epochs : STATUS.early_stopping;
    expect(rules.map((ended) => [ended.epochs, ended.status])).toEqual(rules.map(() => [epochs, status]));
    expect(rules.map(({ kept }) => kept)).toEqual([epochs, start, stop === null ? epochs : epochs - 1]);
  });

  test('a metric that rises declines where it falls', () => {
    const program = buildProgram({ monitor: 'validation_accuracy', trigger: 'decrease' });
    const metrics = { validation_accuracy: [0.5, 0.6, 0.55, 0.5, 0.9] };
    expect(drive(program, { patience: 2, epochs: 5 }, metrics)).toMatchObject({
      epochs: 4,
      status: STATUS.early_stopping,
    });
  });

  test('looks at every n-th epoch and at the last, and counts its waits in epochs', () => {
    const program = buildProgram({ monitor: LOSS, keep: 'trigger_start' });
    // Between the looks it is better, which nobody sees.
    const metrics = { [LOSS]: [9, 1, 0, 1, 0, 1, 0, 1] };
    const run = (every: number, patience: number, epochs: number): Ended =>
      drive(program, { every, patience, epochs }, metrics);
    expect(run(2, 2, 8)).toMatchObject({ epochs: 4, kept: 2, status: STATUS.early_stopping, waits: [1, 0, 1, 2] });
    expect(run(2, 3, 8)).toMatchObject({ epochs: 6, kept: 2, status: STATUS.early_stopping });
    expect(run(2, 3, 5)).toMatchObject({ epochs: 5, kept: 5, status: STATUS.epochs });
    expect(run(3, 1, 7)).toMatchObject({ epochs: 6, kept: 3, status: STATUS.early_stopping });
    expect(run(9, 1, 5)).toMatchObject({ epochs: 5, kept: 5, status: STATUS.epochs });
  });

  test.each(triggers)('%s decides for each slot by its own numbers, whatever company it has', (trigger) => {
    const EPOCHS = 9;
    const slot: fc.Arbitrary<Slot> = fc
      .record({
        patience: fc.integer({ min: 0, max: 4 }),
        min_delta: fc.constantFrom(0, 0.25, 1),
        every: fc.integer({ min: 1, max: 4 }),
        epochs: fc.integer({ min: 1, max: EPOCHS }),
        values: fc.array(fc.integer({ min: -8, max: 8 }), { minLength: EPOCHS, maxLength: EPOCHS }),
      })
      .map(({ values, ...numbers }) => ({ numbers, metrics: { [LOSS]: values.map((value) => value / 4) } }));
    const program = buildProgram({ monitor: LOSS, trigger, keep: 'trigger_start' });
    fc.assert(
      fc.property(fc.array(slot, { minLength: 2, maxLength: 5 }), (slots) => {
        expect(driveAll(program, slots)).toEqual(slots.map(({ numbers, metrics }) => drive(program, numbers, metrics)));
      }),
      { numRuns: 15 },
    );
  });
});

test.each([Number.NaN, Infinity, -Infinity])(
  'a loss of %d ends as diverged, whatever else would end the trial',
  (bad) => {
    const program = buildProgram({ monitor: 'validation_accuracy' });
    const numbers = { patience: 0, epochs: 3 };
    const metrics = { test_loss: [1, 1, bad], validation_accuracy: [0.5, 0.6, 0.6] };
    expect(drive(program, numbers, metrics)).toMatchObject({ epochs: 3, status: STATUS.diverged });
  },
);

test('a moving mean that is not finite ends as diverged, and kept copies hold the statistics of their epoch', () => {
  const program = buildProgram({
    layers: [{ units: 2, normalization: 'batch_normalization' }, { activation: 'sigmoid' }],
    keep: 'best',
    keep_metric: 'validation_loss',
  });
  const MEAN = 'layers.0.moving_mean';
  tf.tidy(() => {
    const training = createTraining(program, backend.ops, 'stacked');
    const hyper = hyperTensors(program, [buildTask(program).hyper, buildTask(program).hyper]);
    const entries = stateEntries(training).map(({ name, shape, dtype, initial }) => {
      return [name, tf.fill([2, ...shape], typeof initial === 'number' ? initial : 0, dtype)] as const;
    });
    const end = (state: Tensors, mean: readonly number[], losses: readonly number[]): Tensors =>
      training.epochEnd({ ...state, [MEAN]: tf.tensor(mean, [2, 1, 2]) }, { validation_loss: perSlot(losses) }, hyper);
    const first = end(Object.fromEntries(entries), [1, 2, 3, 4], [0.5, 0.5]);
    const second = end(first, [5, 6, 7, Number.NaN], [0.4, 0.6]);
    expect([...named(second, 'status').dataSync()]).toEqual([STATUS.running, STATUS.diverged]);
    expect([...named(second, `kept.${MEAN}`).dataSync()]).toEqual([5, 6, 3, 4]);
  });
});
