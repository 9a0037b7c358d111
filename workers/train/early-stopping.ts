/** Early stopping: what each trigger waits for. Definitions for users: docs/definition.md. */

import * as tf from '@tensorflow/tfjs-core';
import type { Program } from './program.ts';
import { named, type Tensor, type Tensors } from './tensors.ts';

/**
 * Per-slot numbers of the state: the value that later ones are held against, and the epochs since. However long the
 * patience, no older values are needed.
 */
export const MONITOR_STATE: Readonly<Record<string, number>> = { 'monitor.reference': Infinity, 'monitor.wait': 0 };

/** bool [K, 1, 1] each. */
export interface Watched {
  /** The waiting begins anew at this epoch. */
  readonly restarts: Tensor;
  /** This epoch is the one too many. */
  readonly stops: Tensor;
  /** New values of `MONITOR_STATE`. */
  readonly state: Tensors;
}

/**
 * What an epoch means to the trigger. It looks at epochs that `every` divides and at the last one of the budget; waits
 * are counted in epochs all the same.
 * @param epoch [K, 1, 1], from 1
 * @param value [K, 1, 1] of the monitor, lower is better
 * @param exhausted bool [K, 1, 1], the budget ends here
 * @param hyper `patience`, `min_delta`, `every`
 */
export function watch(
  trigger: Program['trigger'],
  { epoch, value, exhausted }: { readonly epoch: Tensor; readonly value: Tensor; readonly exhausted: Tensor },
  state: Tensors,
  hyper: Tensors,
): Watched {
  const reference = named(state, 'monitor.reference');
  const wait = tf.add(named(state, 'monitor.wait'), named(hyper, 'one'));
  const due = tf.greaterEqual(wait, named(hyper, 'patience'));
  const looks = tf.logicalOr(divides(named(hyper, 'every'), epoch), exhausted);
  const goesOn = restartsAt(trigger, { value, reference, wait, due, min_delta: named(hyper, 'min_delta') });
  const restarts = tf.logicalAnd(looks, goesOn);
  const stops = tf.logicalAnd(tf.logicalAnd(looks, tf.logicalNot(goesOn)), due);
  // A decline is from one look to the next, everything else since the waiting began.
  const moves = trigger === 'decrease' ? looks : restarts;
  return {
    restarts,
    stops,
    state: {
      'monitor.reference': tf.where(moves, value, reference),
      'monitor.wait': tf.where(restarts, tf.zerosLike(wait), wait),
    },
  };
}

interface Look {
  readonly value: Tensor;
  /** Infinite before the first look. */
  readonly reference: Tensor;
  readonly wait: Tensor;
  /** As many epochs have passed as `patience` allows. */
  readonly due: Tensor;
  readonly min_delta: Tensor;
}

function restartsAt(trigger: Program['trigger'], { value, reference, wait, due, min_delta }: Look): Tensor {
  switch (trigger) {
    case 'no_improvement':
      return tf.less(value, tf.sub(reference, min_delta));
    case 'absolute_change':
      return tf.greater(tf.abs(tf.sub(reference, value)), min_delta);
    case 'decrease':
      return tf.logicalNot(tf.greater(value, tf.add(reference, min_delta)));
    case 'average_change': {
      const gained = tf.greater(tf.sub(reference, value), tf.mul(min_delta, wait));
      const first = tf.logicalNot(tf.isFinite(reference));
      return tf.logicalAnd(gained, tf.logicalOr(due, first));
    }
  }
}

/** Exact for whole numbers: a quotient that is none is never rounded to one. */
function divides(every: Tensor, epoch: Tensor): Tensor {
  return tf.equal(tf.mul(tf.floor(tf.div(epoch, every)), every), epoch);
}
