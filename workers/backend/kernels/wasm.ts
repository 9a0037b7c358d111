/** What the wasm backend of TensorFlow.js lacks, gets wrong or does slowly where training needs it. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { registerDepthwiseGradients } from './depthwise-gradients.ts';
import { replaceAveragePoolGradient, replaceMaxPoolGradient } from './pooling-gradients.ts';
import { replaceKernel, type KernelCall } from './replace-kernel.ts';

type Shape4D = [number, number, number, number];

/** To be called once, after the backend's own kernels are registered. */
export function registerWasmKernels(): void {
  replaceMaxPoolGradient('wasm');
  replaceAveragePoolGradient('wasm');
  registerDepthwiseGradients('wasm');
  replaceKernel(tf.Conv2DBackpropFilter, 'wasm', convolutionFilterGradient);
  replaceKernel(tf.UnsortedSegmentSum, 'wasm', unsortedSegmentSum);
  replaceKernel(tf.BatchMatMul, 'wasm', matrixProduct);
}

/** The product of what each cell of the filter sees with the gradients of the outputs. */
function convolutionFilterGradient({
  inputs: { x, dy },
  attrs: { strides, pad, dimRoundingMode, filterShape },
}: KernelCall<'x' | 'dy', tf.Conv2DBackpropFilterAttrs>): Tensor {
  const geometry = tf.backend_util.computeConv2DInfo(x.shape as Shape4D, filterShape, strides, 1, pad, dimRoundingMode);
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth, batchSize, inChannels, outChannels } = geometry;
  const padding: [number, number][] = [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ];
  const padded = tf.pad(x, padding);
  const seen: Tensor[] = [];
  for (let y = 0; y < filterShape[0]; y += 1) {
    for (let left = 0; left < filterShape[1]; left += 1) {
      const end = [y + (outHeight - 1) * strideHeight + 1, left + (outWidth - 1) * strideWidth + 1] as const;
      seen.push(
        tf.stridedSlice(padded, [0, y, left, 0], [batchSize, ...end, inChannels], [1, strideHeight, strideWidth, 1]),
      );
    }
  }
  const places = batchSize * outHeight * outWidth;
  const columns = tf.reshape(tf.concat(seen, 3), [places, seen.length * inChannels]);
  const gradient = tf.matMul(tf.transpose(tf.reshape(dy, [places, outChannels])), columns);
  return tf.reshape(tf.transpose(gradient), filterShape);
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
  if (rows * columns * inner < LARGE) return own({ a, b }, attrs);
  const [left, right] = [matrices(a, transposeA), matrices(b, transposeB)];
  const stack = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const products = Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
    own({ a: left[index % left.length]!, b: right[index % right.length]! }, { transposeA: false, transposeB: false }),
  );
  return tf.reshape(products.length === 1 ? products[0]! : tf.concat(products, 0), [...stack, rows, columns]);
}

/** Each [1, rows, columns], after the transposition if there is to be one. */
function matrices(stack: Tensor, transposed: boolean): readonly Tensor[] {
  const [rows, columns] = stack.shape.slice(-2) as [number, number];
  const flat = tf.reshape(stack, [-1, rows, columns]);
  const upright = transposed ? tf.transpose(flat, [0, 2, 1]) : flat;
  const count = flat.shape[0]!;
  return count === 1 ? [upright] : tf.split(upright, count, 0);
}
