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
  const counts = [...masks.map(({ units }) => rows * units), rows * masks.length];
  const wordCount = Math.ceil(counts.reduce((sum, count) => sum + count, 0) / 4);
  const words = perSlot('StatelessRandomUniformFullInt', INT32, seeds, [wordCount]);
  const { lower, share } = limitsOf(masks);
  const kept = viaInt8((execute) => {
    const reshape = (x: Metadata, shape: readonly number[]): Metadata =>
      execute('Reshape', { T: INT8, Tshape: INT32 }, x, shapeTensor(shape));
    const slice = (x: Metadata, begin: readonly number[], size: readonly number[]): Metadata =>
      execute('Slice', { T: INT8, Index: INT32 }, x, shapeTensor(begin), shapeTensor(size));
    const toInt8 = (x: Tensor | Metadata, from: number): Metadata => execute('Cast', { SrcT: from, DstT: INT8 }, x);

    const bytes = reshape(execute('Bitcast', { T: INT32, type: INT8 }, words), [slots, wordCount * 4]);
    let from = 0;
    const lanes = counts.map((count) => {
      const lane = slice(bytes, [0, from], [slots, count]);
      from += count;
      return lane;
    });
    const ofRows = reshape(lanes.pop()!, [slots, masks.length, rows]);
    const isHigher = execute('Less', { T: INT8 }, ofRows, toInt8(share, INT32));
    const limits = execute('AddV2', { T: INT8 }, toInt8(lower, INT32), toInt8(isHigher, BOOL));
    return lanes.map((lane, index) => {
      const limit = reshape(slice(limits, [0, index, 0], [slots, 1, rows]), [slots, rows, 1]);
      return execute('GreaterEqual', { T: INT8 }, reshape(lane, [slots, rows, masks[index]!.units]), limit);
    });
  });
  return kept.map((mask) => tf.cast(mask, 'float32'));
}

/** The limit of rows with a low byte, and below which byte of its own a row has the next limit; int32 [K, masks, 1]. */
function limitsOf(masks: readonly MaskShape[]): { readonly lower: Tensor; readonly share: Tensor } {
  const ints = (value: number): Tensor => tf.scalar(value, 'int32');
  const int32 = [type('T', INT32)];
  const thresholds = tf.concat(
    masks.map(({ threshold }) => threshold),
    1,
  );
  const drop = tf.minimum(thresholds, ints(LARGEST_THRESHOLD));
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
