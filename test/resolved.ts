/** Pieces of a resolved config that tests of several rooms build on. */

import type { ResolvedData, ResolvedDense, ResolvedOptimizer, ResolvedTrain } from '../src/definition/resolved.ts';

/** One sigmoid unit with nothing else; `options` say what is different. */
export function denseLayer(options: Partial<ResolvedDense> = {}): ResolvedDense {
  return {
    type: 'dense',
    units: 1,
    activation: { name: 'sigmoid' },
    initializer: { name: 'glorot_uniform' },
    bias_initializer: { name: 'zeros' },
    l1: null,
    l2: null,
    l2_over_2m: null,
    bias_l1: null,
    bias_l2: null,
    activity_l1: null,
    activity_l2: null,
    constraint: null,
    normalization: null,
    weight_noise: null,
    noise_before: null,
    noise_after: null,
    dropout: null,
    ...options,
  };
}

/** Two moons in their order: the first `train` rows for training, the others for the test. */
export function moonsData(samples: number, train: number): ResolvedData {
  return {
    source: { generator: 'moons', samples, noise: 0.2, seed: 1 },
    target_kind: 'class',
    image: null,
    transform: { features: null, target: null },
    augment: null,
    split: {
      kind: 'parts',
      train,
      validation: 0,
      test: 'rest',
      shuffle: false,
      stratify: false,
      group: null,
      seed: 1,
    },
  };
}

/** SGD with a constant rate and nothing else. */
export function plainSgd(learning_rate: number, momentum = 0): ResolvedOptimizer {
  return { name: 'sgd', learning_rate, momentum, nesterov: false, weight_decay: null };
}

/** Adam with Keras' arguments. */
export function plainAdam(learning_rate: number): ResolvedOptimizer {
  return {
    name: 'adam',
    learning_rate,
    beta_1: 0.9,
    beta_2: 0.999,
    epsilon: 1e-7,
    amsgrad: false,
    weight_decay: null,
  };
}

/** Binary cross-entropy by SGD for 10 epochs, and nothing else; `options` say what is different. */
export function trainSection(options: Partial<ResolvedTrain> = {}): ResolvedTrain {
  return {
    loss: { name: 'binary_crossentropy' },
    optimizer: plainSgd(0.1),
    clip: { variable_norm: null, global_norm: null, value: null },
    batch_size: 32,
    epochs: 10,
    steps: null,
    noise: { gradients: null, labels: null },
    label_smoothing: null,
    class_weight: null,
    early_stopping: null,
    keep: { rule: 'last' },
    ...options,
  };
}

export const RECORD_NOTHING = { weight_norms: false, gradient_norms: false } as const;
