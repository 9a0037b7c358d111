/** Adam and its kin. The moving averages leave out their factors 1 - beta: see `moved`. */

import * as tf from '@tensorflow/tfjs-core';
import { inPlace } from '../../compile/index.ts';
import { named, type Tensor, type Tensors } from '../tensors.ts';
import {
  asUpdated,
  isSingle,
  moved,
  number,
  oneMinusPowers,
  scalar,
  zeroSlots,
  type Optimizer,
  type Updated,
} from './optimizer.ts';

/** w -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps): epsilon is not bias-corrected. */
export function adam(amsgrad: boolean): Optimizer {
  return {
    slots: amsgrad ? zeroSlots('m', 'v', 'largest_v') : zeroSlots('m', 'v'),
    scalars: [],
    numbers(argument) {
      const root = Math.sqrt(1 - argument('beta_2'));
      return {
        log_beta_1: Math.log(argument('beta_1')),
        log_beta_2: Math.log(argument('beta_2')),
        step_scale: (1 - argument('beta_1')) / root,
        scaled_epsilon: argument('epsilon') / root,
      };
    },
    prepare({ t, rate, hyper }) {
      const [left1, left2] = oneMinusPowers(t, hyper, 'log_beta_1', 'log_beta_2');
      const corrected = tf.mul(rate, tf.div(tf.sqrt(left2!), left1!));
      return { rate, corrected, size: tf.mul(corrected, number(hyper, 'step_scale')) };
    },
    begin({ numbers, hyper }) {
      const size = named(numbers, 'size');
      const corrected = named(numbers, 'corrected');
      return {
        scalars: {},
        update(variable, gradient, [m, v, largest]) {
          if (isSingle(variable) && !amsgrad) return singleAdam([variable, m!, v!], gradient, corrected, hyper);
          const mean = moved(m!, gradient, number(hyper, 'beta_1'));
          const square = moved(v!, tf.mul(gradient, gradient), number(hyper, 'beta_2'));
          const slots = largest ? [mean, square, tf.maximum(largest, square)] : [mean, square];
          const root = tf.add(tf.sqrt(slots.at(-1)!), number(hyper, 'scaled_epsilon'));
          return { variable: tf.sub(variable, tf.div(tf.mul(size, mean), root)), slots };
        },
      };
    },
  };
}

/**
 * By the one op that overwrites variable, m and v: these averages have their factors.
 * @param rate with its correction of the first steps, so that the powers of the betas are not wanted
 */
function singleAdam(targets: readonly Tensor[], gradient: Tensor, rate: Tensor, hyper: Tensors): Updated {
  const one = scalar(named(hyper, 'one'));
  const noPower = scalar(named(hyper, 'zero'));
  const numbers = [rate, number(hyper, 'beta_1'), number(hyper, 'beta_2'), number(hyper, 'epsilon')].map(scalar);
  const args = [noPower, noPower, ...numbers, gradient];
  const expand = ([variable, m, v]: readonly Tensor[]): readonly Tensor[] => {
    const [lr, beta1, beta2, epsilon] = numbers as [Tensor, Tensor, Tensor, Tensor];
    const towards = (old: Tensor, fresh: Tensor, beta: Tensor): Tensor =>
      tf.add(old, tf.mul(tf.sub(fresh, old), tf.sub(one, beta)));
    const mean = towards(m!, gradient, beta1);
    const square = towards(v!, tf.mul(gradient, gradient), beta2);
    return [tf.sub(variable!, tf.div(tf.mul(mean, lr), tf.add(tf.sqrt(square), epsilon))), mean, square];
  };
  return asUpdated(inPlace({ name: 'ResourceApplyAdam' }, targets, args, expand));
}

/** w -= lr / (1 - b1^t) * m / (u + eps), u = max(b2 * u, |g|). */
export const adamax: Optimizer = {
  slots: zeroSlots('m', 'u'),
  scalars: [],
  numbers: (argument) => ({ log_beta_1: Math.log(argument('beta_1')), step_scale: 1 - argument('beta_1') }),
  prepare({ t, rate, hyper }) {
    const [left] = oneMinusPowers(t, hyper, 'log_beta_1');
    return { rate, size: tf.mul(rate, tf.div(number(hyper, 'step_scale'), left!)) };
  },
  begin({ numbers, hyper }) {
    const size = named(numbers, 'size');
    return {
      scalars: {},
      update(variable, gradient, [m, u]) {
        const mean = moved(m!, gradient, number(hyper, 'beta_1'));
        const largest = tf.maximum(tf.mul(u!, number(hyper, 'beta_2')), tf.abs(gradient));
        const step = tf.div(tf.mul(size, mean), tf.add(largest, number(hyper, 'epsilon')));
        return { variable: tf.sub(variable, step), slots: [mean, largest] };
      },
    };
  },
};

/** How the momentum of Nadam grows towards beta_1. Source: Dozat, "Incorporating Nesterov Momentum into Adam". */
const NADAM_DECAY = 0.96;

/**
 * w -= lr * (u' m / (1 - U u') + (1 - u) g / (1 - U)) / (sqrt(v / (1 - b2^t)) + eps), with u = b1 (1 - .96^t / 2),
 * u' the next one, U the product of all u so far. (A compiled `fit` of Keras 2.15 multiplies U too often.)
 */
export const nadam: Optimizer = {
  slots: zeroSlots('m', 'v'),
  scalars: [{ name: 'momentum_product', initial: 1 }],
  numbers: (argument) => ({
    log_beta_2: Math.log(argument('beta_2')),
    one_minus_beta_1: 1 - argument('beta_1'),
    one_minus_beta_2: 1 - argument('beta_2'),
    decay: NADAM_DECAY,
    log_decay: Math.log(NADAM_DECAY),
  }),
  prepare({ t, rate, hyper }) {
    const [grown, left2] = oneMinusPowers(t, hyper, 'log_decay', 'log_beta_2');
    return { rate, grown: grown!, left: left2! };
  },
  begin({ numbers, state, hyper }) {
    const one = named(hyper, 'one');
    const beta1 = number(hyper, 'beta_1');
    const rate = named(numbers, 'rate');
    const missing = tf.mul(tf.sub(one, named(numbers, 'grown')), named(hyper, 'half'));
    const momentum = tf.mul(beta1, tf.sub(one, missing));
    const nextMomentum = tf.mul(beta1, tf.sub(one, tf.mul(missing, number(hyper, 'decay'))));
    const product = tf.mul(named(state, 'optimizer.momentum_product'), momentum);
    // The root of v / (1 - b2^t) is that of `square` times `spread`, by which all else is divided.
    const ratio = tf.sqrt(tf.div(number(hyper, 'one_minus_beta_2'), named(numbers, 'left')));
    const spread = tf.maximum(ratio, named(hyper, 'zero'));
    const size = tf.div(rate, spread);
    const ahead = tf.mul(tf.mul(size, nextMomentum), number(hyper, 'one_minus_beta_1'));
    const ofMean = tf.div(ahead, tf.sub(one, tf.mul(product, nextMomentum)));
    const ofGradient = tf.div(tf.mul(size, tf.sub(one, momentum)), tf.sub(one, product));
    const epsilon = tf.div(number(hyper, 'epsilon'), spread);
    return {
      scalars: { 'optimizer.momentum_product': product },
      update(variable, gradient, [m, v]) {
        const mean = moved(m!, gradient, beta1);
        const square = moved(v!, tf.mul(gradient, gradient), number(hyper, 'beta_2'));
        const direction = tf.add(tf.mul(ofMean, mean), tf.mul(ofGradient, gradient));
        const step = tf.div(direction, tf.add(tf.sqrt(square), epsilon));
        return { variable: tf.sub(variable, step), slots: [mean, square] };
      },
    };
  },
};
