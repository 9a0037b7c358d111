/** The generators against data that scikit-learn made. */

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { generate } from '../../workers/data/generators.ts';
import type { GeneratorSource } from '../../src/definition/resolved.ts';
import { distance, readReference } from './fixtures.ts';

const reference = z.object({
  shape: z.tuple([z.number(), z.number()]),
  X: z.array(z.array(z.number())).optional(),
  X_first3: z.array(z.array(z.number())).optional(),
  y: z.array(z.number()),
});

const circle = { generator: 'circles', factor: 0.8 } as const;
const CASES: readonly [string, GeneratorSource][] = [
  ['moons_100_noise0.2_rs1', { generator: 'moons', samples: 100, noise: 0.2, seed: 1 }],
  ['circles_100_noise0.1_rs1', { ...circle, samples: 100, noise: 0.1, seed: 1 }],
  ['circles_1000_noise0.1_rs1', { ...circle, samples: 1000, noise: 0.1, seed: 1 }],
  ['lecture_init_circles_train_300_noise0.05_seed1', { ...circle, samples: 300, noise: 0.05, seed: 1 }],
  ['lecture_init_circles_test_100_noise0.05_seed2', { ...circle, samples: 100, noise: 0.05, seed: 2 }],
  ['blobs_1000_c3_f2_std2_rs2', { generator: 'blobs', samples: 1000, features: 2, centers: 3, std: 2, seed: 2 }],
  ['blobs_1000_c20_f100_std2_rs2', { generator: 'blobs', samples: 1000, features: 100, centers: 20, std: 2, seed: 2 }],
];

test.each(CASES)('%s: features within 1e-12, labels exactly', (name, source) => {
  const wanted = readReference(name, reference);
  const made = generate(source);
  expect([made.rows, made.width]).toEqual(wanted.shape);
  expect([...made.targets]).toEqual(wanted.y);
  const features = (wanted.X ?? wanted.X_first3 ?? []).flat();
  expect(features.length).toBeGreaterThan(0);
  expect(distance(made.features.subarray(0, features.length), features)).toBeLessThan(1e-12);
});

const classifications = z.object({
  cases: z.array(
    z.object({
      call: z.string(),
      arguments: z.object({
        samples: z.number(),
        features: z.number(),
        informative: z.number(),
        redundant: z.number(),
        seed: z.number(),
      }),
      X_first3: z.array(z.array(z.number())),
      X_column_sums: z.array(z.number()),
      y: z.array(z.number()),
    }),
  ),
});

test.each(readReference('classification', classifications).cases)('$call', ({ arguments: said, ...wanted }) => {
  const { features, targets, classes } = generate({ generator: 'classification', ...said });
  expect(classes).toBe(2);
  expect([...targets]).toEqual(wanted.y);
  expect(distance(features.subarray(0, 3 * said.features), wanted.X_first3.flat())).toBeLessThan(1e-12);
  const sums = wanted.X_column_sums.map((_, column) =>
    features.reduce((sum, value, index) => (index % said.features === column ? sum + value : sum), 0),
  );
  expect(distance(sums, wanted.X_column_sums)).toBeLessThan(1e-10);
});

test('regression_1000_f20_noise0.1_rs1: features within 1e-12, targets within 1e-10', () => {
  const wanted = readReference('regression_1000_f20_noise0.1_rs1', reference);
  const made = generate({
    generator: 'regression',
    samples: 1000,
    features: 20,
    informative: 10,
    noise: 0.1,
    seed: 1,
  });
  expect(distance(made.features, wanted.X!.flat())).toBeLessThan(1e-12);
  expect(distance(made.targets, wanted.y)).toBeLessThan(1e-10);
  expect(made.classes).toBe(0);
});

test('blobs with an odd count give the first centres one row more', () => {
  const { targets } = generate({ generator: 'blobs', samples: 11, features: 2, centers: 3, std: 1, seed: 0 });
  const counts = [0, 1, 2].map((cls) => targets.filter((target) => target === cls).length);
  expect(counts).toEqual([4, 4, 3]);
});

test('regression with fewer features than informative ones uses all of them', () => {
  const made = generate({ generator: 'regression', samples: 5, features: 2, informative: 10, noise: 0, seed: 0 });
  expect(made.features.length).toBe(10);
  expect(made.targets.every(Number.isFinite)).toBe(true);
});

test('equal seeds give equal bytes, other seeds other ones', () => {
  const hash = (seed: number): string =>
    createHash('sha256')
      .update(generate({ generator: 'moons', samples: 50, noise: 0.1, seed }).features)
      .digest('hex');
  expect(hash(7)).toBe(hash(7));
  expect(hash(7)).not.toBe(hash(8));
});
