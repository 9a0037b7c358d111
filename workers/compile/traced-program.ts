/** Traces a function, a second time where that shows what one trace would freeze. */

import * as tf from '@tensorflow/tfjs-core';
import { difference, withOpenLengths } from './compare.ts';
import { CompileError } from './errors.ts';
import type { TracedProgram } from './program.ts';
import { trace, type Tensors } from './trace.ts';

export interface TraceOptions {
  readonly dynamic?: readonly string[];
  readonly checkRandom?: boolean;
}

/**
 * The program of `fn`. With dynamic inputs it is traced again with those twice as long, and lengths that differ are
 * open; to find frozen randomness it is traced again as well. Nothing else may differ between two traces.
 */
export function tracedProgram(
  fn: (inputs: Tensors) => Tensors,
  example: Tensors,
  { dynamic = [], checkRandom = false }: TraceOptions,
): TracedProgram {
  const program = trace(fn, example);
  if (dynamic.length === 0 && !checkRandom) return program;
  const again = traceLonger(fn, example, dynamic);
  const differs = difference(program, again);
  if (!differs) return withOpenLengths(program, again);

  const random = dynamic.length === 0 ? differs : difference(program, trace(fn, example));
  if (random) {
    throw new CompileError(
      `two traces of a function must be equal, but they differ in ${random}: what JavaScript draws at random would be ` +
        'frozen; use a stateless op with seeds, or hand random numbers in as inputs',
    );
  }
  throw new CompileError(
    `a function must not depend on the length of its dynamic inputs (${dynamic.join(', ')}), but ${differs} does: ` +
      'leave lengths to the ops, hand the number in as an input, or compile once per length',
  );
}

function traceLonger(fn: (inputs: Tensors) => Tensors, example: Tensors, dynamic: readonly string[]): TracedProgram {
  for (const name of dynamic) {
    const tensor = example[name];
    if (tensor && tensor.rank > 0 && tensor.shape[0] !== 0) continue;
    throw new CompileError(`a dynamic input must be one of the example's with a leading dimension, but ${name} is not`);
  }
  const longer = Object.fromEntries(dynamic.map((name) => [name, tf.concat([example[name]!, example[name]!], 0)]));
  try {
    return trace(fn, { ...example, ...longer });
  } catch (error) {
    if (dynamic.length === 0) throw error;
    throw new CompileError(
      `a function must work with dynamic inputs of any length, but with ${dynamic.join(', ')} twice as long it fails: ` +
        (error instanceof Error ? error.message : String(error)),
      { cause: error },
    );
  } finally {
    tf.dispose(Object.values(longer));
  }
}
