/** Learning rates: a function of the updates made so far, or of how the monitored metric goes. Semantics: Keras. */

import * as tf from '@tensorflow/tfjs-core';
import type { Program, ScheduleProgram } from './program.ts';
import { lowerIsBetter } from './stopping.ts';
import { named, padded, type Tensor, type Tensors } from './tensors.ts';

type Scheduled = Pick<Program, 'schedule'>;

/** Per-slot numbers [K, 1, 1] that a schedule keeps, with the value (or the hyperparameter) of a new trial. */
export function scheduleState({ schedule }: Scheduled): Readonly<Record<string, number | { readonly hyper: string }>> {
  if (schedule?.name !== 'reduce_on_plateau') return {};
  return {
    'plateau.rate': { hyper: 'schedule.initial_learning_rate' },
    'plateau.best': Infinity,
    'plateau.wait': 0,
    'plateau.cooldown': 0,
  };
}

/** What a schedule needs besides its arguments, by name. */
export function scheduleNumbers(
  { schedule }: Scheduled,
  hyper: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  switch (schedule?.name) {
    case 'exponential_decay':
      return { 'schedule.log_decay_rate': Math.log(hyper['schedule.decay_rate']!) };
    case 'cosine_decay':
      return { 'schedule.radians_per_step': Math.PI / hyper['schedule.decay_steps']! };
    default:
      return {};
  }
}

/**
 * The learning rates of some updates of an epoch, [K, 1, updates], or [K, 1, 1] where it is the same in all.
 * @param t updates made before each, float32 [K, 1, updates]
 */
export function learningRate({ schedule }: Scheduled, t: Tensor, state: Tensors, hyper: Tensors): Tensor {
  if (!schedule) return named(hyper, 'optimizer.learning_rate');
  switch (schedule.name) {
    case 'exponential_decay': {
      const exponent = tf.mul(periods(schedule.staircase, t, hyper), number(hyper, 'log_decay_rate'));
      return tf.mul(
        number(hyper, 'initial_learning_rate'),
        padded(exponent, (x) => tf.exp(x)),
      );
    }
    case 'inverse_time_decay': {
      const decayed = tf.mul(number(hyper, 'decay_rate'), periods(schedule.staircase, t, hyper));
      return tf.div(number(hyper, 'initial_learning_rate'), tf.add(named(hyper, 'one'), decayed));
    }
    case 'polynomial_decay':
      return polynomialDecay(schedule.cycle, t, hyper);
    case 'cosine_decay':
      return schedule.warmup ? warmedUp(t, hyper) : cosineDecay('initial_learning_rate', t, hyper);
    case 'piecewise_constant':
      return piecewiseConstant(schedule.pieces, t, hyper);
    case 'reduce_on_plateau':
      return named(state, 'plateau.rate');
  }
}

function number(hyper: Tensors, name: string): Tensor {
  return named(hyper, `schedule.${name}`);
}

/** How many times `decay_steps` have passed; a staircase counts whole ones. */
function periods(staircase: boolean, t: Tensor, hyper: Tensors): Tensor {
  const passed = tf.div(t, number(hyper, 'decay_steps'));
  return staircase ? tf.floor(passed) : passed;
}

/** (initial - end) * (1 - t / steps)^power + end; with `cycle` the steps grow to their next multiple at each end. */
function polynomialDecay(cycle: boolean, t: Tensor, hyper: Tensors): Tensor {
  const one = named(hyper, 'one');
  const passed = tf.div(t, number(hyper, 'decay_steps'));
  const share = cycle ? tf.div(passed, tf.maximum(tf.ceil(passed), one)) : tf.minimum(passed, one);
  const end = number(hyper, 'end_learning_rate');
  const range = tf.sub(number(hyper, 'initial_learning_rate'), end);
  return tf.add(tf.mul(range, power(tf.sub(one, share), number(hyper, 'power'))), end);
}

/** start * ((1 - alpha) * (1 + cos(pi * t / steps)) / 2 + alpha) */
function cosineDecay(start: 'initial_learning_rate' | 'warmup_target', t: Tensor, hyper: Tensors): Tensor {
  const one = named(hyper, 'one');
  const alpha = number(hyper, 'alpha');
  const angle = tf.mul(tf.minimum(t, number(hyper, 'decay_steps')), number(hyper, 'radians_per_step'));
  const cosine = padded(angle, (x) => tf.cos(x));
  const share = tf.mul(named(hyper, 'half'), tf.add(one, cosine));
  return tf.mul(number(hyper, start), tf.add(tf.mul(tf.sub(one, alpha), share), alpha));
}

/** In a straight line from the initial rate to `warmup_target`, then the cosine from there. */
function warmedUp(t: Tensor, hyper: Tensors): Tensor {
  const steps = number(hyper, 'warmup_steps');
  const initial = number(hyper, 'initial_learning_rate');
  const climbed = tf.mul(tf.sub(number(hyper, 'warmup_target'), initial), tf.div(t, steps));
  const decayed = cosineDecay('warmup_target', tf.sub(t, steps), hyper);
  return tf.where(tf.less(t, steps), tf.add(climbed, initial), decayed);
}

/** values[i] up to and including boundaries[i]. */
function piecewiseConstant(pieces: number, t: Tensor, hyper: Tensors): Tensor {
  let rate = number(hyper, 'values.0');
  for (let piece = 1; piece < pieces; piece += 1) {
    const passed = tf.greater(t, number(hyper, `boundaries.${piece - 1}`));
    rate = tf.where(passed, number(hyper, `values.${piece}`), rate);
  }
  return rate;
}

/** base^exponent, [K, 1, updates] and [K, 1, 1], with the same bits in every place. */
function power(base: Tensor, exponent: Tensor): Tensor {
  return padded(base, (x) => {
    const flat = tf.reshape(tf.broadcastTo(exponent, base.shape), [base.size]);
    const missing = x.size - base.size;
    return tf.pow(x, missing === 0 ? tf.reshape(flat, x.shape) : tf.pad(flat, [[0, missing]]));
  });
}

/**
 * After an epoch: multiplies the rate by `factor` when the monitored metric has not improved for `patience` epochs, and
 * then lets `cooldown` epochs pass; the one that ends the cooldown counts again. Nothing without such a schedule.
 */
export function plateauEnd({ schedule }: Scheduled, state: Tensors, metrics: Tensors, hyper: Tensors): Tensors {
  if (schedule?.name !== 'reduce_on_plateau') return {};
  return plateau(schedule, state, metrics, hyper);
}

function plateau(
  { monitor }: Extract<ScheduleProgram, { name: 'reduce_on_plateau' }>,
  state: Tensors,
  metrics: Tensors,
  hyper: Tensors,
): Tensors {
  const zero = named(hyper, 'zero');
  const one = named(hyper, 'one');
  const rate = named(state, 'plateau.rate');
  const best = named(state, 'plateau.best');
  const value = lowerIsBetter(monitor, metrics);
  const improved = tf.less(value, tf.sub(best, number(hyper, 'min_delta')));

  const before = named(state, 'plateau.cooldown');
  const cooldown = tf.maximum(tf.sub(before, one), zero);
  const rested = tf.where(tf.greater(before, zero), tf.zerosLike(before), named(state, 'plateau.wait'));
  const waits = tf.logicalAnd(tf.logicalNot(improved), tf.equal(cooldown, zero));
  const waited = tf.where(waits, tf.add(rested, one), rested);
  const lowest = number(hyper, 'min_learning_rate');
  const due = tf.logicalAnd(waits, tf.greaterEqual(waited, number(hyper, 'patience')));
  const reduces = tf.logicalAnd(due, tf.greater(rate, lowest));
  return {
    'plateau.rate': tf.where(reduces, tf.maximum(tf.mul(rate, number(hyper, 'factor')), lowest), rate),
    'plateau.best': tf.where(improved, value, best),
    'plateau.wait': tf.where(tf.logicalOr(improved, reduces), tf.zerosLike(waited), waited),
    'plateau.cooldown': tf.where(reduces, number(hyper, 'cooldown'), cooldown),
  };
}
