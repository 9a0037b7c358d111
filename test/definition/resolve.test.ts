/** What the engine is told: defaults filled in, two spellings of one thing made one. */

import { describe, expect, test } from 'vitest';
import { resolveSweep } from '../../src/definition/resolve-sweep.ts';
import type { ResolvedConfig } from '../../src/definition/resolved.ts';
import { definition, soundly } from './reading.ts';

const FILES = new Map([['a.csv', { path: '/data/a.csv', sha256: 'abc' }]]);

function resolved(sections: Readonly<Record<string, string>>): ResolvedConfig {
  const [config] = resolveSweep(soundly(definition(sections)), FILES).configs;
  if (!config || !('model' in config)) throw new Error('must have a config with a model');
  return config;
}

function optimizerOf(optimizer: string): unknown {
  return resolved({ train: `{ loss: binary_crossentropy, optimizer: ${optimizer}, epochs: 10 }` }).train.optimizer;
}

describe('an optimizer', () => {
  test('adamw is adam, with a weight decay of its own', () => {
    expect(optimizerOf('adamw')).toEqual(optimizerOf('{ name: adam, weight_decay: 0.004 }'));
    expect(optimizerOf('{ name: adamw, weight_decay: none }')).toEqual(optimizerOf('adam'));
  });

  test.each([
    ['sgd', { learning_rate: 0.01, momentum: 0, nesterov: false }],
    ['adam', { learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: false }],
    ['adamax', { learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }],
    ['nadam', { learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }],
    ['rmsprop', { learning_rate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false }],
    ['adagrad', { learning_rate: 0.001, initial_accumulator_value: 0.1, epsilon: 1e-7 }],
  ])('%s has the defaults of Keras', (name, defaults) => {
    expect(optimizerOf(name)).toEqual({ name, ...defaults, weight_decay: null });
  });
});

describe('a schedule', () => {
  const scheduleOf = (schedule: string, data = '{ generator: moons }'): unknown =>
    resolved({
      data,
      train: `{ loss: binary_crossentropy, optimizer: { name: sgd, learning_rate: ${schedule} }, epochs: 10 }`,
    }).train.optimizer.learning_rate;

  test.each([
    [
      '{ name: inverse_time_decay, initial_learning_rate: 0.1, decay_steps: 5, decay_rate: 0.5 }',
      { initial_learning_rate: 0.1, decay: { steps: 5 }, decay_rate: 0.5, staircase: false },
    ],
    [
      '{ name: polynomial_decay, initial_learning_rate: 0.1, decay_epochs: 5 }',
      { initial_learning_rate: 0.1, decay: { epochs: 5 }, end_learning_rate: 1e-4, power: 1, cycle: false },
    ],
    [
      '{ name: cosine_decay, initial_learning_rate: 0.1, decay_epochs: 5 }',
      { initial_learning_rate: 0.1, decay: { epochs: 5 }, alpha: 0, warmup_target: null, warmup_steps: 0 },
    ],
  ])('%s', (text, wanted) => {
    expect(scheduleOf(text)).toMatchObject(wanted);
    expect(scheduleOf(text)).not.toHaveProperty('decay_epochs');
  });

  test.each([
    ['{ train: 30, validation: 30, test: 40 }', 'validation_loss'],
    ['{ train: 30, test: 70 }', 'test_loss'],
    ['{ train: rest }', 'train_loss'],
    ['{ folds: 5 }', 'validation_loss'],
  ])('with the split %s, a plateau is one of %s where nothing is said', (split, monitor) => {
    const data = `{ generator: moons, split: ${split} }`;
    expect(scheduleOf('{ name: reduce_on_plateau, initial_learning_rate: 0.1 }', data)).toMatchObject({ monitor });
  });
});

test('what is not said is off', () => {
  const { data, train } = resolved({});
  expect(data).toMatchObject({ image: null, augment: null });
  expect(train).toMatchObject({
    epochs: 10,
    steps: null,
    noise: { gradients: null, labels: null },
    label_smoothing: null,
    class_weight: null,
    early_stopping: null,
    clip: { variable_norm: null, global_norm: null, value: null },
  });
});

test('sizes are pairs, and a pooling window moves by its own size', () => {
  const { model } = resolved({
    data: '{ file: a.csv, target: y, image: { height: 8, width: 8 }, augment: { shift_pixels: 1 } }',
    model:
      '{ layers: [{ type: conv2d, filters: 2, kernel_size: 3, strides: [1, 2] }, { type: max_pooling2d, pool_size: [2, 1] }, { type: batch_normalization }, { type: flatten }, { units: 1, activation: sigmoid }] }',
  });
  expect(model).toMatchObject({
    layers: [
      { type: 'conv2d', kernel_size: [3, 3], strides: [1, 2], padding: 'valid' },
      { type: 'max_pooling2d', pool_size: [2, 1], strides: [2, 1], padding: 'valid' },
      {
        type: 'normalization',
        normalization: { name: 'batch_normalization', momentum: 0.99, epsilon: 1e-3, center: true, scale: true },
      },
      { type: 'flatten' },
      { type: 'dense' },
    ],
  });
});

test('hidden holds for convolutions, too, and not for what has no weights', () => {
  const { model } = resolved({
    data: '{ file: a.csv, target: y, image: { height: 8, width: 8 } }',
    model:
      '{ hidden: { activation: relu, normalization: layer_normalization, constraint: radial }, layers: [{ type: conv2d, filters: 2, kernel_size: 3 }, { type: flatten }, { units: 1, activation: sigmoid }] }',
  });
  expect(model).toMatchObject({
    layers: [
      { activation: { name: 'relu' }, normalization: { name: 'layer_normalization' }, constraint: { name: 'radial' } },
      { type: 'flatten' },
      { activation: { name: 'sigmoid' }, normalization: null, constraint: null },
    ],
  });
  expect('layers' in model && model.layers[1]).toEqual({ type: 'flatten' });
});
