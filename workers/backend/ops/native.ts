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
    readonly TF_ATTR_INT: number;
    executeOp(
      op: string,
      attributes: readonly Attribute[],
      inputs: readonly number[],
      outputs: number,
    ): readonly Metadata[];
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

/** Numbers of each slot from an op of its own, so that they do not depend on its place; [K, ...shape]. */
function perSlot(op: string, dtype: number, seeds: Tensor, shape: readonly number[]): Tensor {
  const attributes = [type('dtype', dtype), type('T', INT32), type('Tseed', INT32)];
  const draw = (seed: Tensor): Tensor => native().executeSingleOutput(op, attributes, [shapeTensor(shape), seed]);
  if (seeds.shape[0] === 1) return tf.reshape(draw(tf.reshape(seeds, [2])), [1, ...shape]);
  return tf.stack(tf.unstack(seeds).map(draw));
}

/** Cut into int8 lanes and compared there: one pass over a quarter of the memory that int32 lanes would take. */
function keepMasks(seeds: Tensor, rows: number, masks: readonly MaskShape[]): readonly Tensor[] {
  const slots = seeds.shape[0]!;
  // A lone slot's tensors go without the axis: a compiled function has their pieces as they are.
  const ofSlots = slots === 1 ? [] : [slots];
  const counts = [...masks.map(({ units }) => rows * units), rows * masks.length];
  const wanted = counts.reduce((sum, count) => sum + count, 0);
  const wordCount = Math.ceil(wanted / 4);
  const words = perSlot('StatelessRandomUniformFullInt', INT32, seeds, [wordCount]);
  const { lower, share } = limitsOf(masks);
  const kept = viaInt8(({ execute, split }) => {
    const reshape = (x: Metadata, ...shape: readonly number[]): Metadata =>
      execute('Reshape', { T: INT8, Tshape: INT32 }, x, shapeTensor([...ofSlots, ...shape]));
    const toInt8 = (x: Tensor | Metadata, from: number): Metadata => execute('Cast', { SrcT: from, DstT: INT8 }, x);

    const bytes = reshape(execute('Bitcast', { T: INT32, type: INT8 }, words), wordCount * 4);
    const rest = wordCount * 4 - wanted;
    const lanes = split(bytes, rest > 0 ? [...counts, rest] : counts, ofSlots.length);
    const ofRows = reshape(lanes[masks.length]!, rows, masks.length);
    const isHigher = execute('Less', { T: INT8 }, ofRows, toInt8(share, INT32));
    const limits = execute('AddV2', { T: INT8 }, toInt8(lower, INT32), toInt8(isHigher, BOOL));
    const ones = masks.map(() => 1);
    const ofMask = masks.length === 1 ? [limits] : split(limits, ones, ofSlots.length + 1);
    return masks.map(({ units }, index) =>
      execute('GreaterEqual', { T: INT8 }, reshape(lanes[index]!, rows, units), ofMask[index]!),
    );
  });
  return kept.map((mask, index) => tf.cast(tf.reshape(mask, [slots, rows, masks[index]!.units]), 'float32'));
}

/**
 * The limit of rows with a low byte, and below which byte of its own a row has the next limit; int32 [K, 1, masks], of one
 * slot [1, masks].
 */
function limitsOf(masks: readonly MaskShape[]): { readonly lower: Tensor; readonly share: Tensor } {
  const ints = (value: number): Tensor => tf.scalar(value, 'int32');
  const int32 = [type('T', INT32)];
  const thresholds = tf.concat(
    masks.map(({ threshold }) => threshold),
    2,
  );
  const [slots, ...row] = thresholds.shape as [number, number, number];
  const drop = tf.minimum(tf.reshape(thresholds, slots === 1 ? row : [slots, ...row]), ints(LARGEST_THRESHOLD));
  const high = native().executeSingleOutput('RightShift', int32, [drop, ints(8)]);
  const low = native().executeSingleOutput('BitwiseAnd', int32, [drop, ints(0xff)]);
  return { lower: tf.sub(high, ints(LANE_OFFSET)), share: tf.sub(low, ints(LANE_OFFSET)) };
}

interface Int8Ops {
  readonly execute: (
    op: string,
    types: Readonly<Record<string, number>>,
    ...inputs: readonly (Tensor | Metadata)[]
  ) => Metadata;
  /** Into pieces of these lengths along an axis. */
  readonly split: (x: Metadata, sizes: readonly number[], axis: number) => readonly Metadata[];
}

/**
 * Executes ops whose values in between are of a type that TensorFlow.js has no tensors of: they go by their native ids
 * and are freed. The results must be of a type that it has.
 */
function viaInt8(work: (ops: Int8Ops) => readonly Metadata[]): readonly Tensor[] {
  const backend = native();
  const { binding } = backend;
  const made = new Set<number>();
  const run = (
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly (Tensor | Metadata)[],
    count: number,
  ): readonly Metadata[] => {
    const ids = inputs.map((input) => ('dataId' in input ? backend.getInputTensorIds([input])[0]! : input.id));
    const outputs = binding.executeOp(op, attributes, ids, count);
    for (const { id } of outputs) made.add(id);
    return outputs;
  };
  const ops: Int8Ops = {
    execute(op, types, ...inputs) {
      const attributes = Object.entries(types).map(([name, value]) => type(name, value));
      return run(op, attributes, inputs, 1)[0]!;
    },
    split(x, sizes, axis) {
      const count = { name: 'num_split', type: binding.TF_ATTR_INT, value: sizes.length };
      const attributes = [count, type('T', INT8), type('Tlen', INT32)];
      return run('SplitV', attributes, [x, shapeTensor(sizes), tf.scalar(axis, 'int32')], sizes.length);
    },
  };
  try {
    const results = work(ops);
    for (const { id } of results) made.delete(id);
    return results.map((result) => backend.createOutputTensor(result));
  } finally {
    for (const id of made) binding.deleteTensor(id);
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
  // `tf.where` would broadcast the choice to all numbers; the op copies whole slots.
  choose: (chosen, fresh, old) => tf.engine().runKernel(tf.Select, { condition: chosen, t: fresh, e: old }),
  reluGradient: (dy, y) => native().executeSingleOutput('ReluGrad', [type('T', FLOAT)], [dy, y]),
  tanhGradient: (dy, y) => native().executeSingleOutput('TanhGrad', [type('T', FLOAT)], [y, dy]),
};
