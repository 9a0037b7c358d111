/** Initial weights against Keras' initialisers: limits, spread and truncation for every shape on record. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { InitializerName, Kind } from '../../src/definition/resolved.ts';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';
import { initialValues, initialVariable } from '../../workers/train/initializers.ts';
import { buildProgram, buildTask } from './builders.ts';

/** Keras' defaults for the arguments that a definition fills in. */
const OURS: Readonly<Record<string, Kind<InitializerName>>> = {
  he_uniform: { name: 'he_uniform' },
  he_normal: { name: 'he_normal' },
  glorot_uniform: { name: 'glorot_uniform' },
  glorot_normal: { name: 'glorot_normal' },
  lecun_uniform: { name: 'lecun_uniform' },
  lecun_normal: { name: 'lecun_normal' },
  random_uniform: { name: 'random_uniform', minval: -0.05, maxval: 0.05 },
  random_normal: { name: 'random_normal', mean: 0, stddev: 0.05 },
  truncated_normal: { name: 'truncated_normal', mean: 0, stddev: 0.05 },
};

const fan = { fan_in: z.number(), fan_out: z.number() };
const fileSchema = z.object({
  initializers: z.array(
    z.object({
      name: z.string(),
      parameters: z
        .array(
          z.union([
            z.object({ ...fan, distribution: z.literal('uniform'), minval: z.number(), maxval: z.number() }),
            z.object({ ...fan, distribution: z.literal('normal'), stddev: z.number() }),
            z.object({
              ...fan,
              distribution: z.literal('truncated_normal'),
              truncated_at: z.tuple([z.number(), z.number()]),
              stddev_after_truncation: z.number(),
            }),
          ]),
        )
        .default([]),
    }),
  ),
});

const path = join(import.meta.dirname, '../reference/keras/initializers.json');
const { initializers } = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
const SAMPLE = 40_000;

/** Many kernels of one shape, so that small ones too show their distribution. */
function sample(initializer: Kind<InitializerName>, shape: readonly [number, number]): Float32Array {
  const stream = new PhiloxStream(streamKey('initializers', initializer.name));
  const kernels = Math.ceil(SAMPLE / (shape[0] * shape[1]));
  const all = Array.from({ length: kernels }, () => [...initialValues(initializer, shape, stream)]);
  return Float32Array.from(all.flat());
}

const known = initializers.flatMap(({ name, parameters }) => {
  const ours = OURS[name];
  return ours ? parameters.map((expected) => ({ name, ours, expected })) : [];
});

test('every initialiser of ours that Keras draws is on record, in four shapes', () => {
  expect(
    known
      .map(({ name }) => name)
      .filter((name, i, all) => all.indexOf(name) === i)
      .sort(),
  ).toEqual(Object.keys(OURS).sort());
  expect(known).toHaveLength(4 * Object.keys(OURS).length);
});

describe.each(known)('$name of $expected.fan_in x $expected.fan_out', ({ ours, expected }) => {
  const values = sample(ours, [expected.fan_in, expected.fan_out]);
  const { mean, std, kurtosis } = moments(values);
  const wanted = spread(expected);

  test('has the mean 0 and the standard deviation that Keras documents', () => {
    expect(Math.abs(mean)).toBeLessThan((5 * wanted) / Math.sqrt(values.length));
    // The standard error of a standard deviation is at most sqrt((kurtosis - 1) / 4n) of it.
    expect(Math.abs(std / wanted - 1)).toBeLessThan(5 * Math.sqrt((kurtosis - 1) / 4 / values.length));
  });
});

const bounded = known.filter(({ expected }) => expected.distribution !== 'normal');

test.each(bounded)('$name of $expected.fan_in x $expected.fan_out fills its limits', ({ ours, expected }) => {
  const [low, high] = limits(expected);
  const values = sample(ours, [expected.fan_in, expected.fan_out]);
  const smallest = values.reduce((a, b) => Math.min(a, b));
  const largest = values.reduce((a, b) => Math.max(a, b));
  // Never beyond them, but for the rounding of the record, and close to them.
  expect(smallest / low).toBeLessThan(1 + 1e-6);
  expect(largest / high).toBeLessThan(1 + 1e-6);
  expect(smallest / low).toBeGreaterThan(0.99);
  expect(largest / high).toBeGreaterThan(0.99);
});

type Expected = (typeof known)[number]['expected'];

function limits(expected: Expected): readonly [number, number] {
  if (expected.distribution === 'uniform') return [expected.minval, expected.maxval];
  return expected.distribution === 'normal' ? [-Infinity, Infinity] : expected.truncated_at;
}

function spread(expected: Expected): number {
  if (expected.distribution === 'uniform') return (expected.maxval - expected.minval) / Math.sqrt(12);
  return expected.distribution === 'normal' ? expected.stddev : expected.stddev_after_truncation;
}

function moments(values: Float32Array): { mean: number; std: number; kurtosis: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const central = (power: number): number =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return { mean, std: Math.sqrt(central(2)), kurtosis: central(4) / central(2) ** 2 };
}

test('zeros, ones and constant are what their names say', () => {
  const stream = new PhiloxStream(streamKey('unused'));
  expect([...initialValues({ name: 'zeros' }, [1, 2], stream)]).toEqual([0, 0]);
  expect([...initialValues({ name: 'ones' }, [2, 1], stream)]).toEqual([1, 1]);
  expect([...initialValues({ name: 'constant', value: 0.25 }, [1, 1], stream)]).toEqual([0.25]);
});

test('a variable starts from its seed, replicate and name, not from the numbers of its config', () => {
  const program = buildProgram();
  const kernel = { name: 'layers.0.kernel', shape: [3, 5] } as const;
  const start = (options: Parameters<typeof buildTask>[1], variable: typeof kernel = kernel): string =>
    initialVariable(buildTask(program, options), variable).join();
  expect(start({ trial: 9, hyper: { 'optimizer.learning_rate': 0.3 } })).toBe(start({}));
  const others = [
    start({ seed: 8 }),
    start({ replicate: 1 }),
    initialVariable(buildTask(program), { name: 'layers.1.kernel', shape: [3, 5] }).join(),
  ];
  expect(new Set([start({}), ...others]).size).toBe(4);
});

test('a bias is spread by its units, as both of its fans', () => {
  const program = buildProgram();
  const kind = { name: 'he_uniform' } as const;
  const task = { ...buildTask(program), initializers: [{ kernel: kind, bias: kind }] };
  const values = initialVariable(task, { name: 'layers.0.bias', shape: [1, 600] });
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  // sqrt(6 / 600)
  expect(largest).toBeLessThanOrEqual(Math.fround(0.1));
  expect(largest).toBeGreaterThan(0.09);
});
