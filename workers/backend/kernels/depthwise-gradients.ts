/** Gradients of depthwise convolution in JavaScript, which TensorFlow.js' wasm backend lacks. */

import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from './replace-kernel.ts';
import { eachWindow, tapsOf, type Geometry } from './windows.ts';

type Shape4D = [number, number, number, number];
type Attributes = Pick<
  tf.DepthwiseConv2dNativeBackpropFilterAttrs,
  'strides' | 'dilations' | 'pad' | 'dimRoundingMode'
>;

/** Filters are [height, width, channels, multiplier]: channel c of the input has the outputs from c * multiplier on. */
export function registerDepthwiseGradients(backendName: string): void {
  replaceKernel<'x' | 'dy', tf.DepthwiseConv2dNativeBackpropFilterAttrs>(
    tf.DepthwiseConv2dNativeBackpropFilter,
    backendName,
    ({ inputs: { x, dy }, attrs }) => {
      const geometry = geometryOf(x.shape as Shape4D, attrs.filterShape, attrs);
      const gradient = new Float32Array(tf.util.sizeFromShape(attrs.filterShape));
      const [input, output] = [x.dataSync<'float32'>(), dy.dataSync<'float32'>()];
      eachProduct(geometry, (i, f, o) => (gradient[f]! += input[i]! * output[o]!));
      return tf.tensor(gradient, attrs.filterShape);
    },
  );
  replaceKernel<'dy' | 'filter', tf.DepthwiseConv2dNativeBackpropInputAttrs>(
    tf.DepthwiseConv2dNativeBackpropInput,
    backendName,
    ({ inputs: { dy, filter }, attrs }) => {
      const geometry = geometryOf(attrs.inputShape, filter.shape as Shape4D, attrs);
      const gradient = new Float32Array(tf.util.sizeFromShape(attrs.inputShape));
      const [weights, output] = [filter.dataSync<'float32'>(), dy.dataSync<'float32'>()];
      eachProduct(geometry, (i, f, o) => (gradient[i]! += weights[f]! * output[o]!));
      return tf.tensor(gradient, attrs.inputShape);
    },
  );
}

function geometryOf(input: Shape4D, filter: Shape4D, attributes: Attributes): Geometry {
  const { strides, dilations, pad, dimRoundingMode } = attributes;
  return tf.backend_util.computeConv2DInfo(input, filter, strides, dilations, pad, dimRoundingMode, true);
}

/** Visits the indices of every input, weight and output that are multiplied with and added to each other. */
function eachProduct(geometry: Geometry, visit: (input: number, weight: number, output: number) => void): void {
  const { inChannels, outChannels } = geometry;
  const multiplier = outChannels / inChannels;
  const taps = tapsOf(geometry);
  eachWindow(geometry, taps, ({ index, image, from, to }) => {
    const output = index * outChannels;
    for (let tap = from; tap < to; tap += 1) {
      const pixel = image + taps.pixels[tap]! * inChannels;
      const cell = taps.cells[tap]! * outChannels;
      for (let k = 0; k < outChannels; k += 1) visit(pixel + Math.floor(k / multiplier), cell + k, output + k);
    }
  });
}
