/** The same trial on every backend: equal masks, nearly equal noise and arithmetic, so nearly equal results. */

import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import type { Program } from '../../workers/train/program.ts';
import { Stack } from '../../workers/train/stack.ts';
import { buildDataset, buildProgram, buildTask, PLAIN_LAYER, type LayerOptions } from './builders.ts';

const dense = buildProgram({
  input: { noise: true, dropout: false },
  layers: [
    { units: 9, activation: 'tanh', dropout: true, l2: true, noise_after: true },
    { units: 7, activation: 'relu', dropout: true, noise_before: true },
    { activation: 'sigmoid' },
  ],
  optimizer: { name: 'adam', amsgrad: false, weight_decay: false },
  clip: { variable_norm: false, global_norm: true, value: false },
});

const unweighted = { l1: false, l2: false, bias_l1: false, bias_l2: false, constraint: null, weight_noise: false };
const image = { height: 6, width: 5, channels: 1 };
const convolutionalLayers = [
  {
    ...PLAIN_LAYER,
    ...unweighted,
    type: 'conv2d',
    image,
    kernel_size: [3, 3],
    strides: [1, 1],
    padding: 'same',
    inputs: 30,
    units: 120,
    channels: 4,
    activation: 'relu',
  },
  {
    ...PLAIN_LAYER,
    type: 'max_pooling2d',
    image: { ...image, channels: 4 },
    pool_size: [2, 2],
    strides: [2, 2],
    padding: 'same',
    inputs: 120,
    units: 36,
    channels: 4,
    dropout: true,
  },
  {
    ...PLAIN_LAYER,
    ...unweighted,
    type: 'conv2d',
    image: { height: 3, width: 3, channels: 4 },
    kernel_size: [2, 2],
    strides: [1, 1],
    padding: 'valid',
    inputs: 36,
    units: 20,
    channels: 5,
    activation: 'tanh',
    l2: true,
  },
  { ...PLAIN_LAYER, type: 'flatten', inputs: 20, units: 20, channels: 20 },
  { activation: 'sigmoid' },
] as const satisfies readonly LayerOptions[];
const convolutional = buildProgram({
  width: 30,
  image,
  augment: { flip: 'horizontal', shift: true, rotate: true },
  layers: convolutionalLayers,
});
const EPOCHS = 5;

async function train(program: Program, name: BackendName, seed: number): Promise<number[]> {
  const stack = new Stack(program, await loadBackend(name));
  stack.seat([
    {
      enter: {
        task: buildTask(program, {
          seed,
          hyper: { epochs: EPOCHS, 'optimizer.learning_rate': 0.01, 'augment.shift': 1, 'augment.rotate': 20 },
        }),
        dataset: buildDataset(program),
      },
    },
  ]);
  const values = stack.run(EPOCHS)[0]!.flatMap((epoch) => [...epoch.values]);
  stack.dispose();
  return values;
}

test.each([
  ['noise and dropout', dense],
  ['convolutions and augmentation', convolutional],
])('a trial with %s gives the same metrics on all three, to 1e-5', async (_name, program) => {
  const native = await train(program, 'native', 1);
  expect(tf.getBackend()).toBe('tensorflow');
  const otherSeed = await train(program, 'native', 2);
  const distance = (other: readonly number[]): number =>
    Math.max(...other.map((value, i) => Math.abs(value - native[i]!)));
  for (const name of ['wasm', 'cpu'] as const) {
    const values = await train(program, name, 1);
    expect(tf.getBackend()).toBe(name);
    expect(distance(values)).toBeLessThan(1e-5);
  }
  // Other random numbers would show: they move the metrics by far more.
  expect(distance(otherSeed)).toBeGreaterThan(1e-3);
});
