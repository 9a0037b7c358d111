/** Our operations as TensorFlow ops, executed through tfjs-node's binding. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Ops } from './ops.ts';

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | string | boolean;
}

/** The part of tfjs-node's backend that is used here. */
interface NativeBackend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_INT32', number>>;
  executeSingleOutput(op: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
}

function native(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

function type(name: string, dtype: 'TF_FLOAT' | 'TF_INT32'): Attribute {
  const { binding } = native();
  return { name, type: binding.TF_ATTR_TYPE, value: binding[dtype] };
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
function perSlot(op: string, dtype: 'TF_FLOAT' | 'TF_INT32', seeds: Tensor, shape: readonly number[]): Tensor {
  const attributes = [type('dtype', dtype), type('T', 'TF_INT32'), type('Tseed', 'TF_INT32')];
  const size = shapeTensor(shape);
  return tf.stack(tf.unstack(seeds).map((seed) => native().executeSingleOutput(op, attributes, [size, seed])));
}

let rightShift: Tensor | undefined;
let lowHalf: Tensor | undefined;

function keepMask(seeds: Tensor, threshold: Tensor, rows: number, units: number): Tensor {
  const slots = seeds.shape[0]!;
  const count = rows * units;
  const words = perSlot('StatelessRandomUniformFullInt', 'TF_INT32', seeds, [Math.ceil(count / 2)]);
  rightShift ??= tf.keep(tf.scalar(16, 'int32'));
  lowHalf ??= tf.keep(tf.scalar(0xffff, 'int32'));
  const integers = [type('T', 'TF_INT32')];
  const and = (x: Tensor): Tensor => native().executeSingleOutput('BitwiseAnd', integers, [x, lowHalf!]);
  // RightShift of an int32 is arithmetic: the mask after it makes it logical.
  const high = and(native().executeSingleOutput('RightShift', integers, [words, rightShift]));
  const lanes = tf.reshape(tf.stack([and(words), high], 2), [slots, -1]);
  const used = lanes.shape[1] === count ? lanes : tf.slice(lanes, [0, 0], [slots, count]);
  return tf.cast(tf.greaterEqual(tf.reshape(used, [slots, rows, units]), threshold), 'float32');
}

export const nativeOps: Ops = {
  keepMask,
  uniform: (seeds, rows, units) => perSlot('StatelessRandomUniform', 'TF_FLOAT', seeds, [rows, units]),
  normal: (seeds, rows, units) => perSlot('StatelessRandomNormal', 'TF_FLOAT', seeds, [rows, units]),
  reluGradient: (dy, y) => native().executeSingleOutput('ReluGrad', [type('T', 'TF_FLOAT')], [dy, y]),
  tanhGradient: (dy, y) => native().executeSingleOutput('TanhGrad', [type('T', 'TF_FLOAT')], [y, dy]),
};
