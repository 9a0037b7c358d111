/** Our operations inside of a compiled loop: the bits that they give op by op, also where lanes are of no type of TensorFlow.js. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { Ops } from '../../workers/backend/ops/ops.ts';
import { portableOps } from '../../workers/backend/ops/portable.ts';
import { compile, loop, type Tensors } from '../../workers/compile/index.ts';
import { augment } from '../../workers/train/augment.ts';
import { named } from '../../workers/train/tensors.ts';
import { buildProgram } from '../train/builders.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const STEPS = 3;

/** Every step's numbers one after another, drawn with a seed pair per slot and step. */
function drawn(ops: Ops, rows: number, units: number): (inputs: Tensors) => Tensors {
  return (inputs) => {
    const threshold = named(inputs, 'threshold');
    const slots = threshold.shape[0]!;
    const blank = tf.zeros([slots, rows, units]);
    return loop(STEPS, { mask: blank, other: tf.zeros([slots, rows, 3]), uniform: blank }, (step, state) => {
      const t = tf.add(named(inputs, 'zeros'), step);
      const seeds = tf.stack([named(inputs, 'streams'), t], 1);
      const [mask, other] = ops.keepMasks({ streams: named(inputs, 'streams'), t, steps: 1, rows }, [
        { units, threshold },
        { units: 3, threshold },
      ]);
      // One binary digit per step.
      const appended = (name: string, digit: tf.Tensor): tf.Tensor =>
        tf.add(tf.mul(named(state, name), 2), tf.reshape(digit, named(state, name).shape));
      return {
        mask: appended('mask', mask!),
        other: appended('other', other!),
        uniform: tf.sub(ops.uniform(seeds, rows, units), named(state, 'uniform')),
      };
    });
  };
}

function inputs(slots: number): Tensors {
  return {
    streams: tf.tensor1d([5, -6, 0x7fffffff].slice(-slots), 'int32'),
    zeros: tf.zeros([slots], 'int32'),
    threshold: tf.tensor3d([0, 0xfffe, 0x50c0].slice(-slots), [slots, 1, 1], 'int32'),
  };
}

test.each([
  [1, 1, 3],
  [3, 5, 3],
  [4, 8, 3],
  [33, 40, 3],
  [3, 5, 1],
  [33, 40, 1],
])('masks and uniform numbers of %i x %i in %i slots', (rows, units, slots) => {
  const example = inputs(slots);
  const compiled = compile(drawn(backend.ops, rows, units), example);
  const found = compiled.run(example);
  const eager = tf.tidy(() => drawn(backend.ops, rows, units)(example));
  const portable = tf.tidy(() => drawn(portableOps, rows, units)(example));
  for (const name of ['mask', 'other', 'uniform']) {
    const values = named(found, name).dataSync();
    expect(values).toEqual(named(eager, name).dataSync());
    expect(values).toEqual(named(portable, name).dataSync());
  }
  compiled.dispose();
});

test.each(['linear', 'relu'] as const)('a product with a bias and %s, to rounding', (activation) => {
  const example: Tensors = {
    a: tf.randomNormal([33, 20], 0, 1, 'float32', 1),
    b: tf.randomNormal([20, 40], 0, 1, 'float32', 2),
    bias: tf.randomNormal([40], 0, 1, 'float32', 3),
  };
  const apply = (ops: Ops, { a, b, bias }: Tensors): Tensors => ({
    output: ops.biasedProduct(a!, b!, bias!, activation),
  });
  const compiled = compile((given) => apply(backend.ops, given), example);
  const found = named(compiled.run(example), 'output').dataSync();
  const expected = named(apply(portableOps, example), 'output').dataSync();
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  expect(found.some((value) => value < 0)).toBe(activation === 'linear');
  compiled.dispose();
});

test('augmented images', () => {
  const image = { height: 6, width: 5, channels: 2 };
  const program = buildProgram({ width: 60, image, augment: { flip: 'both', shift: true, rotate: true } });
  const number = (value: number): tf.Tensor => tf.fill([1, 1, 1], value);
  const example: Tensors = {
    x: tf.randomNormal([1, 7, 60], 0, 1, 'float32', 1),
    t: tf.tensor1d([0], 'int32'),
    one: number(1),
    two: number(2),
    'augment.stream': tf.tensor1d([5], 'int32'),
    'augment.shift': number(2),
    'augment.rotate.radians': number(0.4),
  };
  const changed = ({ x, t, ...hyper }: Tensors): Tensors =>
    loop(STEPS, { x: x! }, (step, state) => ({
      x: augment(program, named(state, 'x'), { ops: backend.ops, t: tf.add(t!, step), hyper }),
    }));
  const compiled = compile(changed, example);
  expect(named(compiled.run(example), 'x').dataSync()).toEqual(named(changed(example), 'x').dataSync());
  compiled.dispose();
});
