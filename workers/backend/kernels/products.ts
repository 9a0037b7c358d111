/** Matrix products by oneDNN, whose kernels are generated for the processor at hand: the wheel's others are for AVX. */

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

/** How oneDNN's kernels are asked for: they share their ops' names with layouts that are not used here. */
const KERNEL_LABEL = 'MklNameChangeOp';

/** A product of `rows` x `inner` by `inner` x `columns`. */
export interface ProductShape {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** Multiplications below which oneDNN's preparation of a call costs more than its kernel spares. */
const LEAST_WORK = 400;

/** Where oneDNN is faster: not with a vector. Never by the number of slots, on which bits would depend then. */
export function suitsOneDnn({ rows, inner, columns }: ProductShape): boolean {
  return rows > 1 && columns > 1 && rows * inner * columns >= LEAST_WORK;
}

export function registerProducts(): void {
  const config = tf.getKernel(tf.BatchMatMul, 'tensorflow');
  tf.unregisterKernel(tf.BatchMatMul, 'tensorflow');
  tf.registerKernel({
    ...config,
    kernelFunc: (args) => {
      const { a, b } = args.inputs as Record<'a' | 'b', tf.TensorInfo>;
      const { transposeA, transposeB } = args.attrs as unknown as tf.BatchMatMulAttrs;
      if (a.dtype !== 'float32' || !suitsOneDnn(shapeOf(a, b, transposeA, transposeB))) return config.kernelFunc(args);
      const node = args.backend as unknown as NodeBackend;
      const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_ATTR_STRING, TF_FLOAT } = node.binding;
      const isBatched = a.shape.length > 2;
      const attributes = [
        { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
        { name: isBatched ? 'adj_x' : 'transpose_a', type: TF_ATTR_BOOL, value: transposeA },
        { name: isBatched ? 'adj_y' : 'transpose_b', type: TF_ATTR_BOOL, value: transposeB },
        { name: '_kernel', type: TF_ATTR_STRING, value: KERNEL_LABEL },
      ];
      return node.executeSingleOutput(isBatched ? '_MklBatchMatMulV2' : '_MklMatMul', attributes, [a, b]);
    },
  });
}

function shapeOf(a: tf.TensorInfo, b: tf.TensorInfo, transposeA: boolean, transposeB: boolean): ProductShape {
  const [rows, inner] = lastTwo(a, transposeA);
  const [, columns] = lastTwo(b, transposeB);
  return { rows, inner, columns };
}

function lastTwo({ shape }: tf.TensorInfo, transposed: boolean): readonly [number, number] {
  const [above, below] = shape.slice(-2) as [number, number];
  return transposed ? [below, above] : [above, below];
}
