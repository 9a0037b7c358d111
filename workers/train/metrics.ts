/** Metrics of one part, evaluated without noise: sums over rows, then one number per slot. */

import * as tf from '@tensorflow/tfjs-core';
import type { BaseMetric, Part } from '../../src/metrics.ts';
import { classColumns, classMetrics, rocAuc } from './class-metrics.ts';
import { encodingOf } from './encoding.ts';
import type { OutputValues } from './losses.ts';
import type { Program } from './program.ts';
import { named, rowSum, type Tensor, type Tensors } from './tensors.ts';

/** Of these not the sum over rows is kept but the rows themselves: a ranking needs all of a part. */
const ROWS_KEPT: ReadonlySet<string> = new Set(['scores', 'truth']);

/**
 * What the metrics of some rows of a part are made of, for `joinSums` and `partMetrics`: sums over rows [K, 1, 1] or per
 * class [K, 1, classes], and what a ranking needs.
 * @param lossRows [K, rows, 1]
 * @param present [1, 1, rows], 1 for every row that is there; where `auc` is asked for, all are
 */
export function rowSums(program: Program, values: OutputValues, lossRows: Tensor, present: Tensor): Tensors {
  const sum = (rows: Tensor): Tensor => rowSum(present, rows);
  const data_loss = sum(lossRows);
  const encoding = encodingOf(program.loss);
  if (encoding === 'number') {
    const error = tf.sub(values.output, values.target);
    const absolute = meanColumns(sum(tf.abs(error)));
    return { data_loss, absolute, square: meanColumns(sum(tf.mul(error, error))) };
  }
  const columns = classColumns(encoding, values);
  const sums: Record<string, Tensor> = { data_loss, accuracy: sum(columns.correct) };
  if (asksFor(program, ['f1', 'precision', 'recall'])) {
    sums['hits'] = sum(tf.mul(columns.predicted, columns.truth));
    sums['predicted'] = sum(columns.predicted);
    sums['actual'] = sum(columns.truth);
  }
  if (asksFor(program, ['auc'])) Object.assign(sums, { scores: columns.scores, truth: columns.truth });
  return sums;
}

/** Of two groups of rows of a part what `rowSums` gives of both together. */
export function joinSums(a: Tensors, b: Tensors): Tensors {
  const join = (name: string): Tensor =>
    ROWS_KEPT.has(name) ? tf.concat([named(a, name), named(b, name)], 1) : tf.add(named(a, name), named(b, name));
  return Object.fromEntries(Object.keys(a).map((name) => [name, join(name)]));
}

function asksFor(program: Program, metrics: readonly BaseMetric[]): boolean {
  return program.metrics.some((name) => metrics.some((metric) => name.endsWith(`_${metric}`)));
}

function meanColumns(columns: Tensor): Tensor {
  return columns.shape.at(-1) === 1 ? columns : tf.mean(columns, -1, true);
}

/**
 * The metrics of a part by name, each float32 [K, 1, 1]. Regression metrics are brought to the target's own units:
 * `hyper` holds `data.scale` (own = scaled * scale + offset) and per part `data.<part>.one_over_variance`.
 * @param sums of all rows of the part
 * @param count [1, 1, 1], how many they are
 * @param penalty [K, 1, 1], what the loss has besides the data loss
 */
export function partMetrics(
  program: Program,
  part: Part,
  sums: Tensors,
  count: Tensor,
  penalty: Tensor | undefined,
  hyper: Tensors,
): Tensors {
  const mean = (name: string): Tensor => tf.div(named(sums, name), count);
  const dataLoss = mean('data_loss');
  const metrics: Partial<Record<BaseMetric, Tensor>> = {
    loss: penalty ? tf.add(dataLoss, penalty) : dataLoss,
    data_loss: dataLoss,
  };
  if (sums['accuracy']) metrics.accuracy = mean('accuracy');
  if (sums['hits']) Object.assign(metrics, classMetrics(sums, hyper));
  if (sums['scores']) metrics.auc = rocAuc(sums['scores'], named(sums, 'truth'), count, hyper);
  if (sums['square']) {
    const scale = named(hyper, 'data.scale');
    const mse = tf.mul(tf.mul(mean('square'), scale), scale);
    const unexplained = tf.mul(mse, named(hyper, `data.${part}.one_over_variance`));
    metrics.mae = tf.mul(mean('absolute'), scale);
    metrics.mse = mse;
    metrics.rmse = tf.sqrt(mse);
    metrics.r2 = tf.sub(named(hyper, 'one'), unexplained);
  }
  return Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [`${part}_${metric}`, value]));
}
