/** What the cpu backend of TensorFlow.js gets wrong where training needs it. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { replaceAveragePoolGradient } from './pooling-gradients.ts';
import { replaceKernel, type KernelCall } from './replace-kernel.ts';

export function registerCpuKernels(): void {
  replaceAveragePoolGradient('cpu');
  replaceKernel(tf.ResizeNearestNeighborGrad, 'cpu', upsamplingGradient);
}

/** Sums the gradients of the pixels that were copied from the same one. */
function upsamplingGradient({
  inputs: { images, dy },
  attrs: { alignCorners },
}: KernelCall<'images' | 'dy', tf.ResizeNearestNeighborGradAttrs>): Tensor {
  const [rows, height, width, channels] = images.shape as [number, number, number, number];
  const [, newHeight, newWidth] = dy.shape as [number, number, number, number];
  const numbered = tf.reshape(tf.range(0, height * width), [1, height, width, 1]) as tf.Tensor4D;
  const copied = tf.image.resizeNearestNeighbor(numbered, [newHeight, newWidth], alignCorners);
  const sources = tf.cast(tf.reshape(copied, [newHeight * newWidth]), 'int32') as tf.Tensor1D;
  const byPixel = tf.transpose(tf.reshape(dy, [rows, newHeight * newWidth, channels]), [1, 0, 2]);
  const sums = tf.unsortedSegmentSum(byPixel, sources, height * width);
  return tf.reshape(tf.transpose(sums, [1, 0, 2]), images.shape);
}
