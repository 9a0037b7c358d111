/** Traces a function, a second time where that shows what one trace would freeze. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { difference, withOpenLengths } from './compare.ts';
import { CompileError } from './errors.ts';
import type { TracedProgram } from './program.ts';
import { trace, type Tensors } from './trace.ts';

export interface TraceOptions {
  readonly dynamic?: readonly string[];
  readonly checkRandom?: boolean;
}

/**
 * The program of `fn`. With dynamic inputs it is traced again with those twice as long: lengths that differ are open,
 * and nothing else may differ. So it is with the same inputs where random numbers are looked for.
 */
export function tracedProgram(
  fn: (inputs: Tensors) => Tensors,
  example: Tensors,
  { dynamic = [], checkRandom = false }: TraceOptions,
): TracedProgram {
  const program = trace(fn, example);
  if (checkRandom) {
    const frozen = difference(program, trace(fn, example));
    if (frozen) {
      throw new CompileError(
        `two traces of a function must be equal, but they differ in ${frozen}: what JavaScript draws at random would ` +
          'be frozen; use a stateless op with seeds, or hand random numbers in as inputs',
      );
    }
  }
  if (dynamic.length === 0) return program;
  const longer = traceLonger(fn, example, dynamic);
  const frozen = difference(program, longer);
  if (frozen) {
    throw new CompileError(
      `a function must not depend on the length of its dynamic inputs (${dynamic.join(', ')}), but ${frozen} does: ` +
        'leave lengths to the ops, hand the number in as an input, or compile once per length',
    );
  }
  return withOpenLengths(program, longer);
}

function traceLonger(fn: (inputs: Tensors) => Tensors, example: Tensors, dynamic: readonly string[]): TracedProgram {
  const added: Tensor[] = [];
  try {
    const twice = dynamic.map((name) => {
      const tensor = example[name];
      if (!tensor || tensor.rank === 0 || tensor.shape[0] === 0) {
        throw new CompileError(
          `a dynamic input must be one of the example's with a leading dimension, but ${name} is not`,
        );
      }
      const long = tf.concat([tensor, tensor], 0);
      added.push(long);
      return [name, long] as const;
    });
    return trace(fn, { ...example, ...Object.fromEntries(twice) });
  } finally {
    tf.dispose(added);
  }
}
