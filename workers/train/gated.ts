/**
 * Gradients of a hidden layer of relu with one output above it, such as the wide layer of 2-500-1, whose tensors
 * [K, rows, units] are most of the work: each unit hands on the same gradient, through a gate that is open or not. With x
 * the layer's inputs, d the output's gradient and s the gates, both kernels follow from x^T (d s): the units are passed
 * over once instead of three times.
 */

import * as tf from '@tensorflow/tfjs-core';
import { FOLDED } from './parameters.ts';
import type { LayerProgram } from './program.ts';
import { product, rowSum, type Tensor, type Tensors } from './tensors.ts';

/**
 * Numbers of a tensor [slots, rows, units] in an evaluation, at most about: a megabyte. Of all slots together it would not stay in
 * the cache between product, relu and the product above, and freed and allocated anew in every epoch it costs page faults.
 */
const BLOCK_NUMBERS = 1 << 18;

/** Numbers of float32 in the 64 bytes by which TensorFlow aligns tensors. */
const ALIGNED_NUMBERS = 16;

/** Below so many units the ops that combine the two cost more than the passes that they spare. */
const LEAST_UNITS = 64;

/** Whether these are all layers of a network with one hidden layer that the gradients can be had of in this way. */
export function isGated(layers: readonly LayerProgram[]): boolean {
  const [hidden, output, ...others] = layers;
  if (hidden?.type !== 'dense' || output?.type !== 'dense' || others.length > 0) return false;
  const isNoisy = hidden.noise_before || hidden.noise_after;
  const isPlain = [hidden, output].every((layer) => !layer.normalization && !layer.activity_l1 && !layer.activity_l2);
  return isPlain && !isNoisy && hidden.activation === 'relu' && hidden.units >= LEAST_UNITS && output.units === 1;
}

export interface GatedPass {
  /** Inputs with their column of ones, [1 or K, rows, inputs]. */
  readonly input: Tensor;
  /** What the layer gave after dropout, [K, rows, units]: 0 where a gate is shut. */
  readonly output: Tensor;
  /** Kernel and bias of the layer, [K, inputs, units]. */
  readonly folded: Tensor;
  /** The output's kernel, [K, units, 1]. */
  readonly above: Tensor;
  /** What the product of the output's kernel has for a gradient, [K, rows, 1]. */
  readonly dz: Tensor;
}

/** Of the layer's kernel and bias, and of the kernel above. */
export function gatedGradients({ input, output, folded, above, dz }: GatedPass): Tensors {
  const [slots, inputs, units] = folded.shape as [number, number, number];
  const gates = tf.sign(output);
  const gathered = product(tf.mul(input, dz), gates, true, false);
  const ofAbove = rowSum(tf.ones([1, 1, inputs]), tf.mul(folded, gathered));
  return {
    [FOLDED]: tf.mul(gathered, tf.reshape(above, [slots, 1, units])),
    'layers.1.kernel': tf.reshape(ofAbove, [slots, units, 1]),
  };
}

/**
 * What the output's kernel makes of the units, [K, rows, 1], where no gradient is wanted: block by block of slots.
 */
export function gatedProduct(input: Tensor, folded: Tensor, above: Tensor): Tensor {
  const [slots, , units] = folded.shape as [number, number, number];
  const sizes = blockSizes(slots, input.shape[1]! * units, units);
  const tensors = [input, folded, above].map((tensor) => blocksOf(tensor, sizes));
  const made = sizes.map((_, block) => {
    const [inputs, kernel, kernelAbove] = tensors.map((blocks) => blocks[block]!) as [Tensor, Tensor, Tensor];
    return product(tf.relu(product(inputs, kernel)), kernelAbove);
  });
  return made.length === 1 ? made[0]! : tf.concat(made, 0);
}

/**
 * Of a tensor [K, ...] its blocks; of one that all slots share, [1, ...], the same for each. TensorFlow copies nothing where it
 * takes apart a tensor [blocks, size, ...] whose blocks are aligned.
 */
function blocksOf(tensor: Tensor, sizes: readonly number[]): readonly Tensor[] {
  const [slots, ...shape] = tensor.shape;
  if (slots === 1 || sizes.length === 1) return sizes.map(() => tensor);
  if (sizes.some((size) => size !== sizes[0])) return tf.split(tensor, [...sizes], 0);
  return tf.unstack(tf.reshape(tensor, [sizes.length, sizes[0]!, ...shape]), 0);
}

/**
 * How many slots there are in each block: at least two, since one alone has other bits. Where it can be, as many in each and
 * aligned.
 */
function blockSizes(slots: number, numbersPerSlot: number, units: number): readonly number[] {
  const most = Math.max(2, Math.floor(BLOCK_NUMBERS / numbersPerSlot));
  if (slots <= most) return [slots];
  for (let size = most; size > 1; size -= 1) {
    if (slots % size === 0 && (size * units) % ALIGNED_NUMBERS === 0) return Array(slots / size).fill(size) as number[];
  }
  const blocks = Math.max(1, Math.min(Math.ceil(slots / most), Math.floor(slots / 2)));
  return Array.from({ length: blocks }, (_, block) => Math.floor((slots + block) / blocks));
}
