/** Laws of the compiler: any program with any nesting of loops gives what it gives eagerly. */

import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { contents, useNative } from './native.ts';
import { functionOf, inputsOf, statements, type Statement } from './random-program.ts';
import { compile } from '../../workers/compile/index.ts';

useNative();

const COUNTS = [
  [2, 3],
  [0, 1],
  [1, 0],
  [3, 2],
] as const;

function check(program: readonly Statement[], inPlace: boolean): void {
  const fn = functionOf(program);
  tf.tidy(() => {
    const graph = compile(fn, inputsOf(1, COUNTS[0]), { inPlace });
    try {
      for (const [seed, counts] of COUNTS.entries()) {
        const inputs = inputsOf(seed, counts);
        expect(contents(graph.run(inputs))).toEqual(contents(fn(inputs)));
      }
    } finally {
      graph.dispose();
    }
  });
}

test('random programs give the same bits compiled as eagerly', () => {
  fc.assert(
    fc.property(statements({ exact: false, depth: 3 }), (program) => check(program, false)),
    { numRuns: 50 },
  );
});

test('random updates in random places give the same numbers in variables as eagerly', () => {
  fc.assert(
    fc.property(statements({ exact: true, depth: 3 }), (program) => check(program, true)),
    { numRuns: 50 },
  );
});
