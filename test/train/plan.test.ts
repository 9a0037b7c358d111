/** From a config to a program and numbers: what becomes structure, what stays a number, and what cannot be. */

import { describe, expect, test } from 'vitest';
import { SweepError } from '../../src/errors.ts';
import type { ResolvedConfig, ResolvedLayer, ResolvedSweep } from '../../src/definition/resolved.ts';
import type { DataShape } from '../../workers/data/dataset.ts';
import { planTrial, type PlannedTrial } from '../../workers/train/plan.ts';
import { NO_CLIP, denseLayer } from '../resolved.ts';
import { UNUSED_DATA } from './builders.ts';

const SHAPE: DataShape = { width: 2, classes: 2, parts: { train: 50, validation: 0, test: 10 } };
const SWEEP: Pick<ResolvedSweep, 'seed' | 'replicates' | 'objective' | 'record'> = {
  seed: 11,
  replicates: { count: 3, vary: ['training'] },
  objective: { metric: 'test_accuracy', goal: 'maximize' },
  record: { epochs: 'auto' },
};

interface Options {
  readonly layers?: readonly ResolvedLayer[];
  readonly train?: Partial<ResolvedConfig['train']>;
  readonly input?: ResolvedConfig['model']['input'];
}

function config({
  layers = [denseLayer({ units: 8, activation: { name: 'relu' } }), denseLayer()],
  train,
  input,
}: Options): ResolvedConfig {
  return {
    ordinal: 4,
    params: {},
    data: UNUSED_DATA,
    model: { input: input ?? { noise: null, dropout: null }, layers },
    train: {
      loss: { name: 'binary_crossentropy' },
      optimizer: { name: 'sgd', learning_rate: 0.1, momentum: 0, nesterov: false },
      clip: NO_CLIP,
      batch_size: 32,
      epochs: 7,
      early_stopping: null,
      keep: { rule: 'last' },
      ...train,
    },
  };
}

function plan(options: Options = {}, shape = SHAPE, sweep: Partial<typeof SWEEP> = {}, replicate = 2): PlannedTrial {
  return planTrial(config(options), replicate, { ...SWEEP, ...sweep }, UNUSED_DATA, shape);
}

describe('numbers', () => {
  test('l2_over_2m is L / 2m on the kernel, with m training rows', () => {
    const { program, task } = plan({ layers: [denseLayer({ l2_over_2m: 3 })] });
    expect(task.hyper['layers.0.l2']).toBe(3 / 100);
    expect(program.layers[0]!.l2).toBe(true);
  });

  test('l2 and l2_over_2m add up', () => {
    expect(plan({ layers: [denseLayer({ l2_over_2m: 3, l2: 0.01 })] }).task.hyper['layers.0.l2']).toBeCloseTo(0.04, 15);
  });

  test('carry every strength, limit and argument by name', () => {
    const { task } = plan({
      input: { noise: 0.1, dropout: 0.2 },
      layers: [denseLayer({ l1: 0.3, noise_before: 0.4, noise_after: 0.5, dropout: 0.6 })],
      train: {
        optimizer: { name: 'adam', learning_rate: 1, beta_1: 2, beta_2: 3, epsilon: 4 },
        clip: { variable_norm: 5, global_norm: 6, value: 7 },
        early_stopping: { monitor: 'test_loss', patience: 8, min_delta: 9 },
        keep: { rule: 'epoch', epoch: 10 },
      },
    });
    expect(task.hyper).toEqual({
      epochs: 7,
      'input.noise': 0.1,
      'input.dropout': 0.2,
      'layers.0.l1': 0.3,
      'layers.0.noise_before': 0.4,
      'layers.0.noise_after': 0.5,
      'layers.0.dropout': 0.6,
      'optimizer.learning_rate': 1,
      'optimizer.beta_1': 2,
      'optimizer.beta_2': 3,
      'optimizer.epsilon': 4,
      'clip.variable_norm': 5,
      'clip.global_norm': 6,
      'clip.value': 7,
      patience: 8,
      min_delta: 9,
      'keep.epoch': 10,
    });
  });

  test('the replicate decides the training seeds only where training varies', () => {
    expect(plan().task.replicate).toBe(2);
    expect(plan({}, SHAPE, { replicates: { count: 3, vary: ['split'] } }).task.replicate).toBe(0);
  });
});

describe('structure', () => {
  const strengths = (value: number): Options => ({
    layers: [denseLayer({ units: 8, l2: value, dropout: value }), denseLayer()],
    train: {
      clip: { variable_norm: value + 1, global_norm: null, value: null },
      optimizer: { name: 'sgd', learning_rate: value, momentum: 0.9, nesterov: false },
    },
  });

  test('is the same for configs that differ in numbers only, 0 included', () => {
    expect(plan(strengths(0)).program).toEqual(plan(strengths(0.5)).program);
  });

  test('differs where a strength is not there at all', () => {
    const without = plan({ ...strengths(0), layers: [denseLayer({ units: 8, l2: 0 }), denseLayer()] }).program;
    expect(without.layers[0]).toEqual({ ...plan(strengths(0)).program.layers[0], dropout: false });
  });

  test('full and a batch beyond the training rows are all of them', () => {
    expect(plan({ train: { batch_size: 'full' } }).program.batch).toBe(50);
    expect(plan({ train: { batch_size: 64 } }).program).toEqual(plan({ train: { batch_size: 'full' } }).program);
    expect(plan().program.batch).toBe(32);
  });

  test('each layer takes what the one below gives', () => {
    const { layers } = plan({ layers: [denseLayer({ units: 5 }), denseLayer({ units: 3 }), denseLayer()] }).program;
    expect(layers.map(({ inputs, units }) => [inputs, units])).toEqual([
      [2, 5],
      [5, 3],
      [3, 1],
    ]);
  });

  test('only parts that have rows are reported', () => {
    expect(plan().program.metrics).toEqual([
      'train_loss',
      'train_data_loss',
      'train_accuracy',
      'test_loss',
      'test_data_loss',
      'test_accuracy',
    ]);
  });

  test('momentum of 0 is none, unless Nesterov is asked for', () => {
    const optimizer = (momentum: number, nesterov: boolean): unknown =>
      plan({ train: { optimizer: { name: 'sgd', learning_rate: 0.1, momentum, nesterov } } }).program.optimizer;
    expect(optimizer(0, false)).toEqual({ name: 'sgd', momentum: false, nesterov: false });
    expect(optimizer(0.5, false)).toEqual({ name: 'sgd', momentum: true, nesterov: false });
    expect(optimizer(0, true)).toEqual({ name: 'sgd', momentum: true, nesterov: true });
  });
});

test('a network that does not fit its loss or data is refused, with the mend', () => {
  const softmax = (units: number): readonly ResolvedLayer[] => [denseLayer({ units, activation: { name: 'softmax' } })];
  const categorical: Partial<ResolvedConfig['train']> = { loss: { name: 'categorical_crossentropy' } };
  const mistakes: readonly (readonly [Options, classes: number])[] = [
    [{ layers: softmax(2) }, 2],
    [{ train: categorical }, 2],
    [{ layers: softmax(2), train: categorical }, 3],
    [{ layers: [denseLayer({ units: 2 })] }, 2],
    [{}, 3],
  ];
  const messages = mistakes.map(([options, classes]) => {
    try {
      plan(options, { ...SHAPE, classes });
    } catch (error) {
      return error instanceof SweepError ? `${error.code} ${error.message}` : error;
    }
    return 'no error';
  });
  expect(messages).toMatchInlineSnapshot(`
    [
      "definition train.loss: binary_crossentropy needs another output activation than softmax, in config 4 (give the last layer \`activation: sigmoid\`)",
      "definition train.loss: categorical_crossentropy needs another output activation than sigmoid, in config 4 (give the last layer \`activation: softmax\`)",
      "definition model.layers: the last layer must have a unit per class, but has 2 for 3 classes, in config 4 (set its \`units\` to 3)",
      "definition model.layers: binary_crossentropy must have one output unit, but the last layer has 2, in config 4 (set it to 1)",
      "definition train.loss: binary_crossentropy needs two classes, but the target has 3, in config 4 (use categorical_crossentropy with softmax)",
    ]
  `);
});
