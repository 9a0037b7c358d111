/** Dropout and Gaussian noise against Keras' layers: what they do to ones, and on what their numbers depend. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { slotHyper } from '../../workers/train/hyper.ts';
import { addNoise, dropoutMasks, gradientNoise, weightNoise, type Draw } from '../../workers/train/noise.ts';
import type { Program } from '../../workers/train/program.ts';
import { buildDataset, buildProgram, buildTask } from './builders.ts';

const fileSchema = z.object({
  layers: z.array(
    z.object({
      layer: z.string(),
      args: z.record(z.string(), z.number()),
      shape: z.array(z.number()),
      exact_mean: z.number(),
      exact_std: z.number(),
      values: z.array(z.number()).optional(),
    }),
  ),
});
const path = join(import.meta.dirname, '../reference/keras/noise-layers.json');
const { layers } = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
const dropouts = layers.filter(({ layer }) => layer === 'Dropout');
const noises = layers.filter(({ layer }) => layer === 'GaussianNoise');

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const PROGRAM = buildProgram({
  layers: [
    { units: 5, dropout: true, noise_before: true, noise_after: true },
    { units: 5, dropout: true },
    { units: 1, activation: 'sigmoid' },
  ],
});

/** Of one trial at one step; all that is random has that strength. */
function draw(
  strength: number,
  t = 0,
  options: Parameters<typeof buildTask>[1] = {},
  program: Program = PROGRAM,
): Draw {
  const names = Object.keys(buildTask(program).hyper).filter((name) => /noise|dropout/.test(name));
  const hyper = Object.fromEntries(names.map((name) => [name, strength]));
  const slot = slotHyper(program, buildTask(program, { ...options, hyper }), buildDataset(program));
  const numbers = Object.entries(slot.numbers).map(([name, value]) => [name, tf.tensor3d([value], [1, 1, 1])] as const);
  const thresholds = Object.entries(slot.thresholds).map(
    ([name, value]) => [name, tf.tensor3d([value], [1, 1, 1], 'int32')] as const,
  );
  const streams = Object.entries(slot.streams).map(([name, value]) => [name, tf.tensor1d([value], 'int32')] as const);
  return {
    ops: backend.ops,
    t: tf.tensor1d([t], 'int32'),
    hyper: Object.fromEntries([...numbers, ...thresholds, ...streams]),
  };
}

function dropoutFactor(drawn: Draw, name: string, rows: number, units: number): tf.Tensor {
  const dropout = dropoutMasks(drawn, [{ name, units }], rows).get(name);
  return tf.mul(dropout!.mask, dropout!.scale);
}

function values(compute: () => tf.Tensor): Float32Array {
  return tf.tidy(() => compute().dataSync<'float32'>().slice());
}

function meanAndStd(numbers: Float32Array): { mean: number; std: number } {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return { mean, std: Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length) };
}

test('the record has dropout and noise at two strengths each', () => {
  expect([dropouts.length, noises.length]).toEqual([2, 2]);
});

describe.each(dropouts)('dropout at $args.rate', ({ args, shape, exact_mean, exact_std, values: factors }) => {
  test('turns ones into the two values of Keras, with its mean and spread', () => {
    const [rows, units] = shape as [number, number];
    const found = values(() => dropoutFactor(draw(args['rate']!), 'layers.0', rows, units));
    expect(new Set(found)).toEqual(new Set(factors));
    const { mean, std } = meanAndStd(found);
    expect(Math.abs(mean - exact_mean)).toBeLessThan((5 * exact_std) / Math.sqrt(found.length));
    expect(Math.abs(std - exact_std)).toBeLessThan(0.01);
  });
});

describe.each(noises)('noise of $args.stddev', ({ args, shape, exact_mean, exact_std }) => {
  test('adds to ones what Keras adds, in mean and spread', () => {
    const [rows, units] = shape as [number, number];
    const found = values(() => addNoise(draw(args['stddev']!), 'layers.0', 'noise_before', tf.ones([1, rows, units])));
    const { mean, std } = meanAndStd(found);
    expect(Math.abs(mean - exact_mean)).toBeLessThan((5 * exact_std) / Math.sqrt(found.length));
    expect(Math.abs(std / exact_std - 1)).toBeLessThan(5 / Math.sqrt(2 * found.length));
  });
});

test('what is drawn depends on seed, replicate, layer, step and site', () => {
  const mask = (t: number, place: string, options: Parameters<typeof buildTask>[1] = {}): string =>
    values(() => dropoutFactor(draw(0.5, t, options), place, 8, 8)).join();
  const different = [
    mask(0, 'layers.0'),
    mask(1, 'layers.0'),
    values(
      () =>
        dropoutMasks(
          draw(0.5),
          ['layers.0', 'layers.1'].map((name) => ({ name, units: 8 })),
          8,
        ).get('layers.1')!.mask,
    ).join(),
    mask(0, 'layers.0', { seed: 8 }),
    mask(0, 'layers.0', { replicate: 1 }),
  ];
  expect(new Set(different).size).toBe(different.length);

  const noise = (site: 'noise_before' | 'noise_after'): string =>
    values(() => addNoise(draw(0.5), 'layers.0', site, tf.zeros([1, 4, 4]))).join();
  expect(noise('noise_before')).not.toBe(noise('noise_after'));
});

test('what is drawn does not depend on the config: the same replicate of two configs is paired', () => {
  const kept = (rate: number): number[] =>
    [...values(() => dropoutFactor(draw(rate), 'layers.0', 30, 30))].map((factor) => Math.sign(factor));
  const [mild, strong] = [kept(0.2), kept(0.5)];
  // The same random bits against two thresholds: whatever the mild rate drops, the strong one drops too.
  expect(strong.filter((unit, i) => unit > mild[i]!)).toEqual([]);
});

describe('noise on weights and gradients', () => {
  const noisy = buildProgram({
    layers: [
      { units: 40, weight_noise: true, noise_before: true },
      { units: 1, activation: 'sigmoid' },
    ],
    noise: { gradients: true, labels: false },
  });
  const at = (strength: number, t = 0): Draw => draw(strength, t, {}, noisy);
  const gradients = (): Record<string, tf.Tensor> => ({
    'layers.0.kernel': tf.fill([1, 30, 40], 1),
    'layers.0.bias': tf.fill([1, 1, 40], 2),
    'layers.1.kernel': tf.fill([1, 40, 1], 3),
    'layers.1.bias': tf.fill([1, 1, 1], 4),
  });

  test('of the kernel has its standard deviation and numbers of its own, new in every step', () => {
    const zeros = tf.zeros([1, 30, 40]);
    const found = values(() => weightNoise(at(0.3), 'layers.0', zeros));
    const { mean, std } = meanAndStd(found);
    expect(Math.abs(mean)).toBeLessThan((5 * 0.3) / Math.sqrt(found.length));
    expect(Math.abs(std / 0.3 - 1)).toBeLessThan(5 / Math.sqrt(2 * found.length));
    expect(values(() => weightNoise(at(0.3, 1), 'layers.0', zeros))).not.toEqual(found);
    expect(values(() => addNoise(at(0.3), 'layers.0', 'noise_before', zeros))).not.toEqual(found);
  });

  test('of gradients is added to every variable, all numbers different', () => {
    const found = tf.tidy(() => {
      const disturbed = gradientNoise(at(0.1), noisy, gradients());
      return Object.fromEntries(Object.entries(disturbed).map(([name, value]) => [name, [...value.dataSync()]]));
    });
    const clean: Record<string, number> = {
      'layers.0.kernel': 1,
      'layers.0.bias': 2,
      'layers.1.kernel': 3,
      'layers.1.bias': 4,
    };
    const noise = Object.entries(found).flatMap(([name, numbers]) => numbers.map((value) => value - clean[name]!));
    expect(Object.keys(found).sort()).toEqual(Object.keys(clean).sort());
    expect(new Set(noise).size).toBeGreaterThan(0.99 * noise.length);
    const { mean, std } = meanAndStd(Float32Array.from(noise));
    expect(Math.abs(mean)).toBeLessThan((5 * 0.1) / Math.sqrt(noise.length));
    expect(Math.abs(std / 0.1 - 1)).toBeLessThan(5 / Math.sqrt(2 * noise.length));
  });

  test('of gradients does not depend on the order in which the variables come', () => {
    const disturbed = (names: readonly string[]): string =>
      tf.tidy(() => {
        const given = gradients();
        const ordered = Object.fromEntries(names.map((name) => [name, given[name]!]));
        const found = gradientNoise(at(0.1), noisy, ordered);
        return Object.keys(given)
          .map((name) => found[name]!.dataSync().join())
          .join();
      });
    const names = Object.keys(gradients());
    expect(disturbed(names.toReversed())).toBe(disturbed(names));
  });

  test('of gradients that nobody asked for leaves them alone', () => {
    const given = gradients();
    expect(gradientNoise(at(0.1), { ...noisy, noise: { gradients: false, labels: false } }, given)).toBe(given);
  });
});
