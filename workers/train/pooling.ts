/** Pooling of images and its gradients, by TensorFlow's own kernels. */

import * as tf from '@tensorflow/tfjs-core';
import { slide, type SlidingWindow } from '../../src/definition/geometry.ts';
import { asImages, asRows } from './images.ts';
import type { GlobalPoolingProgram, PoolingProgram } from './program.ts';
import type { Tensor } from './tensors.ts';

type AnyPooling = PoolingProgram | GlobalPoolingProgram;

/**
 * The largest or the mean value of each window and channel: [1, rows, units]. Padding takes no part in either.
 * @param x [1, rows, inputs]
 */
export function pool(layer: AnyPooling, x: Tensor): Tensor {
  const { filterSize, strides, pad } = attributes(layer);
  const apply = layer.type === 'max_pooling2d' ? tf.maxPool : tf.avgPool;
  return asRows(apply(asImages(x, layer.image), filterSize, strides, pad));
}

/**
 * dL/dx, of `x`'s shape. A window's largest value gets its whole gradient, of equal ones the first.
 * @param y what `pool` made of `x`
 * @param dy dL/dy, [1, rows, units]
 */
export function poolGradient(layer: AnyPooling, x: Tensor, y: Tensor, dy: Tensor): Tensor {
  const input = asImages(x, layer.image);
  const asOutput = (tensor: Tensor): Tensor =>
    asImages(tensor, slide(layer.image, windowOf(layer), layer.image.channels));
  const { engine, MaxPoolGrad, AvgPoolGrad } = tf;
  return asRows(
    layer.type === 'max_pooling2d'
      ? engine().runKernel(MaxPoolGrad, { dy: asOutput(dy), input, output: asOutput(y) }, attributes(layer))
      : engine().runKernel(AvgPoolGrad, { dy: asOutput(dy), input }, attributes(layer)),
  );
}

/** The window of global pooling is the whole image. */
function windowOf(layer: AnyPooling): SlidingWindow {
  if (layer.type !== 'global_average_pooling2d') {
    return { size: layer.pool_size, strides: layer.strides, padding: layer.padding };
  }
  const { height, width } = layer.image;
  return { size: [height, width], strides: [1, 1], padding: 'valid' };
}

/** As TensorFlow.js' kernels take them. */
function attributes(layer: AnyPooling): {
  filterSize: [number, number];
  strides: [number, number];
  pad: 'valid' | 'same';
} {
  const { size, strides, padding } = windowOf(layer);
  return { filterSize: [...size], strides: [...strides], pad: padding };
}
