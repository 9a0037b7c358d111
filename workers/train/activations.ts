/** Activations with their derivatives, written out so that every op and its bits are known. Semantics: Keras. */

import * as tf from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../src/definition/resolved.ts';
import { isMatrix, named, padded, type Place, type Tensor } from './tensors.ts';

export interface Activation {
  /** y from z, both [K, rows, units]. */
  readonly apply: (z: Tensor, at: Place) => Tensor;
  /** dL/dz from dL/dy, y and z. */
  readonly gradient: (dy: Tensor, y: Tensor, z: Tensor, at: Place) => Tensor;
}

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** Scalars that the activations take from `hyper`. Source of selu's: Klambauer et al., "Self-Normalizing Neural Networks". */
export const ACTIVATION_CONSTANTS = { selu_scale: SELU_SCALE, selu_floor: SELU_SCALE * SELU_ALPHA } as const;

export const ACTIVATIONS: Readonly<Record<ActivationName, Activation>> = {
  linear: { apply: (z) => z, gradient: (dy) => dy },
  relu: { apply: (z) => tf.relu(z), gradient: (dy, y, _z, { ops }) => ops.reluGradient(dy, y) },
  tanh: {
    apply: (z) => padded(z, (x) => tf.tanh(x)),
    gradient: (dy, y, _z, { ops }) => ops.tanhGradient(dy, y),
  },
  sigmoid: {
    apply: sigmoid,
    // Not SigmoidGrad: its vectorised body and its tail associate the three factors differently.
    gradient: (dy, y, _z, at) => tf.mul(dy, tf.mul(y, tf.sub(named(at.hyper, 'one'), y))),
  },
  softmax: {
    apply: softmax,
    gradient: (dy, y) => tf.mul(y, tf.sub(dy, tf.sum(tf.mul(dy, y), -1, true))),
  },
  // z above 0, alpha * (exp(z) - 1) below.
  elu: {
    apply: (z, at) => tf.where(positive(z, at), z, tf.mul(elu(z), alpha(at))),
    gradient: (dy, y, z, at) => tf.where(positive(z, at), dy, tf.mul(dy, tf.add(y, alpha(at)))),
  },
  // scale * elu(z) with the alpha that keeps mean 0 and variance 1.
  selu: {
    apply: (z) => padded(z, (x) => tf.selu(x)),
    gradient: (dy, y, z, at) => {
      const below = tf.mul(dy, tf.add(y, named(at.hyper, 'selu_floor')));
      return tf.where(positive(z, at), tf.mul(dy, named(at.hyper, 'selu_scale')), below);
    },
  },
  leaky_relu: {
    apply: (z, at) => tf.where(positive(z, at), z, tf.mul(z, alpha(at))),
    gradient: (dy, _y, z, at) => tf.where(positive(z, at), dy, tf.mul(dy, alpha(at))),
  },
  softplus: {
    apply: (z) => padded(z, (x) => tf.softplus(x)),
    gradient: (dy, _y, z) => tf.mul(dy, sigmoid(z)),
  },
  // z / (1 + |z|)
  softsign: {
    apply: (z, at) => tf.div(z, tf.add(tf.abs(z), named(at.hyper, 'one'))),
    gradient: (dy, _y, z, at) => {
      const root = tf.add(tf.abs(z), named(at.hyper, 'one'));
      return tf.div(dy, tf.mul(root, root));
    },
  },
};

function sigmoid(z: Tensor): Tensor {
  return padded(z, (x) => tf.sigmoid(x));
}

function elu(z: Tensor): Tensor {
  return padded(z, (x) => tf.elu(x));
}

function positive(z: Tensor, at: Place): Tensor {
  return tf.greater(z, named(at.hyper, 'zero'));
}

/** The slope or the floor below 0, per slot. */
function alpha(at: Place): Tensor {
  return named(at.hyper, `${at.name}.activation.alpha`);
}

/** Softmax over the last axis, from ops whose bits do not depend on the slot where there are several. */
function softmax(z: Tensor): Tensor {
  if (isMatrix(z)) return tf.softmax(z);
  const { exponentials, sum } = shiftedExponentials(z);
  return tf.div(exponentials, sum);
}

/** exp(z - max z), its sum and z - max z over the last axis: what softmax and its cross-entropy are made of. */
export function shiftedExponentials(z: Tensor): { shifted: Tensor; exponentials: Tensor; sum: Tensor } {
  const shifted = tf.sub(z, tf.max(z, -1, true));
  const exponentials = padded(shifted, (x) => tf.exp(x));
  return { shifted, exponentials, sum: tf.sum(exponentials, -1, true) };
}
