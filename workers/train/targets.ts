/** What training takes the targets for: exchanged labels, smoothed ones, and rows that weigh by their class. */

import * as tf from '@tensorflow/tfjs-core';
import { encodingOf, type ClassEncoding, type Encoding } from './encoding.ts';
import { seedsOf, type Draw } from './noise.ts';
import type { Program } from './program.ts';
import type { Rows } from './rows.ts';
import { named, type Tensor, type Tensors } from './tensors.ts';

/**
 * The batch's targets and the weight of its rows in this step's loss; evaluations use neither. Labels are exchanged
 * first: a row weighs by the class that it is taken for. Smoothing comes last.
 * @returns `y` [1 or K, rows, outputs]; `share` [1 or K, rows, 1], the row's loss times this is its part of the mean
 */
export function trainingTargets(
  program: Program,
  batch: Pick<Rows, 'y' | 'share'>,
  draw: Draw,
): Pick<Rows, 'y' | 'share'> {
  const encoding = encodingOf(program.loss);
  const labels = program.noise.labels ? disturbed(encoding, batch.y, draw) : batch.y;
  return {
    y: program.label_smoothing ? smoothed(requireClasses(encoding), labels, draw.hyper) : labels,
    share: program.class_weight
      ? tf.mul(batch.share, rowWeights(requireClasses(encoding), labels, draw.hyper))
      : batch.share,
  };
}

function requireClasses(encoding: Encoding): ClassEncoding {
  if (encoding === 'number') throw new Error('only classes can be smoothed or weigh differently');
  return encoding;
}

/** Numbers get normal noise; a class becomes, with that probability, one of the others, all equally likely. */
function disturbed(encoding: Encoding, y: Tensor, draw: Draw): Tensor {
  const [, rows, outputs] = y.shape as [number, number, number];
  const seeds = seedsOf(draw, 'labels', 'labels');
  const strength = named(draw.hyper, 'noise.labels');
  if (encoding === 'number') return tf.add(y, tf.mul(draw.ops.normal(seeds, rows, outputs), strength));

  const uniform = draw.ops.uniform(seeds, rows, 2);
  const [decision, choice] = tf.split(uniform, 2, 2) as [Tensor, Tensor];
  const exchanged = tf.cast(tf.less(decision, strength), 'float32');
  const one = named(draw.hyper, 'one');
  if (encoding === 'binary') return tf.abs(tf.sub(y, exchanged));
  if (encoding === 'signed') return tf.mul(y, tf.sub(one, tf.mul(named(draw.hyper, 'two'), exchanged)));
  // How many places further, 1 to n - 1, of n in a circle.
  const steps = tf.add(tf.floor(tf.mul(choice, named(draw.hyper, 'other_outputs'))), one);
  return rotated(y, tf.mul(steps, exchanged));
}

/** One-hot rows [1 or K, rows, n], the 1 moved on by so many places [K, rows, 1], from the last to the first. */
function rotated(y: Tensor, places: Tensor): Tensor {
  const n = y.shape[2]!;
  const position = tf.range(0, n, 1, 'float32');
  const moved = tf.add(tf.expandDims(tf.cast(tf.argMax(y, -1), 'float32'), -1), places);
  // Where it went past the end, it stands n places too far.
  const hits = [position, tf.range(n, 2 * n, 1, 'float32')].map((at) => tf.equal(moved, at));
  return tf.cast(tf.logicalOr(hits[0]!, hits[1]!), 'float32');
}

/** y + s * (m - y), with m the mean of a target that says nothing: y * (1 - s) + s / n for n classes. Source: Keras. */
function smoothed(encoding: ClassEncoding, y: Tensor, hyper: Tensors): Tensor {
  const neutral = { signed: 'zero', binary: 'half', one_hot: 'one_over_outputs' }[encoding];
  return tf.add(y, tf.mul(named(hyper, 'label_smoothing'), tf.sub(named(hyper, neutral), y)));
}

/** The weight of each row's class, [K, rows, 1]. */
function rowWeights(encoding: ClassEncoding, y: Tensor, hyper: Tensors): Tensor {
  const weight = (index: number): Tensor => named(hyper, `class_weight.${index}`);
  if (encoding === 'one_hot') {
    const weights = Array.from({ length: y.shape[2]! }, (_, index) => weight(index));
    return tf.sum(tf.mul(y, tf.concat(weights, 2)), -1, true);
  }
  const shape = [weight(0).shape[0]!, y.shape[1]!, 1];
  const second = tf.broadcastTo(tf.greater(y, named(hyper, encoding === 'signed' ? 'zero' : 'half')), shape);
  return tf.where(second, tf.broadcastTo(weight(1), shape), tf.broadcastTo(weight(0), shape));
}
