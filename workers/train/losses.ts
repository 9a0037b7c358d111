/** Losses with their gradients, per row. Semantics: Keras. */

import * as tf from '@tensorflow/tfjs-core';
import type { ActivationName, LossName } from '../../src/definition/resolved.ts';
import { ACTIVATIONS, shiftedExponentials } from './activations.ts';
import { named, padded, type Place, type Tensor } from './tensors.ts';

/** Shapes: `z`, `output`, `target` [K, rows, n]; `target` may have a leading 1 when all slots share their rows. */
export interface OutputValues {
  /** Before the activation. */
  readonly z: Tensor;
  readonly output: Tensor;
  readonly target: Tensor;
}

/** `at` is the output layer's place. */
export interface Loss {
  /** [K, rows, 1] */
  rows(values: OutputValues, at: Place): Tensor;
  /** [K, rows, n], cheaper than the loss and finite where it is (decision 10); absent where there is nothing cheaper. */
  witness?(values: OutputValues): Tensor;
  /**
   * dL/dz [K, rows, n] of the mean weighted by `share`, the fraction that each row has of the mean: [1 or K, rows, 1], or
   * [1, 1, 1] if all are equal.
   */
  gradient(values: OutputValues, share: Tensor, at: Place): Tensor;
}

/** A loss of an output and its target that is summed or averaged over the outputs of a row. */
interface OutputLoss {
  /** [K, rows, n] */
  value(output: Tensor, target: Tensor, at: Place): Tensor;
  /** The derivative of `value` by the output, times `share`. */
  gradient(output: Tensor, target: Tensor, share: Tensor, at: Place): Tensor;
}

/** The loss of a row is the mean over its outputs, whatever their activation. */
function meanOf(loss: OutputLoss, activation: ActivationName): Loss {
  return {
    rows: ({ output, target }, at) => meanOutputs(loss.value(output, target, at), at),
    gradient: ({ z, output, target }, share, at) => {
      const dy = loss.gradient(output, target, meanShare(share, output, at), at);
      return ACTIVATIONS[activation].gradient(dy, output, z, at);
    },
  };
}

/** Mean over the last axis. */
function meanOutputs(values: Tensor, at: Place): Tensor {
  if (values.shape.at(-1) === 1) return values;
  return tf.mul(tf.sum(values, -1, true), number(at, 'one_over_outputs'));
}

/** What every row's gradient is multiplied by when the loss is a mean over outputs too. */
function meanShare(share: Tensor, output: Tensor, at: Place): Tensor {
  return output.shape.at(-1) === 1 ? share : tf.mul(share, number(at, 'one_over_outputs'));
}

function number(at: Place, name: string): Tensor {
  return named(at.hyper, name);
}

function log(x: Tensor): Tensor {
  return padded(x, (long) => tf.log(long));
}

const mse: OutputLoss = {
  value: (output, target) => square(tf.sub(output, target)),
  gradient: (output, target, share, at) => tf.mul(tf.sub(output, target), tf.mul(share, number(at, 'two'))),
};

function square(x: Tensor): Tensor {
  return tf.mul(x, x);
}

const mae: OutputLoss = {
  value: (output, target) => tf.abs(tf.sub(output, target)),
  gradient: (output, target, share) => tf.mul(tf.sign(tf.sub(output, target)), share),
};

/** Squared difference of log(1 + v); Keras takes epsilon for what is less than it, where nothing changes then. */
const msle: OutputLoss = {
  value: (output, target, at) => square(logRatio(output, target, at).difference),
  gradient: (output, target, share, at) => {
    const { difference, grown } = logRatio(output, target, at);
    const inside = tf.cast(tf.greaterEqual(output, number(at, 'epsilon')), 'float32');
    const slope = tf.div(tf.mul(difference, inside), grown);
    return tf.mul(slope, tf.mul(share, number(at, 'two')));
  },
};

/** `grown` is 1 + output, `difference` log(1 + output) - log(1 + target). */
function logRatio(output: Tensor, target: Tensor, at: Place): { difference: Tensor; grown: Tensor } {
  const grow = (x: Tensor): Tensor => tf.add(tf.maximum(x, number(at, 'epsilon')), number(at, 'one'));
  const grown = grow(output);
  return { difference: log(tf.div(grown, grow(target))), grown };
}

/** e^2 / 2 for an error e up to delta, then a straight line: q * (|e| - q / 2) with q = min(|e|, delta). */
const huber: OutputLoss = {
  value: (output, target, at) => {
    const error = tf.abs(tf.sub(output, target));
    const quadratic = tf.minimum(error, number(at, 'loss.delta'));
    return tf.mul(quadratic, tf.sub(error, tf.mul(quadratic, number(at, 'half'))));
  },
  gradient: (output, target, share, at) => {
    const delta = number(at, 'loss.delta');
    const error = tf.sub(output, target);
    return tf.mul(tf.minimum(tf.maximum(error, tf.neg(delta)), delta), share);
  },
};

/** p - y log(p + epsilon) */
const poisson: OutputLoss = {
  value: (output, target, at) => tf.sub(output, tf.mul(target, log(tf.add(output, number(at, 'epsilon'))))),
  gradient: (output, target, share, at) => {
    const slope = tf.div(target, tf.add(output, number(at, 'epsilon')));
    return tf.mul(tf.sub(number(at, 'one'), slope), share);
  },
};

/** max(1 - y * output, 0), y = -1 or +1. */
const hinge: OutputLoss = {
  value: (output, target, at) => tf.relu(margin(output, target, at)),
  gradient: (output, target, share, at) => {
    const inside = tf.cast(tf.greaterEqual(margin(output, target, at), number(at, 'zero')), 'float32');
    return tf.mul(inside, tf.mul(tf.neg(target), share));
  },
};

const squaredHinge: OutputLoss = {
  value: (output, target, at) => square(tf.relu(margin(output, target, at))),
  gradient: (output, target, share, at) => {
    const doubled = tf.mul(tf.mul(target, share), tf.neg(number(at, 'two')));
    return tf.mul(tf.relu(margin(output, target, at)), doubled);
  },
};

function margin(output: Tensor, target: Tensor, at: Place): Tensor {
  return tf.sub(number(at, 'one'), tf.mul(output, target));
}

/** Of a probability that is no sigmoid's: Keras clips it to [e, 1 - e] and adds e again inside both logarithms. */
const binaryCrossentropy: OutputLoss = {
  value: (output, target, at) => {
    const { qPlus, restPlus } = clippedProbability(output, at);
    const rest = tf.sub(number(at, 'one'), target);
    return tf.neg(tf.add(tf.mul(target, log(qPlus)), tf.mul(rest, log(restPlus))));
  },
  gradient: (output, target, share, at) => {
    const { q, qPlus, restPlus } = clippedProbability(output, at);
    const slope = tf.sub(tf.div(tf.sub(number(at, 'one'), target), restPlus), tf.div(target, qPlus));
    const inside = tf.cast(tf.equal(q, output), 'float32');
    return tf.mul(tf.mul(slope, inside), share);
  },
};

function clippedProbability(p: Tensor, at: Place): { q: Tensor; qPlus: Tensor; restPlus: Tensor } {
  const e = number(at, 'epsilon');
  const one = number(at, 'one');
  const q = tf.minimum(tf.maximum(p, e), tf.sub(one, e));
  return { q, qPlus: tf.add(q, e), restPlus: tf.add(tf.sub(one, q), e) };
}

/** From the logits, as Keras does it for a sigmoid output: never clipped. */
const binaryCrossentropyOfLogits: Loss = {
  rows: ({ z, target }, at) => {
    const tail = padded(z, (x) => tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    return meanOutputs(tf.add(tf.sub(tf.relu(z), tf.mul(z, target)), tail), at);
  },
  witness: ({ z }) => z,
  gradient: ({ output, target }, share, at) => tf.mul(tf.sub(output, target), meanShare(share, output, at)),
};

/** Of a softmax, from its logits: sum over outputs; the targets of a row add up to 1. */
const categoricalCrossentropyOfLogits: Loss = {
  rows: ({ z, target }) => {
    const { shifted, sum } = shiftedExponentials(z);
    return tf.sum(tf.mul(target, tf.sub(log(sum), shifted)), -1, true);
  },
  witness: ({ z }) => z,
  gradient: ({ output, target }, share) => tf.mul(tf.sub(output, target), share),
};

/** Of a softmax: the sum of y log(y / p), both of them clipped to [epsilon, 1]. */
const klDivergence: Loss = {
  rows: ({ output, target }, at) => {
    const y = clippedShare(target, at);
    return tf.sum(tf.mul(y, log(tf.div(y, clippedShare(output, at)))), -1, true);
  },
  gradient: ({ z, output, target }, share, at) => {
    const p = clippedShare(output, at);
    const inside = tf.cast(tf.equal(p, output), 'float32');
    const dy = tf.mul(tf.div(tf.mul(clippedShare(target, at), inside), p), tf.neg(share));
    return ACTIVATIONS.softmax.gradient(dy, output, z, at);
  },
};

function clippedShare(p: Tensor, at: Place): Tensor {
  return tf.minimum(tf.maximum(p, number(at, 'epsilon')), number(at, 'one'));
}

const OF_DISTRIBUTIONS: Readonly<Partial<Record<LossName, Loss>>> = {
  categorical_crossentropy: categoricalCrossentropyOfLogits,
  sparse_categorical_crossentropy: categoricalCrossentropyOfLogits,
  kl_divergence: klDivergence,
};

const OF_OUTPUTS: Readonly<Partial<Record<LossName, OutputLoss>>> = {
  mse,
  mae,
  msle,
  huber,
  poisson,
  binary_crossentropy: binaryCrossentropy,
  hinge,
  squared_hinge: squaredHinge,
};

/**
 * Undefined where the pair of loss and output activation has no meaning here: what compares distributions is of a
 * softmax, and nothing else is. (Keras would take the logits of a sigmoid for the one, of a softmax for the other.)
 */
export function lossFor(name: LossName, output: ActivationName): Loss | undefined {
  if (output === 'softmax') return OF_DISTRIBUTIONS[name];
  if (output === 'sigmoid' && name === 'binary_crossentropy') return binaryCrossentropyOfLogits;
  const loss = OF_OUTPUTS[name];
  return loss && meanOf(loss, output);
}
