/** Loops of traced functions, and what they mean without a trace. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { CompileError } from './errors.ts';
import { checkTensors, currentTrace, type Tensors, type Trace } from './trace.ts';

export interface LoopOptions {
  /** A bool scalar, asked before each iteration besides index < count. */
  readonly while?: (state: Tensors) => Tensor;
}

type Body = (index: Tensor, state: Tensors) => Tensors;

/**
 * Applies `body` to the state `count` times, or until `while` says no.
 *
 * In a trace this becomes a loop of the graph, whose body is traced once. Without one it is a loop of JavaScript.
 * @param count int32 scalar
 * @param state its keys, and their shapes and types, stay the same
 * @returns the last state: new tensors, the caller's
 */
export function loop(count: Tensor | number, state: Tensors, body: Body, options: LoopOptions = {}): Tensors {
  const trace = currentTrace();
  return trace ? traceLoop(trace, count, state, body, options) : runLoop(count, state, body, options);
}

function runLoop(count: Tensor | number, initial: Tensors, body: Body, options: LoopOptions): Tensors {
  const limit = typeof count === 'number' ? count : count.dataSync<'int32'>()[0]!;
  const goesOn = (state: Tensors): boolean => {
    const condition = options.while;
    return !condition || tf.tidy(() => condition(state).dataSync<'bool'>()[0] !== 0);
  };
  let state = tf.tidy(() => clones(initial));
  for (let index = 0; index < limit && goesOn(state); index += 1) {
    const before = state;
    state = tf.tidy(() => {
      const next = body(tf.scalar(index, 'int32'), before);
      checkNext(before, next);
      return clones(next, Object.keys(before));
    });
    tf.dispose(Object.values(before));
  }
  return state;
}

function clones(tensors: Tensors, names: readonly string[] = Object.keys(tensors)): Tensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name]!.clone()]));
}

function traceLoop(trace: Trace, count: Tensor | number, state: Tensors, body: Body, options: LoopOptions): Tensors {
  const names = Object.keys(state);
  const values = Object.values(state);
  const limit = typeof count === 'number' ? tf.scalar(count, 'int32') : count;
  if (limit.dtype !== 'int32' || limit.rank !== 0) {
    throw new CompileError(`a loop's count must be an int32 scalar, but it is ${typeOf(limit)}`);
  }
  const byName = (tensors: readonly Tensor[]): Tensors =>
    Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));

  const condition = options.while && trace.region(values, (tensors) => [conditionOf(options.while!(byName(tensors)))]);
  const traced = trace.region([tf.scalar(0, 'int32'), ...values], ([index, ...tensors]) => {
    const next = body(index!, byName(tensors));
    checkNext(state, next);
    return names.map((name) => next[name]!);
  });
  const outputs = trace.step(
    (results) => ({
      kind: 'loop',
      names,
      count: trace.use(limit),
      initial: values.map((tensor) => trace.use(tensor)),
      ...(condition && { condition: condition.region }),
      body: traced.region,
      outputs: results,
    }),
    traced.results,
  );
  return byName(outputs);
}

function conditionOf(result: Tensor): Tensor {
  if (result.dtype !== 'bool' || result.rank !== 0) {
    throw new CompileError(`a loop's \`while\` must return a bool scalar, but it returned ${typeOf(result)}`);
  }
  return result;
}

function checkNext(state: Tensors, next: unknown): asserts next is Tensors {
  checkTensors(next, "a loop's body");
  const names = Object.keys(state);
  const missing = names.filter((name) => !next[name]);
  const extra = Object.keys(next).filter((name) => !state[name]);
  if (missing.length > 0 || extra.length > 0) {
    throw new CompileError(
      `a loop's body must return the state that it got (${names.join(', ')}), but ` +
        [missing.length > 0 && `${missing.join(', ')} is missing`, extra.length > 0 && `${extra.join(', ')} is new`]
          .filter(Boolean)
          .join(' and '),
    );
  }
  for (const name of names) {
    const [before, after] = [typeOf(state[name]!), typeOf(next[name]!)];
    if (before !== after) {
      throw new CompileError(`a loop's state must keep its types, but ${name} was ${before} and became ${after}`);
    }
  }
}

function typeOf(tensor: Tensor): string {
  return `${tensor.dtype}[${tensor.shape.join()}]`;
}
