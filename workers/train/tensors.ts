/** Named tensors: the form in which state, hyperparameters, batches and metrics pass between the training functions. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { Ops } from '../backend/ops/ops.ts';

export type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Everything that belongs to a slot has a leading axis K. Per-slot numbers are float32 [K, 1, 1], so that they
 * broadcast over [K, rows, units]; step counters and seeds are int32 [K].
 */
export type Tensors = Readonly<Record<string, Tensor>>;

/** The tensor of that name; a missing one is a defect of ours. */
export function named(tensors: Tensors, name: string): Tensor {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`no tensor named ${name} among ${Object.keys(tensors).join(', ')}`);
  return tensor;
}

/** The same names, with other tensors. */
export function mapTensors<T extends object>(tensors: T, change: (tensor: Tensor, name: string) => Tensor): T {
  return Object.fromEntries(Object.entries(tensors).map(([name, each]) => [name, change(each as Tensor, name)])) as T;
}

/** Those whose names have the prefix, without it. */
export function under(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}

/** With the prefix before each name. */
export function over(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

/** A layer as its functions see it: its name, such as `layers.3`, before those of its numbers. */
export interface Place {
  readonly name: string;
  readonly hyper: Tensors;
  readonly ops: Ops;
}

const PACKET = 16;

/**
 * Applies an elementwise function whose vectorised body and scalar tail differ in their last bits (exp, log, tanh,
 * sigmoid, pow and their kin): padded to whole vectors, an element's bits do not depend on where it stands.
 */
export function padded(x: Tensor, apply: (x: Tensor) => Tensor): Tensor {
  const missing = (PACKET - (x.size % PACKET)) % PACKET;
  if (missing === 0) return apply(x);
  const long = apply(tf.pad(tf.reshape(x, [x.size]), [[0, missing]]));
  return tf.reshape(tf.slice(long, [0], [x.size]), x.shape);
}

/**
 * Batched matrix product, [1 or K, m, n] by [1 or K, n, p]. One matrix by another is a product of rank 2, which has a
 * faster kernel: so a stack of one slot has other bits than one of many.
 */
export function product(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  if (!isMatrix(a) || !isMatrix(b)) return tf.matMul(a, b, transposeA, transposeB);
  return stacked(tf.matMul(matrix(a), matrix(b), transposeA, transposeB));
}

/** activation(a b + bias) of stacks of one slot: [1, m, n] by [1, n, p], and a bias [1, 1, p]. */
export function biasedProduct(a: Tensor, b: Tensor, bias: Tensor, activation: 'linear' | 'relu', ops: Ops): Tensor {
  return stacked(ops.biasedProduct(matrix(a), matrix(b), tf.reshape(bias, [-1]), activation));
}

/** Of a stack of one slot, or of rows that all slots share. */
export function isMatrix(x: Tensor): boolean {
  return x.rank === 3 && x.shape[0] === 1;
}

function matrix(x: Tensor): tf.Tensor2D {
  return tf.reshape(x, [x.shape[1]!, x.shape[2]!]);
}

/** The other way round. Not `expandDims`: a compiled function drops reshapes that undo one another. */
function stacked(x: Tensor): Tensor {
  return tf.reshape(x, [1, ...(x.shape as [number, number])]);
}

/**
 * Inner product per slot, float32 [K, 1, 1], of tensors [1 or K, ...] with as many numbers each. A batched matrix product: a
 * reduction op's order of addition would depend on where the slot lies in memory.
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  const row = (x: Tensor): Tensor => tf.reshape(x, [x.shape[0]!, 1, -1]);
  // Transposed, not reshaped: that has the faster kernel by far.
  return product(row(a), row(b), false, true);
}

/** Weighted sum over rows: [1 or K, 1, rows] times [K, rows, n] gives [K, 1, n]. */
export function rowSum(weights: Tensor, values: Tensor): Tensor {
  return product(weights, values);
}

/**
 * Selects per slot: `fresh` where the float32 [K, 1, 1] `chosen` is not 0, else `old`, both [K, ...]. A true choice, not
 * arithmetic: a NaN on the side not taken does not leak.
 */
export function choose(chosen: Tensor, fresh: Tensor, old: Tensor, ops: Ops): Tensor {
  return ops.choose(tf.reshape(tf.cast(chosen, 'bool'), [-1]), fresh, old);
}
