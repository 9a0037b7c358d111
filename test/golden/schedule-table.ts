/** Learning rates that Keras' schedules and its ReduceLROnPlateau gave. */

import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { MetricName } from '../../src/metrics.ts';
import type { Program, ScheduleProgram } from '../../workers/train/program.ts';
import { learningRate, plateauEnd, scheduleState } from '../../workers/train/schedules.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { buildProgram } from '../train/builders.ts';
import { hyperTensors, perSlot } from '../train/hyper-tensors.ts';
import type { Comparer } from './comparer.ts';
import type { TableRow } from './table.ts';

const tableSchema = z.object({
  schedules: z.array(
    z.object({
      name: z.string(),
      args: z.record(z.string(), z.union([z.number(), z.boolean(), z.array(z.number())])),
      lr: z.array(z.number()),
    }),
  ),
  reduce_lr_on_plateau: z.array(
    z.object({
      name: z.string(),
      args: z.object({
        monitor: z.string(),
        mode: z.enum(['auto', 'min', 'max']),
        factor: z.number(),
        patience: z.number(),
        min_delta: z.number(),
        cooldown: z.number(),
        min_lr: z.number(),
      }),
      initial_lr: z.number(),
      values: z.array(z.number()),
      lr_after_epoch: z.array(z.number()),
      wait_after_epoch: z.array(z.number()),
    }),
  ),
});
type Table = z.infer<typeof tableSchema>;

export function scheduleRows(json: unknown): readonly TableRow[] {
  const table = tableSchema.parse(json);
  return [
    ...table.schedules.map((row, index) => ({
      name: `${row.name} ${index + 1}`,
      check: (comparer: Comparer) => tf.tidy(() => checkSchedule(comparer, row)),
    })),
    ...table.reduce_lr_on_plateau.map((row) => ({
      name: `ReduceLROnPlateau: ${row.name}`,
      check: (comparer: Comparer) => tf.tidy(() => checkPlateau(comparer, row)),
    })),
  ];
}

/** A slot per update. */
function checkSchedule(comparer: Comparer, row: Table['schedules'][number]): void {
  const program = buildProgram({ schedule: programOf(row) });
  const hyper = hyperTensors(
    program,
    row.lr.map(() => numbersOf(row.args)),
  );
  const t = perSlot(row.lr.map((_, made) => made));
  const rates = learningRate(program, t, {}, hyper).dataSync();
  row.lr.forEach((rate, made) =>
    comparer.compare(`rate after ${made} updates`, rates[made]!, rate, 1e-5 * rate + 1e-8),
  );
}

function programOf({ name, args }: Table['schedules'][number]): ScheduleProgram {
  switch (name) {
    case 'ExponentialDecay':
      return { name: 'exponential_decay', staircase: args['staircase'] === true };
    case 'InverseTimeDecay':
      return { name: 'inverse_time_decay', staircase: args['staircase'] === true };
    case 'PolynomialDecay':
      return { name: 'polynomial_decay', cycle: args['cycle'] === true };
    case 'CosineDecay':
      return { name: 'cosine_decay', warmup: args['warmup_target'] !== undefined };
    case 'PiecewiseConstantDecay':
      return { name: 'piecewise_constant', pieces: z.array(z.number()).parse(args['values']).length };
    default:
      throw new Error(`no schedule of ours is ${name}`);
  }
}

function numbersOf(args: Table['schedules'][number]['args']): Record<string, number> {
  const entries = Object.entries(args).flatMap(([name, value]): (readonly [string, number])[] => {
    if (Array.isArray(value)) return value.map((each, index) => [`schedule.${name}.${index}`, each]);
    return typeof value === 'number' ? [[`schedule.${name}`, value]] : [];
  });
  return Object.fromEntries(entries);
}

function checkPlateau(comparer: Comparer, row: Table['reduce_lr_on_plateau'][number]): void {
  const { factor, patience, min_delta, cooldown, min_lr } = row.args;
  const monitor = ourMetric(row.args);
  const program: Pick<Program, 'schedule'> = { schedule: { name: 'reduce_on_plateau', monitor } };
  const numbers = {
    factor,
    patience,
    min_delta,
    cooldown,
    min_learning_rate: min_lr,
    initial_learning_rate: row.initial_lr,
  };
  const hyper = hyperTensors(buildProgram(program), [
    Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`schedule.${name}`, value])),
  ]);
  let state: Tensors = Object.fromEntries(
    Object.entries(scheduleState(program)).map(([name, initial]) => [
      name,
      typeof initial === 'number' ? perSlot([initial]) : named(hyper, initial.hyper),
    ]),
  );
  row.values.forEach((value, epoch) => {
    state = { ...state, ...plateauEnd(program, state, { [monitor]: perSlot([value]) }, hyper) };
    const rate = row.lr_after_epoch[epoch]!;
    const found = learningRate(program, perSlot([0]), state, hyper).dataSync()[0]!;
    comparer.compare(`rate after epoch ${epoch}`, found, rate, 1e-5 * rate);
    const wait = named(state, 'plateau.wait').dataSync()[0]!;
    comparer.compare(`wait after epoch ${epoch}`, wait, row.wait_after_epoch[epoch]!, 0);
  });
}

/** One of the same direction: Keras takes it from the mode, or from the metric's name. */
export function ourMetric({ monitor, mode }: { readonly monitor: string; readonly mode: string }): MetricName {
  const maximized = mode === 'max' || (mode === 'auto' && /acc|auc|fmeasure/.test(monitor));
  return maximized ? 'validation_accuracy' : 'validation_loss';
}
