/** Replays a recorded Keras trajectory with our training functions and measures how far they are apart. */

import * as tf from '@tensorflow/tfjs-core';
import type { Ops } from '../../workers/backend/ops/ops.ts';
import { compile, loop } from '../../workers/compile/index.ts';
import { clip } from '../../workers/train/clipping.ts';
import { smallestStack, type Layout } from '../../workers/train/layout.ts';
import { FOLDED } from '../../workers/train/parameters.ts';
import type { Rows } from '../../workers/train/rows.ts';
import { named, type Tensor, type Tensors } from '../../workers/train/tensors.ts';
import { createTraining, stateEntries, type Training } from '../../workers/train/training.ts';
import { hyperTensors } from '../train/hyper-tensors.ts';
import type { GoldenCase, LayerValues } from './case.ts';
import { Comparer, type Comparison } from './comparer.ts';

/** What came out, by name, of the last slot; in training each has a leading [K]. */
export type Results = ReadonlyMap<string, Float32Array>;

/** Runs the case in every slot of the smallest stack, eagerly or as one graph, and reads the last. */
export function replay(golden: GoldenCase, ops: Ops, layout: Layout, way: 'eager' | 'compiled'): Results {
  let results: Results = new Map();
  tf.tidy(() => {
    const training = createTraining(golden.program, ops, layout);
    const inputs = inputsOf(golden, training, smallestStack(layout));
    const hyper = Object.keys(hyperOf(golden, 1));
    const run = (tensors: Tensors): Tensors => trajectory(golden, training, hyper, tensors);
    results = way === 'eager' ? resultsOf(run(inputs)) : runCompiled(run, inputs);
  });
  return results;
}

function runCompiled(run: (inputs: Tensors) => Tensors, inputs: Tensors): Results {
  const compiled = compile(run, inputs, { inPlace: true });
  try {
    return resultsOf(compiled.run(inputs));
  } finally {
    compiled.dispose();
  }
}

/** Of the last slot: it must not depend on those before it. */
function resultsOf(tensors: Tensors): Results {
  return new Map(
    Object.entries(tensors).map(([name, tensor]) => {
      const size = tensor.size / tensor.shape[0]!;
      return [name, tensor.dataSync<'float32'>().slice(-size)];
    }),
  );
}

/** The first step on its own, since more of it is known, and the rest as a loop. */
function trajectory(
  { steps }: GoldenCase,
  training: Training,
  hyperNames: readonly string[],
  inputs: Tensors,
): Tensors {
  const hyper = Object.fromEntries(hyperNames.map((name) => [name, named(inputs, name)]));
  const initial = Object.fromEntries(stateEntries(training).map(({ name }) => [name, named(inputs, `state.${name}`)]));
  const { gradients, losses } = measured(training, initial, batchAt(inputs, tf.scalar(0, 'int32')), hyper);
  const first = training.step(initial, batchAt(inputs, tf.scalar(0, 'int32')), hyper);
  const records = Object.fromEntries(
    Object.entries({ ...losses, ...statisticsOf(training, first) }).map(([name, value]) => [
      `each ${name}`,
      recorded(tf.zeros([value.shape[0]!, steps, value.shape[2]!]), tf.scalar(0, 'int32'), value),
    ]),
  );
  const last = loop(steps - 1, { ...first, ...records }, (index, state) => {
    const step = tf.add(index, tf.scalar(1, 'int32'));
    const batch = batchAt(inputs, step);
    const { losses } = measured(training, state, batch, hyper);
    const next = training.step(state, batch, hyper);
    const values = { ...losses, ...statisticsOf(training, next) };
    const written = Object.entries(values).map(([name, value]) => [
      `each ${name}`,
      recorded(named(state, `each ${name}`), step, value),
    ]);
    return { ...next, ...(Object.fromEntries(written) as Tensors) };
  });
  return {
    ...prefixed('gradient', gradients),
    ...prefixed('clipped gradient', clip(training.program, gradients, hyper)),
    ...prefixed('after step 1', { ...training.parameters.unpack(first), ...statisticsOf(training, first) }),
    ...prefixed('final', { ...training.parameters.unpack(last), ...statisticsOf(training, last) }),
    ...Object.fromEntries(Object.keys(records).map((name) => [name, named(last, name)])),
    predictions: predictions(training, last, named(inputs, 'x'), hyper),
  };
}

/** The losses of a step before its update, each [K, 1, 1]. */
function measured(
  training: Training,
  state: Tensors,
  batch: Rows,
  hyper: Tensors,
): { readonly gradients: Tensors; readonly losses: Tensors } {
  const { gradients, dataLoss, activityPenalty } = training.gradients(state, batch, hyper);
  const { [FOLDED]: _both, ...byVariable } = gradients;
  const penalties = [activityPenalty, training.network.penalty(training.parameters.unpack(state), hyper)];
  const loss = penalties.reduce<Tensor>((sum, penalty) => (penalty ? tf.add(sum, penalty) : sum), dataLoss);
  return { gradients: byVariable, losses: { 'data loss': dataLoss, loss } };
}

/** `table` [K, steps, n] with `value` [K, 1, n] in the row of this step. */
function recorded(table: Tensor, step: Tensor, value: Tensor): Tensor {
  const rows = tf.reshape(tf.range(0, table.shape[1]!, 1, 'int32'), [1, -1, 1]);
  return tf.add(table, tf.mul(tf.cast(tf.equal(rows, step), 'float32'), value));
}

function statisticsOf(training: Training, state: Tensors): Tensors {
  return Object.fromEntries(training.network.statistics.map(({ name }) => [name, named(state, name)]));
}

function predictions(training: Training, state: Tensors, x: Tensor, hyper: Tensors): Tensor {
  const count = x.shape[1]!;
  const rows = {
    x,
    y: tf.zeros([1, count, 1]),
    share: tf.fill([1, count, 1], 1 / count),
    present: tf.ones([1, 1, count]),
    count: tf.fill([1, 1, 1], count),
  };
  const variables = training.parameters.unpack(state);
  return training.network.predict(variables, statisticsOf(training, state), rows, hyper).values.output;
}

function prefixed(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix} ${name}`, tensor]));
}

/** Hyperparameters by their names, the state with `state.` before its names, all rows `x`, and the batches. */
function inputsOf(golden: GoldenCase, training: Training, slots: number): Tensors {
  const state = initialState(golden, training, slots);
  return {
    ...hyperOf(golden, slots),
    ...Object.fromEntries(Object.entries(state).map(([name, tensor]) => [`state.${name}`, tensor])),
    x: tf.tensor3d([golden.x as number[][]]),
    ...batchesOf(golden),
  };
}

function hyperOf({ program, hyper }: GoldenCase, slots: number): Tensors {
  return hyperTensors(
    program,
    Array.from({ length: slots }, () => hyper),
  );
}

function initialState({ initial, hyper }: GoldenCase, training: Training, slots: number): Tensors {
  const given = Object.fromEntries(
    initial.flatMap((layer, index) =>
      Object.entries(layer).map(([variable, values]) => [`layers.${index}.${variable}`, values.flat()]),
    ),
  );
  const stacked = (name: string, shape: readonly number[]): Tensor =>
    tf.tensor(Array.from({ length: slots }, () => given[name]!).flat(), [slots, ...shape]);
  const { network, parameters } = training;
  const stored = parameters.pack(
    Object.fromEntries(network.variables.map(({ name, shape }) => [name, stacked(name, shape)])),
  );
  return Object.fromEntries(
    stateEntries(training).map(({ name, dtype, shape, initial: value }) => {
      if (value === 'network') return [name, named(stored, name)];
      if (given[name]) return [name, stacked(name, shape)];
      const number = typeof value === 'number' ? value : hyper[value.hyper]!;
      return [name, tf.fill([slots, ...shape], number, dtype)];
    }),
  );
}

/** Step s takes batch s mod batches; the rows that a short last one lacks are zeros without weight. */
function batchesOf({ x, y, batchSize, steps }: GoldenCase): Tensors {
  const count = Math.ceil(x.length / batchSize);
  const numbers = Array.from({ length: count }, (_, batch) => Math.min(batchSize, x.length - batch * batchSize));
  const padded = (rows: GoldenCase['x']): Tensor => {
    const missing = count * batchSize - rows.length;
    const zeros = Array.from({ length: missing }, () => rows[0]!.map(() => 0));
    return tf.tensor([...rows, ...zeros].flat(), [count, batchSize, rows[0]!.length]);
  };
  const weights = (weight: (present: number) => number): number[][] =>
    numbers.map((present) => Array.from({ length: batchSize }, (_, row) => (row < present ? weight(present) : 0)));
  return {
    'batch.order': tf.tensor1d(
      Array.from({ length: steps }, (_, step) => step % count),
      'int32',
    ),
    'batch.x': padded(x),
    'batch.y': padded(y),
    'batch.share': tf.expandDims(tf.tensor2d(weights((present) => 1 / present)), 2),
    'batch.present': tf.expandDims(tf.tensor2d(weights(() => 1)), 1),
    'batch.count': tf.tensor3d(numbers, [count, 1, 1]),
  };
}

function batchAt(inputs: Tensors, step: Tensor): Rows {
  const batch = tf.gather(named(inputs, 'batch.order'), tf.reshape(step, [1]));
  const of = (name: string): Tensor => tf.gather(named(inputs, `batch.${name}`), batch);
  return { x: of('x'), y: of('y'), share: of('share'), present: of('present'), count: of('count') };
}

/** Holds results to what Keras computed. */
export function compareWithKeras({ expected }: GoldenCase, results: Results): Comparison {
  const comparer = new Comparer();
  const compare = (name: string, values: readonly number[]): void => {
    const found = results.get(name);
    if (found?.length !== values.length) throw new Error(`${name} must have ${values.length} values`);
    values.forEach((value, i) => comparer.compare(`${name}[${i}]`, found[i]!, value));
  };
  const layers = (prefix: string, all: readonly (LayerValues | null)[]): void =>
    all.forEach((layer, index) => {
      for (const [variable, values] of Object.entries(layer ?? {})) {
        compare(`${prefix} layers.${index}.${variable}`, values.flat());
      }
    });
  compare('each data loss', expected.data_loss_per_step);
  compare('each loss', expected.loss_per_step);
  layers('gradient', expected.gradients_step1);
  layers('clipped gradient', expected.clipped_gradients_step1 ?? []);
  layers('after step 1', expected.weights_after_step1);
  layers('each', movingOf(expected.moving_after_step ?? []));
  layers('final', expected.final);
  compare('predictions', expected.predictions_final.flat());
  return comparer.result();
}

/** From a list per step to one per layer, in which all steps of a variable stand one after another. */
function movingOf(steps: readonly (readonly (LayerValues | null)[])[]): readonly (LayerValues | null)[] {
  return (steps[0] ?? []).map((layer, index) => {
    if (!layer) return null;
    return Object.fromEntries(
      Object.keys(layer).map((variable) => [variable, steps.flatMap((step) => step[index]![variable]!.flat())]),
    );
  });
}

/** Names of the results whose bits differ. */
export function differingBits(a: Results, b: Results): readonly string[] {
  return [...a].filter(([name, values]) => bitsOf(values) !== bitsOf(b.get(name))).map(([name]) => name);
}

function bitsOf(values: Float32Array | undefined): string {
  return values ? new Uint32Array(values.buffer, values.byteOffset, values.length).join() : '';
}
