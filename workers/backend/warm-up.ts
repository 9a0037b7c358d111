/** Lets a thread touch every op that training uses, before the next thread loads the native library. */

import * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from '../data/dataset.ts';
import type { Program, TrialTask } from '../train/program.ts';
import { Stack } from '../train/stack.ts';
import type { Backend } from './backend.ts';

const DATASET: Dataset = {
  key: 'warm-up',
  rows: 6,
  width: 2,
  featureNames: ['a', 'b'],
  features: Float32Array.from({ length: 12 }, (_, i) => i / 12),
  targets: Float32Array.from({ length: 6 }, (_, i) => i % 2),
  classes: ['0', '1'],
  targetScale: { scale: 1, offset: 0 },
  parts: { train: Int32Array.of(0, 1, 2), validation: Int32Array.of(3), test: Int32Array.of(4, 5) },
};

const SHAPE = { width: 2, classes: 2, parts: { train: 3, validation: 1, test: 2 } };

const CLASSIFIER: Program = {
  version: 1,
  data: SHAPE,
  input: { noise: true, dropout: true },
  layers: (['relu', 'tanh', 'sigmoid', 'softmax'] as const).map((activation) => ({
    type: 'dense',
    inputs: 2,
    units: 2,
    activation,
    l1: true,
    l2: true,
    noise_before: true,
    noise_after: true,
    dropout: true,
  })),
  loss: 'categorical_crossentropy',
  optimizer: { name: 'adam' },
  clip: { variable_norm: true, global_norm: true, value: true },
  batch: 2,
  metrics: ['train_loss', 'train_accuracy', 'test_loss', 'test_accuracy'],
  monitor: 'test_loss',
  keep: 'best',
  keep_metric: 'test_accuracy',
  objective: 'test_accuracy',
  record: 'all',
};

const OTHERS: readonly Program[] = [
  { ...CLASSIFIER, layers: oneOutput('sigmoid'), loss: 'binary_crossentropy', keep: 'trigger_start' },
  { ...CLASSIFIER, layers: oneOutput('tanh'), loss: 'binary_crossentropy', keep: 'epoch' },
  {
    ...CLASSIFIER,
    layers: oneOutput('linear'),
    loss: 'mse',
    optimizer: { name: 'sgd', momentum: true, nesterov: true },
    metrics: ['train_loss', 'train_rmse', 'train_r2', 'test_loss'],
    keep: 'before_trigger',
  },
];

function oneOutput(activation: 'sigmoid' | 'tanh' | 'linear'): Program['layers'] {
  return [{ ...CLASSIFIER.layers[0]!, units: 1, activation }];
}

const TASK: TrialTask = {
  trial: 0,
  seed: 0,
  replicate: 0,
  data: {
    source: { generator: 'moons', samples: 6, noise: 0, seed: 0 },
    target_kind: 'class',
    image: null,
    transform: { features: null, target: null },
    split: { kind: 'parts', train: 3, validation: 1, test: 2, shuffle: false, stratify: false, group: null, seed: 0 },
  },
  initializers: CLASSIFIER.layers.map(() => ({ kernel: { name: 'ones' }, bias: { name: 'zeros' } })),
  hyper: {
    epochs: 2,
    patience: 1,
    min_delta: 0,
    'keep.epoch': 1,
    'optimizer.learning_rate': 0.1,
    'optimizer.momentum': 0.9,
    'optimizer.beta_1': 0.9,
    'optimizer.beta_2': 0.999,
    'optimizer.epsilon': 1e-7,
    'clip.variable_norm': 1,
    'clip.global_norm': 1,
    'clip.value': 1,
    'input.noise': 0.1,
    'input.dropout': 0.1,
    ...Object.fromEntries(
      CLASSIFIER.layers.flatMap((_, index) =>
        ['l1', 'l2', 'noise_before', 'noise_after', 'dropout'].map((name) => [`layers.${index}.${name}`, 0.1]),
      ),
    ),
  },
};

export function warmUp({ ops }: Backend): void {
  for (const program of [CLASSIFIER, ...OTHERS]) {
    const stack = new Stack(program, ops);
    const entrant = { task: TASK, dataset: DATASET };
    stack.seat([{ enter: entrant }, { enter: entrant }, { enter: entrant }]);
    stack.runEpoch();
    stack.seat([{ from: 1 }, { enter: entrant }]);
    stack.runEpoch();
    stack.dispose();
  }
  const left = tf.memory().numTensors;
  // Our own ops keep a few small constants for the life of the thread; a leak would grow with every cohort.
  if (left > 50) throw new Error(`warming up left ${left} tensors behind`);
}
