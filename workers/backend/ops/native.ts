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
const INT8 = 6;
const BOOL = 10;

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

/** Cut into int8 lanes and compared there: one pass over a quarter of the memory that int32 lanes would take. */
function keepMasks(seeds: Tensor, rows: number, masks: readonly MaskShape[]): readonly Tensor[] {
  const slots = seeds.shape[0]!;
  const units = masks.reduce((sum, mask) => sum + rows * mask.units, 0);
  const wordCount = Math.ceil((units + rows * masks.length) / 4);
  const words = perSlot('StatelessRandomUniformFullInt', INT32, seeds, [wordCount]);
  const limits = masks.map(({ threshold }) => limitsOf(threshold));
  const kept = viaInt8((execute) => {
    const quadruples = execute('Bitcast', { T: INT32, type: INT8 }, words);
    const lanes = execute('Reshape', { T: INT8, Tshape: INT32 }, quadruples, shapeTensor([slots, wordCount * 4]));
    let from = 0;
    const taken = (width: number): Metadata => {
      const [begin, size] = [shapeTensor([0, from]), shapeTensor([slots, rows * width])];
      from += rows * width;
      const used = execute('Slice', { T: INT8, Index: INT32 }, lanes, begin, size);
      return execute('Reshape', { T: INT8, Tshape: INT32 }, used, shapeTensor([slots, rows, width]));
    };
    const toInt8 = (x: Tensor | Metadata, from: number): Metadata => execute('Cast', { SrcT: from, DstT: INT8 }, x);
    const ofUnits = masks.map((mask) => taken(mask.units));
    return ofUnits.map((lane, index) => {
      const { lower, share } = limits[index]!;
      const isHigher = execute('Less', { T: INT8 }, taken(1), toInt8(share, INT32));
      const limit = execute('AddV2', { T: INT8 }, toInt8(lower, INT32), toInt8(isHigher, BOOL));
      return execute('GreaterEqual', { T: INT8 }, lane, limit);
    });
  });
  return kept.map((mask) => tf.cast(mask, 'float32'));
}

/** The limit of a row with a low byte, and below which byte of its own a row has the next limit; int32 [K, 1, 1]. */
function limitsOf(threshold: Tensor): { readonly lower: Tensor; readonly share: Tensor } {
  const ints = (value: number): Tensor => tf.scalar(value, 'int32');
  const int32 = [type('T', INT32)];
  const drop = tf.minimum(threshold, ints(LARGEST_THRESHOLD));
  const high = native().executeSingleOutput('RightShift', int32, [drop, ints(8)]);
  const low = native().executeSingleOutput('BitwiseAnd', int32, [drop, ints(0xff)]);
  return { lower: tf.sub(high, ints(LANE_OFFSET)), share: tf.sub(low, ints(LANE_OFFSET)) };
}

type Execute = (op: string, types: Readonly<Record<string, number>>, ...inputs: (Tensor | Metadata)[]) => Metadata;

/**
 * Executes ops whose values in between are of a type that TensorFlow.js has no tensors of: they go by their native ids
 * and are freed. The results must be of a type that it has.
 */
function viaInt8(work: (execute: Execute) => readonly Metadata[]): readonly Tensor[] {
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
