/** Adam and its kin. */

import * as tf from '@tensorflow/tfjs-core';
import { inPlace } from '../../compile/index.ts';
import { named, type Tensor, type Tensors } from '../tensors.ts';
import { isSingle, moved, number, oneMinusPowers, scalar, zeroSlots, type Optimizer } from './optimizer.ts';

/** What `ResourceApplyAdam` takes one of, whatever the number of slots. */
const COMMON = ['beta_1', 'beta_2', 'epsilon'] as const;

/** w -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps): epsilon is not bias-corrected. */
export function adam(amsgrad: boolean): Optimizer {
  return {
    slots: amsgrad ? zeroSlots('m', 'v', 'largest_v') : zeroSlots('m', 'v'),
    scalars: [],
    common: amsgrad ? [] : COMMON,
    // Of the betas that the averages decay by: those in float32.
    numbers: (argument) => ({
      log_beta_1: Math.log(Math.fround(argument('beta_1'))),
      log_beta_2: Math.log(Math.fround(argument('beta_2'))),
    }),
    prepare({ t, rate, hyper }) {
      const [left1, left2] = oneMinusPowers(t, hyper, 'log_beta_1', 'log_beta_2');
      return { rate, corrected: tf.mul(rate, tf.div(tf.sqrt(left2!), left1!)) };
    },
    begin({ numbers, hyper }) {
      const rate = named(numbers, 'corrected');
      const isCommon = !amsgrad && COMMON.every((name) => number(hyper, name).size === 1);
      return {
        scalars: {},
        update(variable, gradient, [m, v, largest]) {
          const moments: Moments = [m!, v!];
          if (isCommon && isSingle(variable)) {
            const [next, ...slots] = applyAdam(variable, moments, gradient, rate, hyper);
            return { variable: next!, slots };
          }
          if (isCommon) {
            // Each slot has a rate of its own: the op is to update a -0 at a rate of 1, which leaves the step alone.
            const nothing = tf.broadcastTo(tf.neg(named(hyper, 'zero')), variable.shape);
            const [step, ...slots] = applyAdam(nothing, moments, gradient, named(hyper, 'one'), hyper);
            return { variable: tf.add(variable, tf.mul(rate, step!)), slots };
          }
          const fresh = movedMoments(moments, gradient, hyper);
          const slots = largest ? [...fresh, tf.maximum(largest, fresh[1])] : fresh;
          const step = tf.div(fresh[0], tf.add(tf.sqrt(slots.at(-1)!), number(hyper, 'epsilon')));
          return { variable: tf.sub(variable, tf.mul(rate, step)), slots };
        },
      };
    },
  };
}

type Moments = readonly [m: Tensor, v: Tensor];

/**
 * New values of target, m and v, by the op that overwrites them.
 * @param rate of one number, as those in `COMMON`; with its correction of the first steps, so that the powers of the
 *   betas are not wanted
 */
function applyAdam(
  target: Tensor,
  moments: Moments,
  gradient: Tensor,
  rate: Tensor,
  hyper: Tensors,
): readonly Tensor[] {
  const lr = scalar(rate);
  const noPower = scalar(named(hyper, 'zero'));
  const numbers = COMMON.map((name) => scalar(number(hyper, name)));
  const args = [noPower, noPower, lr, ...numbers, gradient];
  return inPlace({ name: 'ResourceApplyAdam' }, [target, ...moments], args, ([before, m, v]) => {
    const [mean, square] = movedMoments([m!, v!], gradient, hyper);
    const root = tf.add(tf.sqrt(square), number(hyper, 'epsilon'));
    return [tf.sub(before!, tf.div(tf.mul(mean, lr), root)), mean, square];
  });
}

/** m + (g - m) (1 - b1) and v + (g^2 - v) (1 - b2), rounded as `ResourceApplyAdam` rounds them. */
function movedMoments([m, v]: Moments, gradient: Tensor, hyper: Tensors): Moments {
  const towards = (old: Tensor, fresh: Tensor, beta: string): Tensor =>
    tf.add(old, tf.mul(tf.sub(fresh, old), tf.sub(named(hyper, 'one'), number(hyper, beta))));
  return [towards(m, gradient, 'beta_1'), towards(v, tf.mul(gradient, gradient), 'beta_2')];
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
