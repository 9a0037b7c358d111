/** Losses with their gradients, per row. Semantics: Keras. */

import * as tf from '@tensorflow/tfjs-core';
import type { ActivationName, LossName } from '../../src/definition/resolved.ts';
import type { Ops } from '../backend/ops/ops.ts';
import { ACTIVATIONS, shiftedExponentials } from './activations.ts';
import { named, padded, type Tensor, type Tensors } from './tensors.ts';

/** Shapes: `z`, `output`, `target` [K, rows, n]; `target` may have a leading 1 when all slots share their rows. */
export interface OutputValues {
  /** Before the activation. */
  readonly z: Tensor;
  readonly output: Tensor;
  readonly target: Tensor;
}

export interface Loss {
  /** [K, rows, 1] */
  rows(values: OutputValues, constants: Tensors): Tensor;
  /** dL/dz [K, rows, n] of the mean weighted by `share` [1, rows, 1], the fraction that each row has of the mean. */
  gradient(values: OutputValues, share: Tensor, ops: Ops, constants: Tensors): Tensor;
}

/** Mean over the last axis, of width n; `constants` holds 1/n as `one_over_outputs`. */
function meanOutputs(values: Tensor, constants: Tensors): Tensor {
  if (values.shape.at(-1) === 1) return values;
  return tf.mul(tf.sum(values, -1, true), named(constants, 'one_over_outputs'));
}

/** What every row's gradient is multiplied by when the loss is a mean over outputs too. */
function meanShare(share: Tensor, width: number, constants: Tensors): Tensor {
  return width === 1 ? share : tf.mul(share, named(constants, 'one_over_outputs'));
}

function mse(activation: ActivationName): Loss {
  return {
    rows: ({ output, target }, constants) => {
      const error = tf.sub(output, target);
      return meanOutputs(tf.mul(error, error), constants);
    },
    gradient: ({ output, target }, share, ops, constants) => {
      const doubled = tf.mul(named(constants, 'two'), tf.sub(output, target));
      const dy = tf.mul(doubled, meanShare(share, output.shape.at(-1)!, constants));
      return ACTIVATIONS[activation].gradient(dy, output, ops, constants);
    },
  };
}

/** From the logits, as Keras does it for a sigmoid output: never clipped. */
const binaryCrossentropyOfLogits: Loss = {
  rows: ({ z, target }, constants) => {
    const softplus = padded(tf.neg(tf.abs(z)), (x) => tf.log1p(tf.exp(x)));
    return meanOutputs(tf.add(tf.sub(tf.relu(z), tf.mul(z, target)), softplus), constants);
  },
  gradient: ({ output, target }, share, _ops, constants) =>
    tf.mul(tf.sub(output, target), meanShare(share, output.shape.at(-1)!, constants)),
};

/** Of a probability that is no sigmoid's: Keras clips it to [e, 1 - e] and adds e again inside both logarithms. */
function binaryCrossentropyOfProbabilities(activation: ActivationName): Loss {
  const clipped = (p: Tensor, constants: Tensors): { q: Tensor; qPlus: Tensor; restPlus: Tensor } => {
    const e = named(constants, 'epsilon');
    const one = named(constants, 'one');
    const q = tf.minimum(tf.maximum(p, e), tf.sub(one, e));
    return { q, qPlus: tf.add(q, e), restPlus: tf.add(tf.sub(one, q), e) };
  };
  return {
    rows: ({ output, target }, constants) => {
      const { qPlus, restPlus } = clipped(output, constants);
      const log = (x: Tensor): Tensor => padded(x, (long) => tf.log(long));
      const likelihood = tf.add(
        tf.mul(target, log(qPlus)),
        tf.mul(tf.sub(named(constants, 'one'), target), log(restPlus)),
      );
      return meanOutputs(tf.neg(likelihood), constants);
    },
    gradient: ({ output, target }, share, ops, constants) => {
      const { q, qPlus, restPlus } = clipped(output, constants);
      const slope = tf.sub(tf.div(tf.sub(named(constants, 'one'), target), restPlus), tf.div(target, qPlus));
      const inside = tf.cast(tf.equal(q, output), 'float32');
      const dy = tf.mul(tf.mul(slope, inside), meanShare(share, output.shape.at(-1)!, constants));
      return ACTIVATIONS[activation].gradient(dy, output, ops, constants);
    },
  };
}

/** Of a softmax, from its logits: sum over outputs; `target` is one-hot or a distribution. */
const categoricalCrossentropyOfLogits: Loss = {
  rows: ({ z, target }) => {
    const { shifted, sum } = shiftedExponentials(z);
    return tf.sub(
      padded(sum, (x) => tf.log(x)),
      tf.sum(tf.mul(target, shifted), -1, true),
    );
  },
  gradient: ({ output, target }, share) => tf.mul(tf.sub(output, target), share),
};

/** Undefined where the pair of loss and output activation has no meaning here. */
export function lossFor(name: LossName, output: ActivationName): Loss | undefined {
  switch (name) {
    case 'mse':
      return mse(output);
    case 'binary_crossentropy':
      if (output === 'softmax') return undefined;
      return output === 'sigmoid' ? binaryCrossentropyOfLogits : binaryCrossentropyOfProbabilities(output);
    case 'categorical_crossentropy':
      return output === 'softmax' ? categoricalCrossentropyOfLogits : undefined;
  }
}
