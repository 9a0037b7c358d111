/** Pieces of a resolved config that tests of several rooms build on. */

import type { ResolvedClip, ResolvedData, ResolvedLayer } from '../src/definition/resolved.ts';

/** One sigmoid unit with nothing else; `options` say what is different. */
export function denseLayer(options: Partial<ResolvedLayer> = {}): ResolvedLayer {
  return {
    type: 'dense',
    units: 1,
    activation: { name: 'sigmoid' },
    initializer: { name: 'glorot_uniform' },
    bias_initializer: { name: 'zeros' },
    l1: null,
    l2: null,
    l2_over_2m: null,
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

export const NO_CLIP: ResolvedClip = { variable_norm: null, global_norm: null, value: null };
