/** Optimizers that divide a gradient by the root of its past squares: RMSprop and Adagrad. Epsilon is in the root. */

import * as tf from '@tensorflow/tfjs-core';
import { named } from '../tensors.ts';
import { moved, noNumbers, number, overRoot, rateAlone, zeroSlots, type Optimizer } from './optimizer.ts';

/**
 * w -= lr * g / sqrt(v + eps), centred with v - a^2 for v; with momentum m = mu * m + that step, w -= m.
 * The moving averages v and a leave out their factor 1 - rho: see `moved`.
 */
export function rmsprop(hasMomentum: boolean, centered: boolean): Optimizer {
  return {
    slots: zeroSlots('v', ...(centered ? ['a'] : []), ...(hasMomentum ? ['momentum'] : [])),
    scalars: [],
    numbers(argument) {
      const left = 1 - argument('rho');
      return { one_minus_rho: left, step_scale: 1 / Math.sqrt(left), scaled_epsilon: argument('epsilon') / left };
    },
    prepare: ({ rate, hyper }) => ({ rate, size: tf.mul(rate, number(hyper, 'step_scale')) }),
    begin({ numbers, hyper }) {
      const rho = number(hyper, 'rho');
      const size = named(numbers, 'size');
      return {
        scalars: {},
        update(variable, gradient, [v, ...others]) {
          const square = moved(v!, tf.mul(gradient, gradient), rho);
          const slots = [square];
          let variance = square;
          if (centered) {
            const mean = moved(others.shift()!, gradient, rho);
            slots.push(mean);
            // Rounding must not make it negative.
            variance = tf.relu(tf.sub(square, tf.mul(tf.mul(mean, mean), number(hyper, 'one_minus_rho'))));
          }
          let step = overRoot(tf.mul(size, gradient), tf.add(variance, number(hyper, 'scaled_epsilon')), hyper);
          if (hasMomentum) {
            step = moved(others.shift()!, step, number(hyper, 'momentum'));
            slots.push(step);
          }
          return { variable: tf.sub(variable, step), slots };
        },
      };
    },
  };
}

/** w -= lr * g / sqrt(acc + eps), acc = acc + g^2. */
export const adagrad: Optimizer = {
  slots: [{ name: 'accumulator', initial: { hyper: 'optimizer.initial_accumulator_value' } }],
  scalars: [],
  numbers: noNumbers,
  prepare: rateAlone,
  begin: ({ numbers, hyper }) => ({
    scalars: {},
    update(variable, gradient, [accumulator]) {
      const sum = tf.add(accumulator!, tf.mul(gradient, gradient));
      const step = overRoot(tf.mul(named(numbers, 'rate'), gradient), tf.add(sum, number(hyper, 'epsilon')), hyper);
      return { variable: tf.sub(variable, step), slots: [sum] };
    },
  }),
};
