/** A small sweep for tests, resolved by hand: moons, one hidden layer, and what a test changes in it. */

import type { ResolvedConfig, ResolvedLayer, ResolvedSweep } from '../../src/definition/resolved.ts';

export interface SmallConfig {
  readonly dropout?: number;
  readonly learning_rate?: number;
  readonly batch_size?: number;
}

export interface SmallSweep {
  readonly name?: string;
  readonly configs: readonly SmallConfig[];
  readonly replicates?: number;
  readonly epochs?: number;
  readonly patience?: number;
}

function layer(units: number, activation: 'relu' | 'sigmoid', dropout: number | null): ResolvedLayer {
  return {
    type: 'dense',
    units,
    activation: { name: activation },
    initializer: { name: 'glorot_uniform' },
    bias_initializer: { name: 'zeros' },
    l1: null,
    l2: null,
    l2_over_2m: null,
    noise_before: null,
    noise_after: null,
    dropout,
  };
}

function config(ordinal: number, params: SmallConfig, { epochs = 8, patience }: SmallSweep): ResolvedConfig {
  const { dropout = 0.2, learning_rate = 0.01, batch_size = 10 } = params;
  return {
    ordinal,
    params: { ...params },
    data: {
      source: { generator: 'moons', samples: 60, noise: 0.2, seed: 1 },
      target_kind: 'class',
      image: null,
      transform: { features: null, target: null },
      split: {
        kind: 'parts',
        train: 40,
        validation: 0,
        test: 'rest',
        shuffle: false,
        stratify: false,
        group: null,
        seed: 1,
      },
    },
    model: { input: { noise: null, dropout: null }, layers: [layer(6, 'relu', dropout), layer(1, 'sigmoid', null)] },
    train: {
      loss: { name: 'binary_crossentropy' },
      optimizer: { name: 'adam', learning_rate, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 },
      clip: { variable_norm: null, global_norm: null, value: null },
      batch_size,
      epochs,
      early_stopping: patience === undefined ? null : { monitor: 'test_loss', patience, min_delta: 0 },
      keep: { rule: 'last' },
    },
  };
}

export function smallSweep(sweep: SmallSweep): ResolvedSweep {
  return {
    name: sweep.name ?? 'small',
    seed: 3,
    parameters: ['dropout', 'learning_rate', 'batch_size'],
    configs: sweep.configs.map((params, ordinal) => config(ordinal, params, sweep)),
    included: 0,
    baseline: null,
    replicates: { count: sweep.replicates ?? 2, vary: ['training'] },
    metrics: [],
    objective: { metric: 'test_accuracy', goal: 'maximize' },
    record: { epochs: 'all' },
    warnings: [],
  };
}
