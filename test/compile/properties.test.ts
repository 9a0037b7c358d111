/** Laws of the compiler: any program with any nesting of loops gives what it gives eagerly. */

import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { contents, useNative } from './native.ts';
import { functionOf, inputsOf, statements, type Statement } from './random-program.ts';
import { nativeBackend } from '../../workers/compile/binding.ts';
import { graphOf } from '../../workers/compile/graph.ts';
import { compile } from '../../workers/compile/index.ts';
import { loadGraph } from '../../workers/compile/load.ts';
import { expandInPlace } from '../../workers/compile/passes/expand-in-place.ts';
import { CLEANING, type Pass } from '../../workers/compile/passes/optimize.ts';
import { trace } from '../../workers/compile/trace.ts';

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

test('every pass alone changes no bit of a random program', () => {
  const pass: fc.Arbitrary<Pass> = fc.constantFrom(...CLEANING);
  fc.assert(
    fc.property(statements({ exact: false, depth: 3 }), pass, (statementsOfProgram, clean) => {
      const fn = functionOf(statementsOfProgram);
      tf.tidy(() => {
        const inputs = inputsOf(1, COUNTS[0]);
        const graph = loadGraph(graphOf(clean(expandInPlace(trace(fn, inputs)))), nativeBackend());
        const expected = fn(inputs);
        const results = graph.run(Object.values(inputs));
        graph.dispose();
        const named = Object.fromEntries(Object.keys(expected).map((name, index) => [name, results[index]!]));
        expect(contents(named)).toEqual(contents(expected));
      });
    }),
    { numRuns: 50 },
  );
});
