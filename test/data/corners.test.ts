/** The corners of scikit-learn's behaviour: odd counts, folds, quartiles. */

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { GeneratorSource } from '../../src/definition/resolved.ts';
import { generate } from '../../workers/data/generators.ts';
import { fitScale } from '../../workers/data/scale.ts';
import { splitRows } from '../../workers/data/split/split-rows.ts';
import { distance, FOLDS, readReference } from './fixtures.ts';

const numbers = z.array(z.number());
const reference = readReference(
  'corners',
  z.object({
    generated: z.record(z.string(), z.object({ call: z.string(), X: z.array(numbers), y: numbers })),
    folds: z.record(z.string(), z.array(numbers)),
    robust: z.array(z.object({ numbers, center: z.number(), scale: z.number() })),
  }),
);

const GENERATED: readonly [string, GeneratorSource][] = [
  ['moons_odd', { generator: 'moons', samples: 15, noise: 0.3, seed: 5 }],
  ['circles_odd', { generator: 'circles', samples: 13, noise: 0.05, factor: 0.5, seed: 6 }],
  ['blobs_uneven', { generator: 'blobs', samples: 11, features: 4, centers: 3, std: 1.5, seed: 7 }],
  ['regression_no_noise', { generator: 'regression', samples: 9, features: 5, informative: 2, noise: 0, seed: 8 }],
  ['regression_few_features', { generator: 'regression', samples: 7, features: 3, informative: 10, noise: 2, seed: 9 }],
];

describe('generates', () => {
  test.each(GENERATED)('%s', (name, source) => {
    const wanted = reference.generated[name]!;
    const made = generate(source);
    expect(distance(made.features, wanted.X.flat())).toBeLessThan(1e-12);
    expect(distance(made.targets, wanted.y)).toBeLessThan(source.generator === 'regression' ? 1e-10 : Number.MIN_VALUE);
  });
});

describe('holds out', () => {
  const cases = Object.entries(reference.folds).map(([call, folds]) => {
    const match = /shuffle=(True|False), random_state=(\w+)\) of (\d+) rows/.exec(call);
    return { call, folds, shuffle: match?.[1] === 'True', seed: Number(match?.[2]) || 0, count: Number(match?.[3]) };
  });

  test.each(cases)('the folds of $call', ({ folds, shuffle, seed, count }) => {
    const found = folds.map((_, held_out) => {
      const split = { ...FOLDS, folds: folds.length, held_out, shuffle, seed };
      return [...splitRows(split, { count, classes: null, groups: null }).validation];
    });
    expect(found).toEqual(folds);
  });
});

test.each(reference.robust)('robust scales around $center by $scale', ({ numbers: values, center, scale }) => {
  const found = fitScale({ name: 'robust', fit_on: 'train' }, Float64Array.from(values));
  expect(distance([found.offset, found.scale], [center, scale])).toBeLessThan(1e-12);
});
