/** Laws of the compiler: any program with any nesting of loops gives what it gives eagerly. */

import { deepStrictEqual } from 'node:assert/strict';
import { writeSync } from 'node:fs';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import { contents } from './native.ts';
import { functionOf, inputsOf, statements, type Statement } from './random-program.ts';
import { nativeBackend } from '../../workers/compile/binding.ts';
import { graphOf } from '../../workers/compile/graph.ts';
import { compile } from '../../workers/compile/index.ts';
import { loadGraph } from '../../workers/compile/load.ts';
import { equalConstants } from '../../workers/compile/passes/equal-constants.ts';
import { expandInPlace } from '../../workers/compile/passes/expand-in-place.ts';
import { CLEANING, type Pass } from '../../workers/compile/passes/optimize.ts';
import { trace } from '../../workers/compile/trace.ts';

/** Each for 50 random programs, on the native backend. Errors: fast-check's, with the smallest program that breaks it. */
export const LAWS = {
  plain: (seed: number): void =>
    fc.assert(
      fc.property(statements({ exact: false, depth: 3 }), (program) => checkCompiled(program, false)),
      { ...bounds(seed), examples: [[fromOutside('disguised')]] },
    ),
  inPlace: (seed: number): void =>
    fc.assert(
      fc.property(statements({ exact: true, depth: 3 }), (program) => checkCompiled(program, true)),
      bounds(seed),
    ),
  passes: (seed: number): void =>
    fc.assert(fc.property(statements({ exact: false, depth: 3 }), fc.constantFrom(...CLEANING), checkPass), {
      ...bounds(seed),
      examples: [[fromOutside('cast'), equalConstants]],
    }),
};

const COUNTS = [
  [2, 3],
  [0, 1],
  [1, 0],
  [3, 2],
] as const;

/** Shrinking ends after a while, with the smallest program until then. */
function bounds(seed: number): { seed: number; numRuns: number; interruptAfterTimeLimit: number } {
  return { seed, numRuns: 50, interruptAfterTimeLimit: 40_000 };
}

/** A loop whose next state is an op of a value from outside: one that Grappler sees through once made it endless. */
function fromOutside(op: string): readonly Statement[] {
  return [
    { kind: 'loop', count: 0, initial: [0], next: [4], below: undefined, body: [{ kind: 'op', op, of: [1, 0] }] },
  ];
}

function checkCompiled(program: readonly Statement[], inPlace: boolean): void {
  announce(program);
  const fn = functionOf(program);
  tf.tidy(() => {
    const graph = compile(fn, inputsOf(1, COUNTS[0]), { inPlace });
    try {
      for (const [seed, counts] of COUNTS.entries()) {
        const inputs = inputsOf(seed, counts);
        deepStrictEqual(contents(graph.run(inputs)), contents(fn(inputs)));
      }
    } finally {
      graph.dispose();
    }
  });
}

function checkPass(program: readonly Statement[], clean: Pass): void {
  announce(program);
  const fn = functionOf(program);
  tf.tidy(() => {
    const inputs = inputsOf(1, COUNTS[0]);
    const graph = loadGraph(graphOf(clean(expandInPlace(trace(fn, inputs)))), nativeBackend());
    const expected = fn(inputs);
    const results = graph.run(Object.values(inputs));
    graph.dispose();
    const named = Object.fromEntries(Object.keys(expected).map((name, index) => [name, results[index]!]));
    deepStrictEqual(contents(named), contents(expected));
  });
}

/** A line on stdout, at once: the last one tells which program never came back. */
function announce(program: readonly Statement[]): void {
  writeSync(1, `${JSON.stringify(program)}\n`);
}
