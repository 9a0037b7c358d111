/** Batch and layer normalization, forward and backward. Semantics: Keras, with the population variance throughout. */

import * as tf from '@tensorflow/tfjs-core';
import type { LayerProgram } from './program.ts';
import type { Rows } from './rows.ts';
import { named, rowSum, type Tensor, type Tensors } from './tensors.ts';

/** One number per channel. Without the leading K. */
export interface ChannelEntry {
  readonly name: string;
  readonly shape: readonly [1, number];
  readonly initial: 0 | 1;
}

/** The variables of the layer's normalization: gamma where it has a scale, beta where it has a center. */
export function normalizationVariables(layer: LayerProgram, place: string): readonly ChannelEntry[] {
  if (!layer.normalization) return [];
  const shape = [1, layer.channels] as const;
  return [
    ...(layer.scale ? [{ name: `${place}.gamma`, shape, initial: 1 } as const] : []),
    ...(layer.center ? [{ name: `${place}.beta`, shape, initial: 0 } as const] : []),
  ];
}

/** Its moving moments, which an evaluation takes in place of the batch's; a layer normalization has none. */
export function normalizationStatistics(layer: LayerProgram, place: string): readonly ChannelEntry[] {
  if (layer.normalization !== 'batch_normalization') return [];
  const shape = [1, layer.channels] as const;
  return [
    { name: `${place}.moving_mean`, shape, initial: 0 },
    { name: `${place}.moving_variance`, shape, initial: 1 },
  ];
}

/** A layer's normalization with its tensors, all by name; numbers `<place>.normalization.epsilon`, `.momentum`. */
export interface NormalizationInputs {
  readonly layer: LayerProgram;
  readonly place: string;
  readonly variables: Tensors;
  readonly statistics: Tensors;
  readonly hyper: Tensors;
}

/** What the backward pass needs: [K, rows * pixels, channels], and 1 / standard deviation, which broadcasts over it. */
export interface NormalizationTape {
  readonly standardized: Tensor;
  readonly inverse: Tensor;
}

export interface Normalized {
  /** [K, rows, units] */
  readonly output: Tensor;
  readonly tape: NormalizationTape;
  /** New moving moments by name; none in an evaluation or for a layer normalization. */
  readonly statistics: Tensors;
}

/**
 * Moments are over the rows that are there and, of an image, over its pixels.
 * @param z [K, rows, units], units = pixels * channels
 * @param rows of the batch; undefined when evaluating, where a batch normalization uses its moving moments
 */
export function normalize(inputs: NormalizationInputs, z: Tensor, rows: Rows | undefined): Normalized {
  const { layer, place, variables } = inputs;
  const values = asPixels(layer, z);
  const moments = momentsOf(inputs, values, rows && pixelRows(layer, rows));
  const standardized = tf.mul(moments.centred, moments.inverse);
  let output = standardized;
  if (layer.scale) output = tf.mul(output, named(variables, `${place}.gamma`));
  if (layer.center) output = tf.add(output, named(variables, `${place}.beta`));
  const [, rowCount, units] = z.shape as [number, number, number];
  return {
    // The leading K may be gamma's, where the slots share their rows.
    output: tf.reshape(output, [-1, rowCount, units]),
    tape: { standardized, inverse: moments.inverse },
    statistics: moments.statistics,
  };
}

interface Moments {
  readonly centred: Tensor;
  readonly inverse: Tensor;
  readonly statistics: Tensors;
}

function momentsOf(
  { layer, place, statistics, hyper }: NormalizationInputs,
  values: Tensor,
  rows?: PixelRows,
): Moments {
  const moved = (name: string, fresh: Tensor): Tensor => {
    const momentum = named(hyper, `${place}.normalization.momentum`);
    const rest = tf.sub(named(hyper, 'one'), momentum);
    return tf.add(tf.mul(named(statistics, name), momentum), tf.mul(fresh, rest));
  };
  const inverseOf = (variance: Tensor): Tensor =>
    inverseRoot(tf.add(variance, named(hyper, `${place}.normalization.epsilon`)), hyper);

  if (layer.normalization === 'layer_normalization') {
    const centred = tf.sub(values, tf.mean(values, -1, true));
    return { centred, inverse: inverseOf(tf.mean(tf.square(centred), -1, true)), statistics: {} };
  }
  const names = { mean: `${place}.moving_mean`, variance: `${place}.moving_variance` };
  if (!rows) {
    const centred = tf.sub(values, named(statistics, names.mean));
    return { centred, inverse: inverseOf(named(statistics, names.variance)), statistics: {} };
  }
  const mean = tf.div(rowSum(rows.present, values), rows.count);
  const centred = tf.sub(values, mean);
  const variance = tf.div(rowSum(rows.present, tf.square(centred)), rows.count);
  return {
    centred,
    inverse: inverseOf(variance),
    statistics: { [names.mean]: moved(names.mean, mean), [names.variance]: moved(names.variance, variance) },
  };
}

/** The rows that moments are over: of an image one per pixel. */
interface PixelRows {
  /** [1, 1, rows * pixels] */
  readonly present: Tensor;
  /** [1, rows * pixels, 1], weights in the mean; not the batch's, in which classes may weigh differently. */
  readonly share: Tensor;
  /** [1, 1, 1] */
  readonly count: Tensor;
}

function pixelRows(layer: LayerProgram, rows: Rows): PixelRows {
  const pixels = layer.units / layer.channels;
  if (pixels === 1) return withShare(rows.present, rows.count);
  const present = tf.reshape(tf.tile(tf.reshape(rows.present, [-1, 1]), [1, pixels]), [1, 1, -1]);
  return withShare(present, tf.sum(present, -1, true));
}

function withShare(present: Tensor, count: Tensor): PixelRows {
  return { present, count, share: tf.div(tf.reshape(present, [1, -1, 1]), count) };
}

/** [K, rows, pixels * channels] to [K, rows * pixels, channels]. */
function asPixels(layer: LayerProgram, values: Tensor): Tensor {
  return layer.units === layer.channels ? values : tf.reshape(values, [values.shape[0]!, -1, layer.channels]);
}

/** 1 / sqrt(x); the maximum, which changes nothing, keeps TensorFlow from its `Rsqrt`, whose bits depend on the place. */
function inverseRoot(x: Tensor, hyper: Tensors): Tensor {
  return tf.div(named(hyper, 'one'), tf.maximum(tf.sqrt(x), named(hyper, 'zero')));
}

/**
 * dL/dz from dL/d output, both [K, rows, units], and the gradients of gamma and beta by name.
 * @param dy 0 in rows that only fill up
 */
export function normalizeGradient(
  { layer, place, variables }: Omit<NormalizationInputs, 'statistics'>,
  { standardized, inverse }: NormalizationTape,
  dy: Tensor,
  batch: Rows,
): { readonly dz: Tensor; readonly gradients: Tensors } {
  const rows = pixelRows(layer, batch);
  const slopes = asPixels(layer, dy);
  const gamma = layer.scale ? named(variables, `${place}.gamma`) : undefined;
  const ofBeta = (): Tensor => rowSum(rows.present, slopes);
  const ofGamma = (): Tensor => rowSum(rows.present, tf.mul(slopes, standardized));

  if (layer.normalization === 'layer_normalization') {
    const scaled = gamma ? tf.mul(slopes, gamma) : slopes;
    const along = tf.mean(tf.mul(scaled, standardized), -1, true);
    const dz = tf.sub(tf.sub(scaled, tf.mean(scaled, -1, true)), tf.mul(standardized, along));
    return {
      dz: tf.reshape(tf.mul(dz, inverse), dy.shape),
      gradients: {
        ...(layer.scale ? { [`${place}.gamma`]: ofGamma() } : {}),
        ...(layer.center ? { [`${place}.beta`]: ofBeta() } : {}),
      },
    };
  }
  const sum = ofBeta();
  const along = ofGamma();
  const shared = tf.mul(rows.share, tf.add(sum, tf.mul(standardized, along)));
  const factor = gamma ? tf.mul(gamma, inverse) : inverse;
  return {
    dz: tf.reshape(tf.mul(tf.sub(slopes, shared), factor), dy.shape),
    gradients: {
      ...(layer.scale ? { [`${place}.gamma`]: along } : {}),
      ...(layer.center ? { [`${place}.beta`]: sum } : {}),
    },
  };
}
