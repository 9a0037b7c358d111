/**
 * Gradients of pooling in JavaScript, where TensorFlow.js gets them wrong: wasm finds no largest value that is not
 * positive, and wasm and cpu divide by the whole window even where a part of it is padding.
 */

import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from './replace-kernel.ts';
import { eachWindow, tapsOf, type Geometry, type Taps } from './windows.ts';

/** Adds to `dx`, which is 0. */
type Gradient = (dx: Float32Array, dy: Float32Array, x: Float32Array, geometry: Geometry, taps: Taps) => void;

export function replaceMaxPoolGradient(backendName: string): void {
  replace(tf.MaxPoolGrad, backendName, maxPoolGradient);
}

export function replaceAveragePoolGradient(backendName: string): void {
  replace(tf.AvgPoolGrad, backendName, averagePoolGradient);
}

function replace(kernelName: string, backendName: string, gradient: Gradient): void {
  replaceKernel<'dy' | 'input', tf.MaxPoolGradAttrs>(kernelName, backendName, ({ inputs: { dy, input }, attrs }) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const shape = input.shape as [number, number, number, number];
    const geometry = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const dx = new Float32Array(input.size);
    gradient(dx, dy.dataSync<'float32'>(), input.dataSync<'float32'>(), geometry, tapsOf(geometry));
    return tf.tensor(dx, shape);
  });
}

/** All to the largest value of a window, of equal ones to the first: as native TensorFlow has it. */
function maxPoolGradient(...[dx, dy, x, geometry, taps]: Parameters<Gradient>): void {
  const { inChannels: channels } = geometry;
  eachWindow(geometry, taps, ({ index: window, image, from, to }) => {
    for (let channel = 0; channel < channels; channel += 1) {
      let largest = image + taps.pixels[from]! * channels + channel;
      for (let tap = from + 1; tap < to; tap += 1) {
        const index = image + taps.pixels[tap]! * channels + channel;
        if (x[index]! > x[largest]!) largest = index;
      }
      dx[largest]! += dy[window * channels + channel]!;
    }
  });
}

/** An equal share to each pixel of a window. */
function averagePoolGradient(...[dx, dy, , geometry, taps]: Parameters<Gradient>): void {
  const { inChannels: channels } = geometry;
  eachWindow(geometry, taps, ({ index: window, image, from, to }) => {
    for (let tap = from; tap < to; tap += 1) {
      const pixel = image + taps.pixels[tap]! * channels;
      for (let channel = 0; channel < channels; channel += 1) {
        dx[pixel + channel]! += dy[window * channels + channel]! / (to - from);
      }
    }
  });
}
