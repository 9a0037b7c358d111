/** What all tests of the compiler share: the native backend, disposal, and comparison of bits. */

import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import { compile, type CompiledFunction, type CompileOptions, type Tensors } from '../../workers/compile/index.ts';

export type Fn = (inputs: Tensors) => Tensors;

const compiled: CompiledFunction[] = [];

/** Runs the file's tests on the native backend, each in a scope of tensors of its own. */
export function useNative(): void {
  beforeAll(() => loadBackend('native'));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => {
    compiled.splice(0).forEach((fn) => fn.dispose());
    tf.engine().endScope();
  });
}

/** Compiles a function that is disposed of after the test. */
export function compileHere(fn: Fn, example: Tensors, options?: CompileOptions): CompiledFunction {
  const result = compile(fn, example, options);
  compiled.push(result);
  return result;
}

/** Type, shape and numbers: equal for equal bits, with any NaN equal to any other. */
export function contents(tensors: Tensors): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const { dtype, shape } = tensor;
      return [name, { dtype, shape, values: Array.from(tensor.dataSync<'float32'>()) }];
    }),
  );
}

/** Compiles with the first inputs, and compares with eager execution for all of them. */
export function expectSameBits(
  fn: Fn,
  [first, ...others]: readonly [Tensors, ...Tensors[]],
  options?: CompileOptions,
): void {
  const graph = compileHere(fn, first, options);
  for (const inputs of [first, ...others]) {
    expect(contents(graph.run(inputs))).toEqual(contents(fn(inputs)));
  }
}

export const int = (value: number): tf.Tensor => tf.scalar(value, 'int32');
