/** Early stopping against Keras' recorded decisions, and the kept epoch against cases worked out by hand. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { MetricName } from '../../src/metrics.ts';
import { loadBackend } from '../../workers/backend/backend.ts';
import { constants } from '../../workers/train/hyper.ts';
import type { Program } from '../../workers/train/program.ts';
import { epochEnd, STATUS } from '../../workers/train/stopping.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { stateEntries } from '../../workers/train/training.ts';
import { buildProgram, buildTask } from './builders.ts';

beforeAll(async () => {
  await loadBackend('native');
});

interface Ended {
  /** Epochs from 1. */
  readonly epochs: number;
  readonly status: number;
  readonly kept: number;
  readonly waits: readonly number[];
}

/** Feeds one slot the metrics of one epoch after another until it ends. */
function drive(
  program: Program,
  numbers: Readonly<Record<string, number>>,
  metrics: Readonly<Partial<Record<MetricName, readonly number[]>>>,
): Ended {
  const number = (value: number): tf.Tensor => tf.fill([1, 1, 1], value);
  const all = { ...constants(program), ...buildTask(program, { hyper: numbers }).hyper };
  const hyper = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, number(value)]));
  let state: Tensors = Object.fromEntries(
    stateEntries(program).map(({ name, shape, dtype, initial }) => [
      name,
      tf.fill([1, ...shape], typeof initial === 'number' ? initial : 0, dtype),
    ]),
  );
  const read = (name: string): number => named(state, name).dataSync()[0]!;
  const waits: number[] = [];
  for (let epoch = 0; ; epoch += 1) {
    const row = Object.entries(metrics).map(([name, series]) => [name, number(series[epoch]!)] as const);
    state = epochEnd(program, state, { mean_training_loss: number(1), ...Object.fromEntries(row) }, hyper);
    if (program.monitor) waits.push(read('monitor.wait'));
    if (read('status') === STATUS.running) continue;
    return { epochs: epoch + 1, status: read('status'), kept: read('kept_epoch'), waits };
  }
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

test.each([Number.NaN, Infinity, -Infinity])(
  'a loss of %d ends as diverged, whatever else would end the trial',
  (bad) => {
    const program = buildProgram({ monitor: 'validation_accuracy' });
    const numbers = { patience: 0, epochs: 3 };
    const metrics = { test_data_loss: [1, 1, bad], validation_accuracy: [0.5, 0.6, 0.6] };
    expect(drive(program, numbers, metrics)).toMatchObject({ epochs: 3, status: STATUS.diverged });
  },
);
