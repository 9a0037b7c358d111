/**
 * Matrix products by oneDNN, whose kernels are generated for the processor at hand: most others of the library are compiled for
 * AVX. TensorFlow keeps them behind ops of its own, which its graph optimiser would put in place of the common ones if
 * oneDNN were switched on as a whole; here they are called by name, and only where they are faster.
 */

import * as tf from '@tensorflow/tfjs-core';

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean;
}

/** The part of tfjs-node's backend that is used here. */
interface NodeBackend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_ATTR_STRING' | 'TF_FLOAT', number>>;
  executeSingleOutput(op: string, attributes: readonly Attribute[], inputs: readonly tf.TensorInfo[]): tf.TensorInfo;
}

/** Label of the kernels that take and give plain tensors. */
const KERNEL = 'MklNameChangeOp';

/** [..., rows, inner] by [..., inner, columns], as they are multiplied. */
export interface ProductShape {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Whether many left matrices are multiplied by one right matrix. */
  readonly sharesRight: boolean;
}

/** Multiplications below which oneDNN's preparation of a call costs more than its kernel spares. */
const LEAST_WORK = 400;

/**
 * Where oneDNN is faster: not with a vector. Never by the number of slots, on which bits would depend then; where slots
 * share the right matrix, oneDNN makes one product of all, whose bits do.
 */
export function suitsOneDnn({ rows, inner, columns, sharesRight }: ProductShape): boolean {
  return rows > 1 && columns > 1 && !sharesRight && rows * inner * columns >= LEAST_WORK;
}

/** Whether the same bits are wanted of every processor: `--portable`. */
export function isPortable(): boolean {
  return process.env['TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL'] === 'false';
}

/** Whether the library has these kernels, and they may be used. */
export function hasOneDnnProducts(): boolean {
  if (isPortable()) return false;
  return tf.tidy(() => {
    try {
      const square = tf.ones([2, 2, 2]);
      multiply(square, square, false, false, tf.backend() as unknown as NodeBackend);
      return true;
    } catch {
      return false;
    }
  });
}

/** To be called once, after tfjs-node is loaded. */
export function registerOneDnnProducts(): void {
  const common = tf.getKernel(tf.BatchMatMul, 'tensorflow');
  tf.unregisterKernel(tf.BatchMatMul, 'tensorflow');
  tf.registerKernel({
    ...common,
    kernelFunc: (args) => {
      const { a, b } = args.inputs as Record<'a' | 'b', tf.TensorInfo>;
      const { transposeA, transposeB } = args.attrs as unknown as tf.BatchMatMulAttrs;
      const isSuited = a.dtype === 'float32' && suitsOneDnn(shapeOf(a, b, transposeA, transposeB));
      if (!isSuited) return common.kernelFunc(args);
      return multiply(a, b, transposeA, transposeB, args.backend as unknown as NodeBackend);
    },
  });
}

function multiply(
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  node: NodeBackend,
): tf.TensorInfo {
  const { binding } = node;
  const isBatched = a.shape.length > 2;
  const [ofA, ofB] = isBatched ? ['adj_x', 'adj_y'] : ['transpose_a', 'transpose_b'];
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: ofA!, type: binding.TF_ATTR_BOOL, value: transposeA },
    { name: ofB!, type: binding.TF_ATTR_BOOL, value: transposeB },
    { name: '_kernel', type: binding.TF_ATTR_STRING, value: KERNEL },
  ];
  return node.executeSingleOutput(isBatched ? '_MklBatchMatMulV2' : '_MklMatMul', attributes, [a, b]);
}

function shapeOf(a: tf.TensorInfo, b: tf.TensorInfo, transposeA: boolean, transposeB: boolean): ProductShape {
  const [rows, inner] = lastTwo(a, transposeA);
  const [, columns] = lastTwo(b, transposeB);
  const count = ({ shape }: tf.TensorInfo): number =>
    shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return { rows, inner, columns, sharesRight: count(b) < count(a) };
}

function lastTwo({ shape }: tf.TensorInfo, transposed: boolean): readonly [number, number] {
  const [above, below] = shape.slice(-2) as [number, number];
  return transposed ? [below, above] : [above, below];
}
