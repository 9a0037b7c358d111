/** Metrics of one part, evaluated without noise: sums over rows, then one number per slot. */

import * as tf from '@tensorflow/tfjs-core';
import type { Part } from '../../src/metrics.ts';
import type { OutputValues } from './losses.ts';
import type { Program } from './program.ts';
import { named, rowSum, type Tensor, type Tensors } from './tensors.ts';

/**
 * Sums over some rows of a part, each float32 [K, 1, 1]: loss, and what the other metrics are made of.
 * @param present [1, 1, rows], 1 for every row that is there
 */
export function rowSums(loss: Program['loss'], values: OutputValues, lossRows: Tensor, present: Tensor): Tensors {
  const sums: Record<string, Tensor> = { data_loss: rowSum(present, lossRows) };
  if (loss === 'mse') {
    const error = tf.sub(values.output, values.target);
    sums['absolute'] = meanColumns(rowSum(present, tf.abs(error)));
    sums['square'] = meanColumns(rowSum(present, tf.mul(error, error)));
  } else {
    sums['accuracy'] = rowSum(present, correctRows(loss, values));
  }
  return sums;
}

function meanColumns(columns: Tensor): Tensor {
  return columns.shape.at(-1) === 1 ? columns : tf.mean(columns, -1, true);
}

/** 1 where the predicted class is the target's: above one half for one output, else the first largest. [K, rows, 1] */
function correctRows(loss: Program['loss'], { z, output, target }: OutputValues): Tensor {
  const equal =
    loss === 'binary_crossentropy'
      ? tf.equal(tf.greater(output, tf.scalar(0.5)), tf.greater(target, tf.scalar(0.5)))
      : tf.expandDims(tf.equal(tf.argMax(z, -1), tf.argMax(target, -1)), -1);
  return tf.cast(equal, 'float32');
}

/**
 * The metrics of a part of `count` rows by name, each float32 [K, 1, 1]. Regression metrics are brought to the target's own units:
 * `hyper` holds `data.scale` (own = scaled * scale + offset) and per part `data.<part>.one_over_variance`.
 */
export function partMetrics(
  part: Part,
  sums: Tensors,
  count: Tensor,
  penalty: Tensor | undefined,
  hyper: Tensors,
): Tensors {
  const mean = (name: string): Tensor => tf.div(named(sums, name), count);
  const dataLoss = mean('data_loss');
  const metrics: Record<string, Tensor> = {
    [`${part}_loss`]: penalty ? tf.add(dataLoss, penalty) : dataLoss,
    [`${part}_data_loss`]: dataLoss,
  };
  if (sums['accuracy']) metrics[`${part}_accuracy`] = mean('accuracy');
  if (sums['square']) {
    const scale = named(hyper, 'data.scale');
    const mse = tf.mul(tf.mul(mean('square'), scale), scale);
    metrics[`${part}_mae`] = tf.mul(mean('absolute'), scale);
    metrics[`${part}_mse`] = mse;
    metrics[`${part}_rmse`] = tf.sqrt(mse);
    const unexplained = tf.mul(mse, named(hyper, `data.${part}.one_over_variance`));
    metrics[`${part}_r2`] = tf.sub(named(hyper, 'one'), unexplained);
  }
  return metrics;
}
