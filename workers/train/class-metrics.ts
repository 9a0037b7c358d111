/** Metrics of classes: what is right, precision and recall, and the ranking. Semantics: scikit-learn. */

import * as tf from '@tensorflow/tfjs-core';
import type { ClassEncoding } from './encoding.ts';
import type { OutputValues } from './losses.ts';
import { named, type Tensor, type Tensors } from './tensors.ts';

/** A column per class, but of two classes only that of the second, which is the positive one. */
export interface ClassColumns {
  /** [K, rows, 1], 1 where the class is the right one. */
  readonly correct: Tensor;
  /** [K, rows, n], 1 where the row is taken for that class. */
  readonly predicted: Tensor;
  /** [1 or K, rows, n], 1 where it is of that class. */
  readonly truth: Tensor;
  /** [K, rows, n], higher for what is more of that class. */
  readonly scores: Tensor;
}

/** The positive class is predicted above one half (of -1 and 1: above 0), one of many where it is the first largest. */
export function classColumns(encoding: ClassEncoding, { z, output, target }: OutputValues): ClassColumns {
  if (encoding !== 'one_hot') {
    const middle = tf.scalar(encoding === 'signed' ? 0 : 0.5);
    const predicted = tf.greater(output, middle);
    const truth = tf.greater(target, middle);
    return {
      correct: tf.cast(tf.equal(predicted, truth), 'float32'),
      predicted: tf.cast(predicted, 'float32'),
      truth: tf.cast(truth, 'float32'),
      scores: output,
    };
  }
  const winner = tf.expandDims(tf.argMax(z, -1), -1);
  const classes = z.shape[2]!;
  const predicted = tf.cast(tf.equal(winner, tf.range(0, classes, 1, 'int32')), 'float32');
  const positive = (columns: Tensor): Tensor =>
    classes === 2 ? tf.slice(columns, [0, 0, 1], [columns.shape[0]!, columns.shape[1]!, 1]) : columns;
  return {
    correct: tf.cast(tf.equal(winner, tf.expandDims(tf.argMax(target, -1), -1)), 'float32'),
    predicted: positive(predicted),
    truth: positive(target),
    scores: positive(output),
  };
}

/**
 * Precision, recall and F1, [K, 1, 1] each: of the positive class, or the mean over the classes that were there or
 * predicted; 0 where they are 0 / 0.
 * @param sums `hits` (predicted and right), `predicted`, `actual`: rows per class, [1 or K, 1, n]
 */
export function classMetrics(sums: Tensors, hyper: Tensors): Record<'precision' | 'recall' | 'f1', Tensor> {
  const [hits, predicted, actual] = ['hits', 'predicted', 'actual'].map((name) => named(sums, name)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const one = named(hyper, 'one');
  const both = tf.add(predicted, actual);
  const mean = (numerator: Tensor, denominator: Tensor): Tensor => {
    const ratio = tf.div(numerator, tf.maximum(denominator, one));
    if (ratio.shape[2] === 1) return ratio;
    const seen = tf.cast(tf.greater(both, named(hyper, 'zero')), 'float32');
    return tf.div(tf.sum(ratio, -1, true), tf.sum(seen, -1, true));
  };
  return {
    precision: mean(hits, predicted),
    recall: mean(hits, actual),
    f1: mean(tf.mul(named(hyper, 'two'), hits), both),
  };
}

/**
 * Area under the ROC curve, [K, 1, 1]; of more than two classes the mean of each against the rest. It is the share of
 * pairs of a positive and a negative row that are in order, ties half: by ranks, 1/2 + sum (below - above) / 2PN over the
 * P positive rows, where `below` and `above` count all rows of lower and higher score. NaN where a class has no row, or all.
 * @param scores [K, rows, n]
 * @param truth [1 or K, rows, n]
 * @param count [1, 1, 1], rows
 */
export function rocAuc(scores: Tensor, truth: Tensor, count: Tensor, hyper: Tensors): Tensor {
  const [slots, rows, columns] = scores.shape as [number, number, number];
  const perColumn = (x: Tensor): Tensor => (columns === 1 ? tf.reshape(x, [-1, 1, rows]) : tf.transpose(x, [0, 2, 1]));
  const flat = tf.reshape(perColumn(scores), [slots * columns, rows]);
  const ascending = tf.neg(tf.topk(tf.neg(flat), rows).values);
  const balance = tf.sub(
    tf.add(tf.lowerBound(ascending, flat), tf.upperBound(ascending, flat)),
    tf.scalar(rows, 'int32'),
  );
  const positive = perColumn(truth);
  const ranks = tf.mul(tf.reshape(tf.cast(balance, 'float32'), [slots, columns, rows]), positive);
  const positives = tf.sum(positive, -1, true);
  const pairs = tf.mul(positives, tf.sub(count, positives));
  const excess = tf.div(tf.sum(ranks, -1, true), tf.mul(named(hyper, 'two'), pairs));
  const areas = tf.add(named(hyper, 'half'), excess);
  return columns === 1 ? areas : tf.mean(areas, 1, true);
}
