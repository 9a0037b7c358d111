/** What cannot be compiled is refused, with what to do; and nothing is left behind. */

import * as tf from '@tensorflow/tfjs-core';
import { readdirSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { nativeBackend } from '../../workers/compile/binding.ts';
import { compile, loop, type CompileOptions, type Tensors } from '../../workers/compile/index.ts';
import { emptyFolder } from '../empty-folder.ts';
import { compileHere, contents, int, useNative, type Fn } from './native.ts';

useNative();

const x = { x: [1, 2, 3] };

function refusal(fn: Fn, options?: CompileOptions, example: Tensors = { x: tf.tensor1d(x.x) }): string {
  try {
    compile(fn, example, options).dispose();
  } catch (error) {
    if (error instanceof Error && error.name === 'CompileError') return error.message;
    throw error;
  }
  return 'compiled';
}

describe('refused is', () => {
  test('a look at a value', () => {
    expect(refusal((i) => ({ y: tf.sum(i.x!).dataSync()[0]! > 0 ? i.x! : tf.neg(i.x!) }))).toBe(
      'a traced function must not read values, but it read the result of Sum, float32[]: compute with tensors ' +
        '(tf.where), loop with `loop`, or hand the number in as an input',
    );
    expect(refusal((i) => ({ y: tf.mul(i.x!, i.x!.arraySync() as number[]) }))).toContain(
      'it read an input or state of type float32[3]',
    );
  });

  test('a promise, a lone tensor, something else than a tensor, and nothing', () => {
    expect(refusal((() => Promise.resolve({})) as unknown as Fn)).toBe(
      'the function must be synchronous, but it returned a promise',
    );
    expect(refusal(((i: Tensors) => i.x) as unknown as Fn)).toBe(
      'the function must return tensors by name, such as { loss }',
    );
    expect(refusal((() => ({ y: 3 })) as unknown as Fn)).toBe('the function must return tensors, but y is none');
    expect(refusal(() => ({}))).toBe('a compiled function must return at least one tensor');
  });

  test('a random op with a hidden state', () => {
    expect(refusal((i) => ({ y: tf.multinomial(i.x! as tf.Tensor1D, 2) }))).toContain(
      'a traced function must not use Multinomial, whose numbers depend on how often it ran',
    );
  });

  test('randomness that the trace would freeze, where it is looked for', () => {
    const noisy: Fn = (i) => ({ y: tf.add(i.x!, tf.randomNormal([3])) });
    expect(refusal(noisy)).toBe('compiled');
    expect(refusal(noisy, { checkRandom: true })).toMatch(
      /^two traces of a function must be equal, but they differ in the constant float32\[3\] that Add uses: /,
    );
    let calls = 0;
    expect(
      refusal(
        (i) => {
          calls += 1;
          return { y: calls % 2 === 0 ? tf.neg(i.x!) : tf.abs(i.x!) };
        },
        { checkRandom: true },
      ),
    ).toContain('they differ in step 1, Abs: ');
    expect(refusal((i) => ({ y: tf.add(i.x!, tf.ones([3])) }), { checkRandom: true })).toBe('compiled');
  });

  test('a length of a dynamic input that became a constant', () => {
    expect(refusal((i) => ({ y: tf.reshape(i.x!, [3, 1]) }), { dynamic: ['x'] })).toMatch(
      /^a function must work with dynamic inputs of any length, but with x twice as long it fails: /,
    );
    expect(refusal((i) => ({ y: tf.reshape(i.x!, [i.x!.size, 1]) }), { dynamic: ['x'] })).toBe(
      'a function must not depend on the length of its dynamic inputs (x), but the constant int32[2] that Reshape ' +
        'uses does: leave lengths to the ops, hand the number in as an input, or compile once per length',
    );
    expect(refusal((i) => ({ y: i.x! }), { dynamic: ['z'] })).toContain('but z is not');
  });

  test('a tensor that leaves the body of a loop by the back door', () => {
    let leaked: tf.Tensor | undefined;
    const fn: Fn = (i) => {
      const { s } = loop(2, { s: i.x! }, (_, { s: state }) => {
        leaked = tf.neg(state!);
        return { s: leaked };
      });
      return { y: tf.add(s!, leaked!) };
    };
    expect(refusal(fn)).toBe(
      'a tensor (float32[3]) that was made inside the body of a loop is used outside of it: make it an entry of the ' +
        "loop's state",
    );
  });

  test('a body that changes keys or types of the state, and a count or condition of the wrong type', () => {
    const looping =
      (body: (state: Tensors) => Tensors): Fn =>
      (i) =>
        loop(2, { s: i.x! }, (_, state) => body(state));
    expect(refusal(looping(() => ({})))).toBe("a loop's body must return the state that it got (s), but s is missing");
    expect(refusal(looping(({ s }) => ({ s: s!, t: s! })))).toBe(
      "a loop's body must return the state that it got (s), but t is new",
    );
    expect(refusal(looping(({ s }) => ({ s: tf.sum(s!) })))).toBe(
      "a loop's state must keep its types, but s was float32[3] and became float32[]",
    );
    expect(() => loop(1, { s: tf.scalar(1) }, ({ dtype: _ }) => ({ s: tf.zeros([2]) }))).toThrow('must keep its types');
    expect(refusal((i) => loop(tf.scalar(2), i, (_, s) => s))).toBe(
      "a loop's count must be an int32 scalar, but it is float32[]",
    );
    expect(refusal((i) => loop(2, i, (_, s) => s, { while: (s) => s.x! }))).toBe(
      "a loop's `while` must return a bool scalar, but it returned float32[3]",
    );
  });

  test('a string', () => {
    expect(refusal((i) => i, {}, { x: tf.tensor1d(['a']) })).toBe(
      'tensors of strings cannot be compiled: encode them as numbers',
    );
  });

  test('another function that is compiled or run meanwhile', () => {
    const inner = compileHere((i) => ({ y: tf.neg(i.x!) }), { x: tf.tensor1d(x.x) });
    expect(refusal((i) => inner.run(i))).toContain('must not run a compiled one');
    expect(refusal((i) => compile((j) => j, i).run(i))).toContain('must not be compiled while another one');
  });

  test('to run with missing inputs, other types, or after disposal', () => {
    const fn = compile((i) => ({ y: tf.neg(i.x!) }), { x: tf.tensor1d(x.x) });
    expect(() => fn.run({ z: tf.scalar(1) })).toThrow('the input x must be given, but only z are');
    expect(() => fn.run({ x: tf.zeros([4]) })).toThrow('the input x must be float32[3], but is float32[4]');
    expect(() => fn.run({ x: tf.zeros([3], 'int32') })).toThrow('the input x must be float32[3], but is int32[3]');
    fn.dispose();
    expect(() => fn.run({ x: tf.zeros([3]) })).toThrow('must not run after dispose()');
  });
});

describe('after an error', () => {
  test('in a trace, ops run as before', () => {
    const { binding } = nativeBackend();
    expect(refusal((i) => ({ y: tf.tensor1d([i.x!.dataSync()[0]!]) }))).not.toBe('compiled');
    expect(nativeBackend().binding).toBe(binding);
    expect(tf.gather(tf.tensor1d(x.x), tf.tensor1d([2], 'int32')).dataSync()).toEqual(Float32Array.of(3));
    expect(() => tf.gather(tf.tensor1d(x.x), tf.tensor1d([3], 'int32'))).toThrow('is not in [0, 2]');
  });

  test('in a run, the function runs again', () => {
    const fn = compileHere((i) => ({ y: tf.gather(i.x!, i.at! as tf.Tensor1D) }), {
      x: tf.tensor1d(x.x),
      at: tf.tensor1d([0], 'int32'),
    });
    expect(() => fn.run({ x: tf.tensor1d(x.x), at: tf.tensor1d([7], 'int32') })).toThrow('not in [0, 3)');
    const inputs = { x: tf.tensor1d(x.x), at: tf.tensor1d([2], 'int32') };
    expect(contents(fn.run(inputs))).toEqual({ y: { dtype: 'float32', shape: [1], values: [3] } });
  });
});

test('200 functions compiled, run and disposed of leave neither tensors nor folders behind', () => {
  const folder = emptyFolder();
  vi.stubEnv('TMPDIR', folder);
  const cycle = (): void => {
    const example = { x: tf.tensor1d(x.x), n: int(2) };
    const fn = compile((i) => loop(i.n!, { x: i.x! }, (_, s) => ({ x: tf.add(s.x!, tf.scalar(1)) })), example, {
      checkRandom: true,
    });
    tf.dispose(fn.run(example));
    tf.dispose(example);
    fn.dispose();
  };
  cycle();
  const before = { ...tf.memory() };
  for (let run = 0; run < 200; run += 1) cycle();
  expect(tf.memory()).toEqual(before);
  expect(readdirSync(folder)).toEqual([]);
  vi.unstubAllEnvs();
});
