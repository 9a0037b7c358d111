/** Dropout and Gaussian noise, keyed by stream and step so that no number depends on company, order or time. */

import * as tf from '@tensorflow/tfjs-core';
import type { Ops } from '../backend/ops/ops.ts';
import type { Program } from './program.ts';
import { mapTensors, named, type Tensor, type Tensors } from './tensors.ts';

/** What may be drawn in one place; part of a seed, so that two kinds at one layer never share numbers. */
const SITES = {
  noise_before: 1,
  noise_after: 2,
  noise: 3,
  weight_noise: 4,
  gradients: 5,
  labels: 6,
  augment: 7,
} as const;
export type NoiseSite = keyof typeof SITES;
const SITES_PER_STEP = 16;

/** The place of what happens to the features. */
export const INPUT = 'input';

/** The drawing side of a training step. `t`: int32 [K], updates made so far by each slot. */
export interface Draw {
  readonly ops: Ops;
  readonly t: Tensor;
  readonly hyper: Tensors;
  /** What `drawMasks` gave for this step, bool [K, rows, units] by place; drawn where it is needed if absent. */
  readonly masks?: Tensors | undefined;
}

/**
 * int32 [K, 2]: (hash of the stream, t * 16 + site). Source: DESIGN, randomness.
 * @param place one of `noisyPlaces`
 */
export function seedsOf(draw: Draw, place: string, site: NoiseSite): Tensor {
  const stream = named(draw.hyper, `${place}.stream`);
  const step = tf.add(tf.mul(draw.t, tf.scalar(SITES_PER_STEP, 'int32')), tf.scalar(SITES[site], 'int32'));
  return tf.stack([stream, step], 1);
}

/** Which of [K, rows, units] stay. */
export interface DropoutMask {
  /** float32: 0 where a unit is dropped, else 1. */
  readonly mask: Tensor;
  /** [K, 1, 1]: the mean of mask * scale is 1. */
  readonly scale: Tensor;
}

/** Where dropout falls. */
export interface DropoutPlace {
  readonly name: string;
  readonly units: number;
}

export function dropoutPlaces(program: Program): readonly DropoutPlace[] {
  return [
    ...(program.input.dropout ? [{ name: INPUT, units: program.data.width }] : []),
    ...program.layers.flatMap(({ dropout, units }, index) => (dropout ? [{ name: `layers.${index}`, units }] : [])),
  ];
}

/**
 * Which units stay in this step and those after it, from one draw for all places and steps: an op costs more than its
 * numbers in a small network. bool [K, steps, rows, units] by place.
 */
export function drawMasks(draw: Draw, places: readonly DropoutPlace[], rows: number, steps: number): Tensors {
  if (places.length === 0) return {};
  const streams = named(draw.hyper, 'dropout.stream');
  const shapes = places.map(({ name, units }) => ({
    units,
    threshold: named(draw.hyper, `${name}.dropout.threshold`),
  }));
  const masks = draw.ops.keepMasks({ streams, t: draw.t, steps, rows }, shapes);
  return Object.fromEntries(places.map(({ name }, index) => [name, masks[index]!]));
}

/** The masks of the step by place. */
export function dropoutMasks(
  draw: Draw,
  places: readonly DropoutPlace[],
  rows: number,
): ReadonlyMap<string, DropoutMask> {
  const kept = draw.masks ?? mapTensors(drawMasks(draw, places, rows, 1), (mask) => tf.squeeze(mask, [1]));
  return new Map(
    places.map(({ name }) => [
      name,
      { mask: tf.cast(named(kept, name), 'float32'), scale: named(draw.hyper, `${name}.dropout.scale`) },
    ]),
  );
}

/** `x` [K, rows, units] plus normal noise of the site's standard deviation. */
export function addNoise(draw: Draw, place: string, site: NoiseSite, x: Tensor): Tensor {
  const [, rows, units] = x.shape as [number, number, number];
  const normal = draw.ops.normal(seedsOf(draw, place, site), rows, units);
  return tf.add(x, tf.mul(normal, named(draw.hyper, `${place}.${site}`)));
}

/** The kernel [K, inputs, units] as the step's forward and backward pass see it. */
export function weightNoise(draw: Draw, place: string, kernel: Tensor): Tensor {
  return addNoise(draw, place, 'weight_noise', kernel);
}

/**
 * The gradients, by variable, plus normal noise of standard deviation `noise.gradients`. All numbers come from one draw,
 * dealt out in the order of the names, so that they do not depend on how the variables are stored.
 */
export function gradientNoise(draw: Draw, program: Program, gradients: Tensors): Tensors {
  if (!program.noise.gradients) return gradients;
  const slots = draw.t.shape[0]!;
  const names = Object.keys(gradients).sort();
  const sizes = names.map((name) => named(gradients, name).size / slots);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const normal = draw.ops.normal(seedsOf(draw, 'gradients', 'gradients'), 1, total);
  const noise = tf.mul(normal, named(draw.hyper, 'noise.gradients'));
  const pieces = tf.split(noise, sizes, 2);
  return Object.fromEntries(
    names.map((name, index) => {
      const gradient = named(gradients, name);
      return [name, tf.add(gradient, tf.reshape(pieces[index]!, gradient.shape))];
    }),
  );
}
