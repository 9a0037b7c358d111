/** The same trial on every backend: equal masks, nearly equal noise and arithmetic, so nearly equal results. */

import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { Stack } from '../../workers/train/stack.ts';
import { buildDataset, buildProgram, buildTask } from './builders.ts';

const program = buildProgram({
  input: { noise: true, dropout: false },
  layers: [
    { units: 9, activation: 'tanh', dropout: true, l2: true, noise_after: true },
    { units: 7, activation: 'relu', dropout: true, noise_before: true },
    { activation: 'sigmoid' },
  ],
  optimizer: { name: 'adam', amsgrad: false, weight_decay: false },
  clip: { variable_norm: false, global_norm: true, value: false },
});
const EPOCHS = 5;

async function train(name: BackendName, seed: number): Promise<number[]> {
  const stack = new Stack(program, await loadBackend(name));
  stack.seat([
    {
      enter: {
        task: buildTask(program, { seed, hyper: { epochs: EPOCHS, 'optimizer.learning_rate': 0.01 } }),
        dataset: buildDataset(program),
      },
    },
  ]);
  const values = stack.run(EPOCHS)[0]!.flatMap((epoch) => [...epoch.values]);
  stack.dispose();
  return values;
}

test('a trial with noise and dropout gives the same metrics on all three, to 1e-5', async () => {
  const native = await train('native', 1);
  expect(tf.getBackend()).toBe('tensorflow');
  const otherSeed = await train('native', 2);
  const distance = (other: readonly number[]): number =>
    Math.max(...other.map((value, i) => Math.abs(value - native[i]!)));
  for (const name of ['wasm', 'cpu'] as const) {
    const values = await train(name, 1);
    expect(tf.getBackend()).toBe(name);
    expect(distance(values)).toBeLessThan(1e-5);
  }
  // Other random numbers would show: they move the metrics by far more.
  expect(distance(otherSeed)).toBeGreaterThan(1e-3);
});
