/** Convolution of images and its gradients, by TensorFlow's own kernels: patches and a matrix product are slower. */

import * as tf from '@tensorflow/tfjs-core';
import { slide } from '../../src/definition/geometry.ts';
import { asImages, asRows } from './images.ts';
import type { Conv2dProgram } from './program.ts';
import type { Tensor } from './tensors.ts';

/**
 * Cross-correlation as Keras has it, without the bias: [1, rows, units].
 * @param x [1, rows, inputs]
 * @param kernel [1, kernel height * kernel width * channels in, filters], the numbers of Keras' HWIO in their order
 */
export function convolve(layer: Conv2dProgram, x: Tensor, kernel: Tensor): Tensor {
  const [height, width] = layer.strides;
  return asRows(tf.conv2d(asImages(x, layer.image), asFilter(layer, kernel), [height, width], layer.padding));
}

/** Each is computed when asked for: the lowest layer needs none of its input. */
export interface ConvolutionGradients {
  /** Of `kernel`'s shape. */
  kernel(): Tensor;
  /** Of `x`'s shape. */
  input(): Tensor;
}

/** @param dz dL/d output, [1, rows, units] */
export function convolveGradients(layer: Conv2dProgram, x: Tensor, kernel: Tensor, dz: Tensor): ConvolutionGradients {
  const { image, kernel_size: size, strides, padding, channels } = layer;
  const images = asImages(x, image);
  const filter = asFilter(layer, kernel);
  const dy = asImages(dz, slide(image, { size, strides, padding }, channels));
  const run = (kernelName: string, inputs: tf.NamedTensorMap, shape: tf.NamedAttrMap): Tensor =>
    tf.engine().runKernel(kernelName, inputs, { strides: [...strides], pad: padding, dataFormat: 'NHWC', ...shape });
  return {
    kernel: () =>
      tf.reshape(run(tf.Conv2DBackpropFilter, { x: images, dy }, { filterShape: filter.shape }), kernel.shape),
    input: () => asRows(run(tf.Conv2DBackpropInput, { dy, filter }, { inputShape: images.shape })),
  };
}

function asFilter({ kernel_size: [height, width], image, channels }: Conv2dProgram, kernel: Tensor): tf.Tensor4D {
  return tf.reshape(kernel, [height, width, image.channels, channels]);
}
