/** Our operations as TensorFlow ops, executed through tfjs-node's binding. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { LANE_OFFSET, LARGEST_THRESHOLD, type Ops } from './ops.ts';

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
function keepMask(seeds: Tensor, threshold: Tensor, rows: number, units: number): Tensor {
  const slots = seeds.shape[0]!;
  const count = rows * units;
  const wordCount = Math.ceil(count / 2);
  const words = perSlot('StatelessRandomUniformFullInt', INT32, seeds, [wordCount]);
  const ints = (value: number): Tensor => tf.scalar(value, 'int32');
  const perRow = tf.minimum(tf.reshape(threshold, [slots, 1]), ints(LARGEST_THRESHOLD));
  const limits = tf.sub(perRow, ints(LANE_OFFSET));
  const kept = viaInt16((execute) => {
    const pairs = execute('Bitcast', { T: INT32, type: INT16 }, words);
    const lanes = execute('Reshape', { T: INT16, Tshape: INT32 }, pairs, shapeTensor([slots, wordCount * 2]));
    const begin = shapeTensor([0, 0]);
    const used =
      count % 2 === 0 ? lanes : execute('Slice', { T: INT16, Index: INT32 }, lanes, begin, shapeTensor([slots, count]));
    const limit = execute('Cast', { SrcT: INT32, DstT: INT16 }, limits);
    return execute('GreaterEqual', { T: INT16 }, used, limit);
  });
  return tf.cast(tf.reshape(kept, [slots, rows, units]), 'float32');
}

type Execute = (op: string, types: Readonly<Record<string, number>>, ...inputs: (Tensor | Metadata)[]) => Metadata;

/**
 * Executes ops whose values in between are of a type that TensorFlow.js has no tensors of: they go by their native ids
 * and are freed. The result must be of a type that it has.
 */
function viaInt16(work: (execute: Execute) => Metadata): Tensor {
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
    const result = work(execute);
    made.delete(result.id);
    return backend.createOutputTensor(result);
  } finally {
    for (const id of made) backend.binding.deleteTensor(id);
  }
}

export const nativeOps: Ops = {
  keepMask,
  uniform: (seeds, rows, units) => perSlot('StatelessRandomUniform', FLOAT, seeds, [rows, units]),
  normal: (seeds, rows, units) => perSlot('StatelessRandomNormal', FLOAT, seeds, [rows, units]),
  reluGradient: (dy, y) => native().executeSingleOutput('ReluGrad', [type('T', FLOAT)], [dy, y]),
  tanhGradient: (dy, y) => native().executeSingleOutput('TanhGrad', [type('T', FLOAT)], [y, dy]),
};
