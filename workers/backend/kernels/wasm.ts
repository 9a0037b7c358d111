/** What the wasm backend of TensorFlow.js lacks, gets wrong or does slowly where training needs it. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { registerDepthwiseGradients } from './depthwise-gradients.ts';
import { replaceAveragePoolGradient, replaceMaxPoolGradient } from './pooling-gradients.ts';
import { replaceKernel, type KernelCall } from './replace-kernel.ts';
import { eachWindow, tapsOf, type Geometry } from './windows.ts';

type InputGradientCall = KernelCall<'dy' | 'filter', tf.Conv2DBackpropInputAttrs>;
type Shape4D = [number, number, number, number];

/** To be called once, after the backend's own kernels are registered. */
export function registerWasmKernels(): void {
  replaceMaxPoolGradient('wasm');
  replaceAveragePoolGradient('wasm');
  registerDepthwiseGradients('wasm');
  replaceKernel(tf.Conv2DBackpropFilter, 'wasm', convolutionFilterGradient);
  replaceKernel(tf.Conv2DBackpropInput, 'wasm', convolutionInputGradient);
  replaceKernel(tf.UnsortedSegmentSum, 'wasm', unsortedSegmentSum);
  replaceKernel(tf.BatchMatMul, 'wasm', matrixProduct);
}

/** The product of what each window sees with the gradients of its outputs. */
function convolutionFilterGradient({
  inputs: { x, dy },
  attrs: { strides, pad, dimRoundingMode, filterShape },
}: KernelCall<'x' | 'dy', tf.Conv2DBackpropFilterAttrs>): Tensor {
  const geometry = tf.backend_util.computeConv2DInfo(x.shape as Shape4D, filterShape, strides, 1, pad, dimRoundingMode);
  const { outChannels } = geometry;
  const gradients = tf.transpose(tf.reshape(dy, [-1, outChannels]));
  return tf.reshape(tf.transpose(tf.matMul(gradients, patchesOf(x, geometry))), filterShape);
}

/** The numbers that each window sees, 0 over the padding: [rows * windows, cells * channels]. */
function patchesOf(x: Tensor, geometry: Geometry): Tensor {
  const { inChannels: channels, filterHeight, filterWidth } = geometry;
  const { batchSize, outHeight, outWidth } = geometry;
  const shape: [number, number] = [batchSize * outHeight * outWidth, filterHeight * filterWidth * channels];
  const patches = new Float32Array(shape[0] * shape[1]);
  const values = x.dataSync<'float32'>();
  const taps = tapsOf(geometry);
  eachWindow(geometry, taps, ({ index, image, from, to }) => {
    const patch = index * shape[1];
    for (let tap = from; tap < to; tap += 1) {
      const pixel = image + taps.pixels[tap]! * channels;
      const cell = patch + taps.cells[tap]! * channels;
      for (let channel = 0; channel < channels; channel += 1) patches[cell + channel] = values[pixel + channel]!;
    }
  });
  return tf.tensor2d(patches, shape);
}

/** With strides of 1, the convolution of the padded gradients with the filter turned round, which is 7 times as quick. */
function convolutionInputGradient({ inputs: { dy, filter }, attrs, own }: InputGradientCall): Tensor {
  const { strides, pad, dimRoundingMode, inputShape } = attrs;
  const shape = filter.shape as Shape4D;
  const geometry = tf.backend_util.computeConv2DInfo(inputShape, shape, strides, 1, pad, dimRoundingMode);
  if (geometry.strideHeight !== 1 || geometry.strideWidth !== 1) return own({ dy, filter }, attrs);
  const { top, bottom, left, right } = geometry.padInfo;
  const [lastRow, lastColumn] = [shape[0] - 1, shape[1] - 1];
  const padded = tf.pad(dy, [
    [0, 0],
    [lastRow - top, lastRow - bottom],
    [lastColumn - left, lastColumn - right],
    [0, 0],
  ]);
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(padded as tf.Tensor4D, turned as tf.Tensor4D, 1, 'valid');
}

/** Sums the rows of `x` by the segment that each belongs to; rows of a negative one belong nowhere. */
function unsortedSegmentSum({
  inputs: { x, segmentIds },
  attrs: { numSegments },
}: KernelCall<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs>): Tensor {
  const [rows, segments] = [x.dataSync<'float32'>(), segmentIds.dataSync<'int32'>()];
  const width = segments.length === 0 ? 0 : rows.length / segments.length;
  const shape = [numSegments, ...x.shape.slice(segmentIds.rank)];
  const sums = new Float32Array(tf.util.sizeFromShape(shape));
  segments.forEach((segment, row) => {
    if (segment < 0) return;
    for (let i = 0; i < width; i += 1) sums[segment * width + i]! += rows[row * width + i]!;
  });
  return tf.tensor(sums, shape, x.dtype);
}

/** Multiplications from which on a product of two matrices is worth bringing them into the form that is quick. */
const LARGE = 1 << 14;

type ProductCall = KernelCall<'a' | 'b', { readonly transposeA: boolean; readonly transposeB: boolean }>;

/** The backend's own kernel is quick for one matrix by one other, neither transposed; up to 90 times slower for all else. */
function matrixProduct({ inputs: { a, b }, attrs, own }: ProductCall): Tensor {
  const { transposeA, transposeB } = attrs;
  const [rows, columns] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  if (rows * columns * inner < LARGE) return own({ a, b: inOneShape(b) }, attrs);
  const [left, right] = [matrices(a, transposeA), matrices(b, transposeB)];
  const stack = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const products = Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
    own(
      { a: left[index % left.length]!, b: inOneShape(right[index % right.length]!) },
      { transposeA: false, transposeB: false },
    ),
  );
  return tf.reshape(products.length === 1 ? products[0]! : tf.concat(products, 0), [...stack, rows, columns]);
}

/** The shape in which numbers were first the right side of a product. */
const shapes = new WeakMap<object, string>();

/**
 * The backend packs the right side of a product once for all and finds it again by its numbers, whatever their shape is
 * by then: wrong results, and writing beyond memory. In another shape than the first they are copied.
 */
function inOneShape(b: Tensor): Tensor {
  const shape = b.shape.slice(-2).join();
  const first = shapes.get(b.dataId);
  if (first === undefined) shapes.set(b.dataId, shape);
  return first === undefined || first === shape ? b : tf.tensor(b.dataSync().slice(), b.shape);
}

/** Each [1, rows, columns], after the transposition if there is to be one. */
function matrices(stack: Tensor, transposed: boolean): readonly Tensor[] {
  const [rows, columns] = stack.shape.slice(-2) as [number, number];
  const flat = tf.reshape(stack, [-1, rows, columns]);
  const upright = transposed ? tf.transpose(flat, [0, 2, 1]) : flat;
  const count = flat.shape[0]!;
  return count === 1 ? [upright] : tf.split(upright, count, 0);
}
