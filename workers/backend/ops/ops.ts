/** The few operations of our own: the same results on every backend, natively or in JavaScript. */

import type { Tensor } from '@tensorflow/tfjs-core';

/** The bits of a unit lie in [-128, 127], as signed numbers. */
export const LANE_OFFSET = 0x80;
/** No larger one can be told from a byte. */
export const LARGEST_THRESHOLD = 0xff00;

/** Bytes of a block of Philox. */
export const BLOCK_BYTES = 16;

export interface MaskShape {
  readonly units: number;
  /** int32 [K, 1, 1], rate * 65536, 0xff00 at most. */
  readonly threshold: Tensor;
}

export interface MaskDraw {
  /** int32 [K] each: the stream of a slot's random numbers, and the number of its first step, 0 or more. */
  readonly streams: Tensor;
  readonly t: Tensor;
  /** How many steps from there on. */
  readonly steps: number;
  readonly rows: number;
}

/**
 * Random numbers are Philox 4x32-10, and never depend on a state: those of masks are addressed by stream and step, others
 * by a pair of seeds per slot, as TensorFlow's stateless generators take them.
 */
export interface Ops {
  /**
   * Which units are kept in each step, one mask after the other: bool [K, steps, rows, units] each.
   * A step has as many blocks as its bytes need, and begins with block t * blocks of its stream (key (stream, 0), 64-bit
   * counter): however many steps are drawn at once, each has the same numbers.
   * Unit i of a slot and step, counted through all masks, takes byte i (low ones of a word first) as an int8, and is
   * dropped when that is below the limit of its row in its mask. Eight bits tell 256 rates only: the limit is
   * (threshold >> 8) - 128, or one more with a probability of (threshold & 255) / 256, by the row's own byte. These follow
   * those of all units, row after row one for each mask: the probability of a unit is exact, and two in a row are as good as
   * independent.
   */
  keepMasks(draw: MaskDraw, masks: readonly MaskShape[]): readonly Tensor[];
  /**
   * Uniform numbers, float32 [K, rows, units] in [0, 1): multiples of 2^-23, the same bits on every backend.
   * @param seeds int32 [K, 2]
   */
  uniform(seeds: Tensor, rows: number, units: number): Tensor;
  /**
   * Standard normal numbers, float32 [K, rows, units]; backends agree to 1e-6.
   * @param seeds int32 [K, 2]
   */
  normal(seeds: Tensor, rows: number, units: number): Tensor;
  /**
   * activation(a b + bias), float32 [m, n] by [n, p] with a bias [p]; in a compiled function one op, whose bits may differ.
   */
  biasedProduct(a: Tensor, b: Tensor, bias: Tensor, activation: 'linear' | 'relu'): Tensor;
  /** Whole slots: those of `fresh` where the bool [K] `chosen` is true, else those of `old`, both [K, ...] of one type. */
  choose(chosen: Tensor, fresh: Tensor, old: Tensor): Tensor;
  /** `dy` where `y` = relu(x) is above 0, else 0. */
  reluGradient(dy: Tensor, y: Tensor): Tensor;
  /** dy * (1 - y^2), y = tanh(x). */
  tanhGradient(dy: Tensor, y: Tensor): Tensor;
}

/** Blocks of random bytes that a slot's masks of one step take: a byte per unit, and one per row and mask. */
export function maskBlocks(rows: number, masks: readonly Pick<MaskShape, 'units'>[]): number {
  const bytes = masks.reduce((sum, { units }) => sum + rows * (units + 1), 0);
  return Math.ceil(bytes / BLOCK_BYTES);
}
