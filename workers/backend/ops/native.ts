/** Our operations as TensorFlow ops, executed through tfjs-node's binding. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { BLOCK_BYTES, LANE_OFFSET, LARGEST_THRESHOLD, maskBlocks } from './ops.ts';
import type { MaskDraw, MaskShape, Ops } from './ops.ts';

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
const INT64 = 9;
const BOOL = 10;
const UINT64 = 23;
/** TensorFlow's number of the generator. */
const PHILOX = 1;

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
function keepMasks(draw: MaskDraw, masks: readonly MaskShape[]): readonly Tensor[] {
  const { steps, rows } = draw;
  const slots = draw.t.shape[0]!;
  // A lone slot's tensors go without the axis: a compiled function has their pieces as they are.
  const ofSlots = slots === 1 ? [] : [slots];
  const axisOfBytes = ofSlots.length + 1;
  const blocks = maskBlocks(rows, masks);
  const words = maskWords(draw, blocks);
  const { lower, share } = limitsOf(masks);
  const kept = viaOtherTypes(({ execute, reshape, cast, split }) => {
    const bytes = reshape(execute('Bitcast', { T: INT32, type: INT8 }, words), INT8, [
      ...ofSlots,
      steps,
      blocks * BLOCK_BYTES,
    ]);
    const counts = [...masks.map(({ units }) => rows * units), rows * masks.length];
    const rest = blocks * BLOCK_BYTES - counts.reduce((sum, count) => sum + count, 0);
    const lanes = split(bytes, INT8, rest > 0 ? [...counts, rest] : counts, axisOfBytes);
    const ofRows = reshape(lanes[masks.length]!, INT8, [...ofSlots, steps, rows, masks.length]);
    const isHigher = execute('Less', { T: INT8 }, ofRows, cast(share, INT32, INT8));
    const limits = execute('AddV2', { T: INT8 }, cast(lower, INT32, INT8), cast(isHigher, BOOL, INT8));
    const ones = masks.map(() => 1);
    const ofMask = masks.length === 1 ? [limits] : split(limits, INT8, ones, axisOfBytes + 1);
    return masks.map(({ units }, index) => {
      const ofUnits = reshape(lanes[index]!, INT8, [...ofSlots, steps, rows, units]);
      return execute('GreaterEqual', { T: INT8 }, ofUnits, ofMask[index]!);
    });
  });
  return kept.map((mask, index) => tf.reshape(mask, [slots, steps, rows, masks[index]!.units]));
}

/** Random words of masks from an op per slot: int32 [K, words], of one slot [words]. */
function maskWords({ streams, t, steps }: MaskDraw, blocks: number): Tensor {
  const slots = t.shape[0]!;
  const words = viaOtherTypes(({ execute, reshape, cast, split }) => {
    const toUint64 = (x: Tensor | Metadata, from: number): Metadata => execute('Bitcast', { T: from, type: UINT64 }, x);
    const keys = toUint64(tf.stack([streams, tf.zerosLike(streams)], 1), INT32);
    const counts = cast(tf.tensor2d([[blocks, 0]], [1, 2], 'int32'), INT32, INT64);
    const first = execute('Mul', { T: INT64 }, cast(tf.reshape(t, [slots, 1]), INT32, INT64), counts);
    const counters = reshape(toUint64(first, INT64), UINT64, [slots * 2]);
    const each = (x: Metadata, size: number): readonly Metadata[] =>
      slots === 1
        ? [x]
        : split(
            x,
            UINT64,
            Array.from({ length: slots }, () => size),
            0,
          );
    const counterOf = each(counters, 2);
    const shape = shapeTensor([steps * blocks * (BLOCK_BYTES / 4)]);
    return each(keys, 1).map((key, slot) =>
      execute(
        'StatelessRandomUniformFullIntV2',
        { dtype: INT32, Tshape: INT32 },
        shape,
        key,
        counterOf[slot]!,
        tf.scalar(PHILOX, 'int32'),
      ),
    );
  });
  return slots === 1 ? words[0]! : tf.stack([...words]);
}

/**
 * The limit of rows with a low byte, and below which byte of its own a row has the next limit; int32 [K, 1, 1, masks], of one
 * slot [1, 1, masks].
 */
function limitsOf(masks: readonly MaskShape[]): { readonly lower: Tensor; readonly share: Tensor } {
  const ints = (value: number): Tensor => tf.scalar(value, 'int32');
  const int32 = [type('T', INT32)];
  const thresholds = tf.concat(
    masks.map(({ threshold }) => threshold),
    2,
  );
  const slots = thresholds.shape[0]!;
  const shape = [...(slots === 1 ? [] : [slots]), 1, 1, masks.length];
  const drop = tf.minimum(tf.reshape(thresholds, shape), ints(LARGEST_THRESHOLD));
  const high = native().executeSingleOutput('RightShift', int32, [drop, ints(8)]);
  const low = native().executeSingleOutput('BitwiseAnd', int32, [drop, ints(0xff)]);
  return { lower: tf.sub(high, ints(LANE_OFFSET)), share: tf.sub(low, ints(LANE_OFFSET)) };
}

/** Ops on tensors of any of TensorFlow's types, which go by their native ids. */
interface TypedOps {
  readonly execute: (
    op: string,
    types: Readonly<Record<string, number>>,
    ...inputs: readonly (Tensor | Metadata)[]
  ) => Metadata;
  readonly reshape: (x: Metadata, type: number, shape: readonly number[]) => Metadata;
  readonly cast: (x: Tensor | Metadata, from: number, to: number) => Metadata;
  /** Into pieces of these lengths along an axis. */
  readonly split: (x: Metadata, type: number, sizes: readonly number[], axis: number) => readonly Metadata[];
}

/**
 * Executes ops whose values in between are of a type that TensorFlow.js has no tensors of, and frees those. The results
 * must be of a type that it has.
 */
function viaOtherTypes(work: (ops: TypedOps) => readonly Metadata[]): readonly Tensor[] {
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
  const execute: TypedOps['execute'] = (op, types, ...inputs) => {
    const attributes = Object.entries(types).map(([name, value]) => type(name, value));
    return run(op, attributes, inputs, 1)[0]!;
  };
  const ops: TypedOps = {
    execute,
    reshape: (x, of, shape) => execute('Reshape', { T: of, Tshape: INT32 }, x, shapeTensor(shape)),
    cast: (x, from, to) => execute('Cast', { SrcT: from, DstT: to }, x),
    split(x, of, sizes, axis) {
      const count = { name: 'num_split', type: binding.TF_ATTR_INT, value: sizes.length };
      const attributes = [count, type('T', of), type('Tlen', INT32)];
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
