/** Hyperparameters as the training functions take them, with the constants and all that follows from them. */

import * as tf from '@tensorflow/tfjs-core';
import { derivedNumbers } from '../../workers/train/hyper.ts';
import type { Program } from '../../workers/train/program.ts';
import { constantTensors } from '../../workers/train/stack.ts';
import type { Tensors } from '../../workers/train/tensors.ts';

export type Numbers = Readonly<Record<string, number>>;

/** @param slots the hyperparameters of each slot, under the same names */
export function hyperTensors(program: Program, slots: readonly Numbers[]): Tensors {
  const complete = slots.map((numbers) => ({ ...numbers, ...derivedNumbers(program, numbers) }));
  const own = Object.keys(complete[0]!).map(
    (name) => [name, perSlot(complete.map((numbers: Numbers) => numbers[name]!))] as const,
  );
  return { ...constantTensors(program), ...Object.fromEntries(own) };
}

/** float32 [K, 1, 1] */
export function perSlot(values: readonly number[]): tf.Tensor {
  return tf.tensor(values, [values.length, 1, 1]);
}
