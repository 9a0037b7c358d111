/** Compiled functions give what the same functions give eagerly, bit for bit. */

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { nativeBackend } from '../../workers/compile/binding.ts';
import { formatProgram } from '../../workers/compile/format.ts';
import { compile, loop } from '../../workers/compile/index.ts';
import { compileHere, contents, expectSameBits, int, useNative, type Fn } from './native.ts';

useNative();

describe('a compiled function', () => {
  test('gives several results, for inputs other than the example', () => {
    const weights = tf.tensor2d([1, 2, 3, -4], [2, 2]);
    expectSameBits(
      ({ x, w }) => ({ y: tf.relu(tf.matMul(x!, w!)), sum: tf.sum(x!, 0), both: tf.stack([w!, weights]) }),
      [
        { x: tf.ones([3, 2]), w: weights },
        { x: tf.randomNormal([3, 2], 0, 1, 'float32', 1), w: tf.randomNormal([2, 2], 0, 1, 'float32', 2) },
      ],
    );
  });

  test('may return an input as it is, one result twice, and a constant', () => {
    const fn: Fn = ({ x }) => ({ x: x!, y: x!, constant: tf.tensor1d([1, Number.NaN]) });
    expectSameBits(fn, [{ x: tf.tensor1d([1, 2]) }, { x: tf.tensor1d([3, 4]) }]);
  });

  test('takes one tensor for two inputs, and tensors of which the graph knows nothing yet', () => {
    const x = tf.tensor1d([1, 2, 3]);
    expectSameBits(
      ({ a, b }) => ({ y: tf.sub(a!, tf.mul(b!, b!)) }),
      [
        { a: x, b: x },
        { a: x, b: tf.tensor1d([4, 5, 6]) },
      ],
    );
  });

  test('gathers by indices that are no constants', () => {
    expectSameBits(
      ({ x, rows }) => ({ y: tf.gather(x!, tf.add(rows!, int(1)) as tf.Tensor1D) }),
      [
        { x: tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]), rows: tf.tensor1d([0, 1], 'int32') },
        { x: tf.tensor2d([6, 5, 4, 3, 2, 1], [3, 2]), rows: tf.tensor1d([1, -1], 'int32') },
      ],
    );
  });

  test('has ops whose types tfjs-node leaves to TensorFlow to infer', () => {
    expectSameBits(({ x }) => ({ y: tf.expandDims(x!, 1) }), [{ x: tf.tensor1d([1, 2], 'int32') }]);
  });

  test('has inputs whose leading dimension differs between runs', () => {
    const fn: Fn = ({ x, w }) => ({ y: tf.matMul(x!, w!), mean: tf.mean(x!) });
    const w = tf.tensor2d([1, 2], [2, 1]);
    const f = compileHere(fn, { x: tf.ones([3, 2]), w }, { dynamic: ['x'] });
    for (const rows of [1, 3, 8]) {
      const inputs = { x: tf.randomNormal([rows, 2], 0, 1, 'float32', rows), w };
      expect(contents(f.run(inputs))).toEqual(contents(fn(inputs)));
    }
  });

  test('leaves no tensors in the native library, whose own count TensorFlow.js does not see', () => {
    const { binding } = nativeBackend();
    const weights = tf.tensor1d([2]);
    const example = { x: tf.tensor1d([3, 4]), n: int(2) };
    const fn: Fn = ({ x, n }) => loop(n!, { x: x! }, (_, s) => ({ x: tf.add(tf.mul(s.x!, weights), tf.scalar(5)) }));
    const compileAndRun = (): void => {
      const compiled = compile(fn, example, { dynamic: ['x'], checkRandom: true });
      tf.dispose(compiled.run(example));
      compiled.dispose();
    };
    compileAndRun(); // uploads what TensorFlow.js has kept in JavaScript
    const before = binding.getNumOfTensors();
    compileAndRun();
    expect(binding.getNumOfTensors()).toBe(before);
  });
});

test('a program is read as text', () => {
  const fn: Fn = ({ x, n }) =>
    loop(n!, { x: x! }, (_, s) => ({ x: tf.matMul(s.x!, tf.tensor3d([1, 2, 3, 4], [1, 2, 2]), false, true) }), {
      while: (s) => tf.less(tf.sum(s.x!), tf.scalar(100)),
    });
  const { program } = compileHere(fn, { x: tf.ones([3, 1, 2]), n: int(2) }, { dynamic: ['x'] });
  expect(formatProgram(program)).toMatchInlineSnapshot(`
    "program (x %1: float32[?,1,2], n %2: int32[])
      %4 = constant [0, 1, 2] : int32[3]
      %6 = constant [100] : float32[]
      %10 = constant [1, 2, 3, 4] : float32[1,2,2]
      %12 = loop(%2; x: %1) : float32[?,1,2]
        while
          (%3: float32[?,1,2])
          %5 = Sum(%3, %4) {keep_dims: false} : float32[]
          %7 = Less(%5, %6) : bool[]
          return %7
        do
          (%8: int32[], %9: float32[?,1,2])
          %11 = BatchMatMulV2(%9, %10) {adj_x: false, adj_y: true} : float32[?,1,2]
          return %11
      return {x: %12}"
  `);
});

describe('a loop', () => {
  const counts = [0, 1, 2, 7];

  test('repeats its body as often as an input says', () => {
    const fn: Fn = ({ x, n }) =>
      loop(n!, { x: x! }, (i, s) => ({ x: tf.add(tf.mul(s.x!, tf.scalar(1.5)), tf.cast(i, 'float32')) }));
    const example = { x: tf.tensor1d([1, 2, 3]), n: int(3) };
    expectSameBits(fn, [example, ...counts.map((count) => ({ ...example, n: int(count) }))]);
  });

  test('nests, stops when its condition fails, and uses values of the loops around it', () => {
    const fn: Fn = ({ x, n, factor }) =>
      loop(
        n!,
        { x: x!, total: tf.scalar(0), factor: factor! },
        (i, s) => {
          const inner = loop(
            tf.add(i, int(1)),
            { x: s.x!, k: int(0) },
            (j, t) => ({
              x: tf.add(tf.mul(t.x!, s.factor!), tf.cast(tf.add(j, i), 'float32')),
              k: tf.add(t.k!, int(1)),
            }),
            { while: (t) => tf.less(t.k!, int(3)) },
          );
          return { x: inner.x!, total: tf.add(s.total!, tf.sum(inner.x!)), factor: s.factor! };
        },
        { while: (s) => tf.less(s.total!, tf.scalar(1e4)) },
      );
    const example = { x: tf.tensor1d([1, 2, 3]), n: int(2), factor: tf.scalar(1.5) };
    expectSameBits(fn, [example, ...counts.map((count) => ({ ...example, n: int(count) }))]);
  });

  test('exchanges entries of its state, and takes constants and values from outside for the next', () => {
    const fn: Fn = ({ x, n }) => {
      const outside = tf.neg(x!);
      return loop(n!, { a: x!, b: tf.zerosLike(x!), c: x!, d: x! }, (_, { a, b, c }) => ({
        a: b!,
        b: tf.add(a!, c!),
        c: outside,
        d: tf.tensor1d([5, 6]),
      }));
    };
    const example = { x: tf.tensor1d([1, 2]), n: int(2) };
    expectSameBits(fn, [example, ...counts.map((count) => ({ ...example, n: int(count) }))]);
  });

  test('in a loop, whose state and count come from outside of both', () => {
    const fn: Fn = ({ x, n }) =>
      loop(n!, { sum: tf.zerosLike(x!) }, (_, s) => {
        const inner = loop(n!, { x: x! }, (_j, t) => ({ x: tf.mul(t.x!, t.x!) }));
        return { sum: tf.add(s.sum!, inner.x!) };
      });
    const example = { x: tf.tensor1d([1.1, 0.9]), n: int(2) };
    expectSameBits(fn, [example, ...counts.map((count) => ({ ...example, n: int(count) }))]);
  });
});
