/** Our operations as TensorFlow ops, executed through tfjs-node's binding. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { LANE_OFFSET, LARGEST_THRESHOLD, type MaskShape, type Ops } from './ops.ts';

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean;
}

/** The part of tfjs-node's backend that is used here. */
interface NativeBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    executeOp(op: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: 1): readonly [Metadata];
    deleteTensor(id: number): void;
  };
  executeSingleOutput(op: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  createOutputTensor(metadata: Metadata): Tensor;
  getInputTensorIds(tensors: readonly Tensor[]): number[];
}

/** A tensor of the native library, which may be of a type that TensorFlow.js has no tensors of. */
interface Metadata {
  readonly id: number;
}

/** TensorFlow's numbers of types. */
const FLOAT = 1;
const INT32 = 3;
const INT16 = 5;

function native(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

function type(name: string, value: number): Attribute {
  return { name, type: native().binding.TF_ATTR_TYPE, value };
}

const shapes = new Map<string, Tensor>();

/** Shapes are inputs of TensorFlow's generators: one small tensor each, kept for the life of the thread. */
function shapeTensor(shape: readonly number[]): Tensor {
  const key = shape.join();
  let tensor = shapes.get(key);
  if (!tensor) {
    tensor = tf.keep(tf.tensor1d([...shape], 'int32'));
    shapes.set(key, tensor);
  }
  return tensor;
}

/** One generator op per slot, so that no slot's numbers depend on another's place. */
function perSlot(op: string, dtype: number, seeds: Tensor, shape: readonly number[]): Tensor {
  const attributes = [type('dtype', dtype), type('T', INT32), type('Tseed', INT32)];
  const size = shapeTensor(shape);
  return tf.stack(tf.unstack(seeds).map((seed) => native().executeSingleOutput(op, attributes, [size, seed])));
}

/** Cut into int16 lanes and compared there: one pass over half the memory that int32 lanes would take. */
function keepMasks(seeds: Tensor, rows: number, masks: readonly MaskShape[]): readonly Tensor[] {
  const slots = seeds.shape[0]!;
  const counts = masks.map(({ units }) => rows * units);
  const wordCount = Math.ceil(counts.reduce((sum, count) => sum + count, 0) / 2);
  const words = perSlot('StatelessRandomUniformFullInt', INT32, seeds, [wordCount]);
  const ints = (value: number): Tensor => tf.scalar(value, 'int32');
  const limits = masks.map(({ threshold }) => {
    const perRow = tf.minimum(tf.reshape(threshold, [slots, 1]), ints(LARGEST_THRESHOLD));
    return tf.sub(perRow, ints(LANE_OFFSET));
  });
  const kept = viaInt16((execute) => {
    const pairs = execute('Bitcast', { T: INT32, type: INT16 }, words);
    const lanes = execute('Reshape', { T: INT16, Tshape: INT32 }, pairs, shapeTensor([slots, wordCount * 2]));
    let from = 0;
    return counts.map((count, index) => {
      const isAll = count === wordCount * 2;
      const [begin, size] = [shapeTensor([0, from]), shapeTensor([slots, count])];
      const used = isAll ? lanes : execute('Slice', { T: INT16, Index: INT32 }, lanes, begin, size);
      from += count;
      const limit = execute('Cast', { SrcT: INT32, DstT: INT16 }, limits[index]!);
      return execute('GreaterEqual', { T: INT16 }, used, limit);
    });
  });
  return kept.map((mask, index) => tf.cast(tf.reshape(mask, [slots, rows, masks[index]!.units]), 'float32'));
}

type Execute = (op: string, types: Readonly<Record<string, number>>, ...inputs: (Tensor | Metadata)[]) => Metadata;

/**
 * Executes ops whose values in between are of a type that TensorFlow.js has no tensors of: they go by their native ids
 * and are freed. The results must be of a type that it has.
 */
function viaInt16(work: (execute: Execute) => readonly Metadata[]): readonly Tensor[] {
  const backend = native();
  const made = new Set<number>();
  const execute: Execute = (op, types, ...inputs) => {
    const ids = inputs.map((input) => ('dataId' in input ? backend.getInputTensorIds([input])[0]! : input.id));
    const attributes = Object.entries(types).map(([name, value]) => type(name, value));
    const [output] = backend.binding.executeOp(op, attributes, ids, 1);
    made.add(output.id);
    return output;
  };
  try {
    const results = work(execute);
    for (const { id } of results) made.delete(id);
    return results.map((result) => backend.createOutputTensor(result));
  } finally {
    for (const id of made) backend.binding.deleteTensor(id);
  }
}

/** The ops of which TensorFlow's graph optimiser makes one, `_FusedMatMul`; it does not know those of tfjs-node's kernels. */
function biasedProduct(a: Tensor, b: Tensor, bias: Tensor, activation: 'linear' | 'relu'): Tensor {
  const made = native().executeSingleOutput('MatMul', [type('T', FLOAT)], [a, b]);
  const biased = native().executeSingleOutput('BiasAdd', [type('T', FLOAT)], [made, bias]);
  return activation === 'relu' ? tf.relu(biased) : biased;
}

export const nativeOps: Ops = {
  biasedProduct,
  keepMasks,
  uniform: (seeds, rows, units) => perSlot('StatelessRandomUniform', FLOAT, seeds, [rows, units]),
  normal: (seeds, rows, units) => perSlot('StatelessRandomNormal', FLOAT, seeds, [rows, units]),
  reluGradient: (dy, y) => native().executeSingleOutput('ReluGrad', [type('T', FLOAT)], [dy, y]),
  tanhGradient: (dy, y) => native().executeSingleOutput('TanhGrad', [type('T', FLOAT)], [y, dy]),
};
