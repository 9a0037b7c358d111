/** Optimizers: elementwise updates of one variable, and what a slot keeps for them. Semantics: Keras. */

import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerProgram } from './program.ts';
import { named, padded, type Tensor, type Tensors } from './tensors.ts';

export interface Optimizer {
  /** Names of the moving quantities kept per variable, such as `m` and `v`; they start at 0. */
  readonly slots: readonly string[];
  /**
   * The update of one step.
   * @param t float32 [K, 1, 1], updates made after this one (1 for the first)
   */
  begin(t: Tensor, hyper: Tensors): (variable: Tensor, gradient: Tensor, slots: readonly Tensor[]) => Updated;
}

export interface Updated {
  readonly variable: Tensor;
  readonly slots: readonly Tensor[];
}

export function optimizerOf(program: OptimizerProgram): Optimizer {
  return program.name === 'adam' ? adam : sgd(program.momentum, program.nesterov);
}

/** m = momentum * m - lr * g; w += m, or w += momentum * m - lr * g with Nesterov. */
function sgd(hasMomentum: boolean, nesterov: boolean): Optimizer {
  return {
    slots: hasMomentum ? ['momentum'] : [],
    begin: (_t, hyper) => {
      const rate = named(hyper, 'optimizer.learning_rate');
      return (variable, gradient, [velocity]) => {
        const scaled = tf.mul(rate, gradient);
        if (!velocity) return { variable: tf.sub(variable, scaled), slots: [] };
        const momentum = named(hyper, 'optimizer.momentum');
        const moved = tf.sub(tf.mul(momentum, velocity), scaled);
        const step = nesterov ? tf.sub(tf.mul(momentum, moved), scaled) : moved;
        return { variable: tf.add(variable, step), slots: [moved] };
      };
    },
  };
}

/** w -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps): epsilon is not bias-corrected. */
const adam: Optimizer = {
  slots: ['m', 'v'],
  begin: (t, hyper) => {
    const one = named(hyper, 'one');
    const beta1 = named(hyper, 'optimizer.beta_1');
    const beta2 = named(hyper, 'optimizer.beta_2');
    const correction = (beta: Tensor): Tensor => tf.sub(one, power(beta, t));
    const rate = tf.div(tf.mul(named(hyper, 'optimizer.learning_rate'), tf.sqrt(correction(beta2))), correction(beta1));
    const fresh1 = named(hyper, 'optimizer.one_minus_beta_1');
    const fresh2 = named(hyper, 'optimizer.one_minus_beta_2');
    const epsilon = named(hyper, 'optimizer.epsilon');
    return (variable, gradient, [m, v]) => {
      const mean = tf.add(tf.mul(beta1, m!), tf.mul(fresh1, gradient));
      const square = tf.add(tf.mul(beta2, v!), tf.mul(fresh2, tf.mul(gradient, gradient)));
      const step = tf.div(tf.mul(rate, mean), tf.add(tf.sqrt(square), epsilon));
      return { variable: tf.sub(variable, step), slots: [mean, square] };
    };
  },
};

/** base^exponent of [K, 1, 1] tensors, with the same bits in every slot. */
function power(base: Tensor, exponent: Tensor): Tensor {
  return padded(base, (x) => {
    const flat = tf.reshape(exponent, [exponent.size]);
    const missing = x.size - exponent.size;
    return tf.pow(x, missing === 0 ? tf.reshape(flat, x.shape) : tf.pad(flat, [[0, missing]]));
  });
}
