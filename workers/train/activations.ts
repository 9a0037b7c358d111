/** Activations with their derivatives, written out so that every op and its bits are known. */

import * as tf from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../src/definition/resolved.ts';
import type { Ops } from '../backend/ops/ops.ts';
import { named, padded, type Tensor, type Tensors } from './tensors.ts';

export interface Activation {
  /** y from z, both [K, rows, units]. */
  apply(z: Tensor): Tensor;
  /** dL/dz from dL/dy and y; `constants` holds scalars as tensors. */
  gradient(dy: Tensor, y: Tensor, ops: Ops, constants: Tensors): Tensor;
}

export const ACTIVATIONS: Readonly<Record<ActivationName, Activation>> = {
  linear: { apply: (z) => z, gradient: (dy) => dy },
  relu: { apply: (z) => tf.relu(z), gradient: (dy, y, ops) => ops.reluGradient(dy, y) },
  tanh: {
    apply: (z) => padded(z, (x) => tf.tanh(x)),
    gradient: (dy, y, ops) => ops.tanhGradient(dy, y),
  },
  sigmoid: {
    apply: (z) => padded(z, (x) => tf.sigmoid(x)),
    // Not SigmoidGrad: its vectorised body and its tail associate the three factors differently.
    gradient: (dy, y, _ops, constants) => tf.mul(dy, tf.mul(y, tf.sub(named(constants, 'one'), y))),
  },
  softmax: {
    apply: softmax,
    gradient: (dy, y) => tf.mul(y, tf.sub(dy, tf.sum(tf.mul(dy, y), -1, true))),
  },
};

/** Softmax over the last axis, from ops whose bits do not depend on the slot. */
function softmax(z: Tensor): Tensor {
  const { exponentials, sum } = shiftedExponentials(z);
  return tf.div(exponentials, sum);
}

/** exp(z - max z), its sum and z - max z over the last axis: what softmax and its cross-entropy are made of. */
export function shiftedExponentials(z: Tensor): { shifted: Tensor; exponentials: Tensor; sum: Tensor } {
  const shifted = tf.sub(z, tf.max(z, -1, true));
  const exponentials = padded(shifted, (x) => tf.exp(x));
  return { shifted, exponentials, sum: tf.sum(exponentials, -1, true) };
}
