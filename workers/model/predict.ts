/** Predictions of one trained network, by the same functions that evaluated it in training. */

import * as tf from '@tensorflow/tfjs-core';
import type { NamedWeights } from '../../src/export/trained-model.ts';
import { constants, derivedNumbers } from '../train/hyper.ts';
import type { Network } from '../train/network.ts';
import type { Program, TrialTask } from '../train/program.ts';
import type { Rows } from '../train/rows.ts';
import type { Tensor, Tensors } from '../train/tensors.ts';

export interface Predictor {
  /** [rows, width] to [rows, outputs], both row-major. */
  readonly predict: (inputs: Float32Array) => Float32Array;
}

/** @param weights variables and statistics, by the network's names */
export function predictorOf(
  network: Network,
  program: Program,
  task: Pick<TrialTask, 'hyper'>,
  weights: readonly NamedWeights[],
): Predictor {
  const { width } = program.data;
  const tensors = Object.fromEntries(
    weights.map(({ name, shape, values }) => [name, tf.tensor(values, [1, ...shape])]),
  );
  const hyper = scalars({ ...constants(program), ...task.hyper, ...derivedNumbers(program, task.hyper) });
  return {
    predict: (inputs) =>
      tf.tidy(() => {
        const rows = rowsOf(inputs, inputs.length / width, width);
        return network.predict(tensors, tensors, rows, hyper).values.output.dataSync<'float32'>().slice();
      }),
  };
}

function scalars(numbers: Readonly<Record<string, number>>): Tensors {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.fill([1, 1, 1], value)]));
}

/** Rows of which only the inputs are known. */
function rowsOf(inputs: Float32Array, count: number, width: number): Rows {
  const unknown: Tensor = tf.zeros([1, count, 1]);
  return {
    x: tf.tensor(inputs, [1, count, width]),
    y: unknown,
    share: unknown,
    present: tf.ones([1, 1, count]),
    count: tf.fill([1, 1, 1], count),
  };
}
