/** Replays a recorded Keras trajectory with our training functions and measures how far they are apart. */

import * as tf from '@tensorflow/tfjs-core';
import type { Ops } from '../../workers/backend/ops/ops.ts';
import { clip } from '../../workers/train/clipping.ts';
import { constants } from '../../workers/train/hyper.ts';
import { forward, penalty } from '../../workers/train/network.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { createTraining, stateEntries, type Rows } from '../../workers/train/training.ts';
import type { GoldenCase, LayerValues } from './case.ts';

/** A stack must have at least two slots; the case runs in both, and the second is read. */
const SLOTS = 2;
const SLOT = 1;

export interface Comparison {
  readonly values: number;
  /** Largest |difference|. */
  readonly largest: number;
  /** Values with |difference| > 3e-5 + 1e-4 |v|, and the first of them for a message. */
  readonly wrong: number;
  readonly first: string | undefined;
}

export function replay(golden: GoldenCase, ops: Ops): Comparison {
  const comparer = new Comparer();
  tf.tidy(() => {
    run(golden, ops, comparer);
  });
  return comparer.result();
}

function run(golden: GoldenCase, ops: Ops, comparer: Comparer): void {
  const { program, expected } = golden;
  const training = createTraining(program, ops);
  const hyper = hyperTensors(golden);
  let state = initialState(golden);
  const batches = Math.ceil(golden.x.length / golden.batchSize);

  for (let step = 0; step < golden.steps; step += 1) {
    const batch = rowsOf(golden, step % batches);
    const { dataLoss, gradients } = training.gradients(state, batch, hyper);
    const data = slotValues(dataLoss)[0]!;
    const penalties = penalty(program, state, hyper);
    const total = data + (penalties ? slotValues(penalties)[0]! : 0);
    comparer.compare(`data loss of step ${step + 1}`, data, expected.data_loss_per_step[step]!);
    comparer.compare(`loss of step ${step + 1}`, total, expected.loss_per_step[step]!);
    if (step === 0) {
      comparer.layers('gradient', gradients, expected.gradients_step1);
      if (expected.clipped_gradients_step1) {
        comparer.layers('clipped gradient', clip(program, gradients, hyper), expected.clipped_gradients_step1);
      }
    }
    state = training.step(state, batch, hyper);
    if (step === 0) comparer.layers('weight after step 1', state, expected.weights_after_step1);
  }
  comparer.layers('final weight', state, expected.final);
  const all = tf.tensor3d([golden.x as number[][]]);
  const predictions = slotValues(forward(program, state, all).output);
  expected.predictions_final.flat().forEach((value, i) => comparer.compare('prediction', predictions[i]!, value));
}

function rowsOf(golden: GoldenCase, batch: number): Rows {
  const from = batch * golden.batchSize;
  const x = golden.x.slice(from, from + golden.batchSize) as number[][];
  const y = golden.y.slice(from, from + golden.batchSize) as number[][];
  const share = tf.fill([1, x.length, 1], 1 / x.length);
  return {
    x: tf.tensor3d([x]),
    y: tf.tensor3d([y]),
    share,
    present: tf.ones([1, 1, x.length]),
    count: tf.fill([1, 1, 1], x.length),
  };
}

function hyperTensors({ program, hyper }: GoldenCase): Tensors {
  const tensors: Record<string, tf.Tensor> = {};
  for (const [name, value] of Object.entries(constants(program))) tensors[name] = tf.fill([1, 1, 1], value);
  for (const [name, value] of Object.entries(hyper)) {
    tensors[name] = tf.fill([SLOTS, 1, 1], value);
    if (name.endsWith('.l2')) tensors[`${name}.doubled`] = tf.fill([SLOTS, 1, 1], 2 * value);
    const beta = /beta_[12]$/.exec(name)?.[0];
    if (beta) tensors[`optimizer.one_minus_${beta}`] = tf.fill([SLOTS, 1, 1], 1 - value);
  }
  return tensors;
}

function initialState({ program, initial }: GoldenCase): Tensors {
  const given: Record<string, number[]> = {};
  initial.forEach((layer, index) => {
    given[`layers.${index}.kernel`] = layer.kernel.flat();
    given[`layers.${index}.bias`] = layer.bias;
  });
  return Object.fromEntries(
    stateEntries(program).map(({ name, dtype, shape, initial: value }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const slot = given[name] ?? new Array<number>(size).fill(typeof value === 'number' ? value : 0);
      return [name, tf.tensor(Array.from({ length: SLOTS }, () => slot).flat(), [SLOTS, ...shape], dtype)];
    }),
  );
}

function slotValues(tensor: tf.Tensor): ArrayLike<number> {
  const [slots] = tensor.shape as [number];
  const values = tensor.dataSync();
  const size = values.length / slots;
  return values.subarray(SLOT * size, (SLOT + 1) * size);
}

class Comparer {
  #values = 0;
  #largest = 0;
  #wrong = 0;
  #first: string | undefined;

  compare(what: string, found: number, expected: number): void {
    const difference = Math.abs(found - expected);
    this.#values += 1;
    this.#largest = Math.max(this.#largest, difference);
    if (difference <= 3e-5 + 1e-4 * Math.abs(expected)) return;
    this.#wrong += 1;
    this.#first ??= `${what}: ${found} instead of ${expected}`;
  }

  layers(what: string, tensors: Tensors, expected: readonly LayerValues[]): void {
    expected.forEach((layer, index) => {
      for (const [variable, values] of Object.entries({ kernel: layer.kernel.flat(), bias: layer.bias })) {
        const name = `layers.${index}.${variable}`;
        const found = slotValues(named(tensors, name));
        values.forEach((value, i) => this.compare(`${what} ${name}[${i}]`, found[i]!, value));
      }
    });
  }

  result(): Comparison {
    return { values: this.#values, largest: this.#largest, wrong: this.#wrong, first: this.#first };
  }
}
