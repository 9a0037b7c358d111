/** Which seeds and folds belong to a replicate. */

import { describe, expect, test } from 'vitest';
import type { ResolvedData, Split } from '../../src/definition/resolved.ts';
import { dataSpec } from '../../workers/data/spec.ts';

const SPLIT: Split = {
  kind: 'parts',
  train: 0.5,
  validation: 0,
  test: 'rest',
  shuffle: true,
  stratify: false,
  group: null,
  seed: 10,
};
const DATA: ResolvedData = {
  source: { generator: 'moons', samples: 100, noise: 0.2, seed: 1 },
  target_kind: 'class',
  image: null,
  transform: { features: null, target: null },
  augment: { flip: 'both', shift_pixels: 1, rotate_degrees: 10 },
  split: SPLIT,
};
/** What changes images in training is no matter of the data. */
const { augment: _, ...SPEC } = DATA;
const FOLDS: Split = { kind: 'folds', folds: 3, shuffle: true, stratify: false, group: null, seed: 10 };

describe('a replicate', () => {
  test('shares data and split with all others when only training varies', () => {
    expect(dataSpec(DATA, 4, ['training'])).toEqual(SPEC);
  });

  test('has a split of its own when that varies', () => {
    expect(dataSpec(DATA, 4, ['training', 'split'])).toEqual({ ...SPEC, split: { ...SPLIT, seed: 14 } });
  });

  test('has generated data of its own when those vary', () => {
    const wanted = { ...SPEC, source: { generator: 'moons', samples: 100, noise: 0.2, seed: 5 } };
    expect(dataSpec(DATA, 4, ['data'])).toEqual(wanted);
  });

  test('of a seed at the end of the range goes on from 0', () => {
    expect(dataSpec({ ...DATA, split: { ...SPLIT, seed: 2 ** 32 - 1 } }, 2, ['split']).split.seed).toBe(1);
  });
});

test('each replicate holds out the next fold, and every k of them are shuffled anew', () => {
  const specs = Array.from({ length: 7 }, (_, replicate) =>
    dataSpec({ ...DATA, split: FOLDS }, replicate, ['training']),
  );
  expect(specs.map(({ split }) => (split.kind === 'folds' ? [split.held_out, split.seed] : []))).toEqual([
    [0, 10],
    [1, 10],
    [2, 10],
    [0, 11],
    [1, 11],
    [2, 11],
    [0, 12],
  ]);
});
