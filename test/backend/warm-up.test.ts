/** Warming up touches every native op that training can use: two threads must never meet a new one at the same time. */

import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import { warmUp } from '../../workers/backend/warm-up.ts';
import { buildDataset } from '../train/builders.ts';
import { randomProgram, randomTask } from '../train/random-program.ts';
import { trainAlone } from '../train/trajectory.ts';

const METHODS = ['executeSingleOutput', 'executeMultipleOutputs'] as const;
type Execute = (op: string, attributes: readonly { readonly name: string }[], ...rest: readonly unknown[]) => unknown;

/** The ops, with the names of their attributes, that run while `work` does. */
function opsOf(work: () => void): ReadonlySet<string> {
  const backend = tf.backend() as unknown as Record<(typeof METHODS)[number], Execute>;
  const seen = new Set<string>();
  for (const method of METHODS) {
    const original = backend[method];
    backend[method] = function execute(op, attributes, ...rest) {
      seen.add(`${op}(${attributes.map(({ name }) => name).join()})`);
      return original.call(this, op, attributes, ...rest);
    };
  }
  try {
    work();
  } finally {
    for (const method of METHODS) Reflect.deleteProperty(backend, method);
  }
  return seen;
}

test('no program runs an op that warming up did not run', async () => {
  const backend = await loadBackend('native');
  const warm = opsOf(() => warmUp(backend));
  expect(warm.size).toBeGreaterThan(20);

  const trial = randomProgram.chain((program) =>
    fc.record({ program: fc.constant(program), task: randomTask(program) }),
  );
  const used = opsOf(() => {
    for (const { program, task } of fc.sample(trial, { numRuns: 100, seed: 1 })) {
      trainAlone(program, backend.ops, { task, dataset: buildDataset(program) });
    }
  });
  expect([...used].filter((op) => !warm.has(op))).toEqual([]);
});
