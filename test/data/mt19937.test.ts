/** The legacy generator against streams that NumPy drew. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RandomState } from '../../workers/random/mt19937.ts';
import { distance, readReference } from './fixtures.ts';

const numbers = z.array(z.number());
const stream = z.object({
  uint32_first10: numbers,
  random_sample_first10: numbers,
  standard_normal_first11: numbers,
  'uniform_-10_10_first6': numbers,
  permutation_10: numbers,
  permutation_100: numbers,
  randint_0_100_size20: numbers,
  'randint_-5_6_size20': numbers,
  randint_0_2e40_size5_int64: numbers,
  mixed_gauss3_uniform2_perm7_gauss2: z.tuple([numbers, numbers, numbers, numbers]),
});
const { seeds } = readReference('rng_vectors', z.object({ seeds: z.record(z.string(), z.unknown()) }));
const streams = Object.entries(seeds).flatMap(([seed, vectors]) =>
  /^\d+$/.test(seed) ? [{ seed: Number(seed), vectors: stream.parse(vectors) }] : [],
);

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

describe.each(streams)('seed $seed', ({ seed, vectors }) => {
  test('draws the words, uniforms, integers and permutations of NumPy exactly', () => {
    const fresh = (): RandomState => new RandomState(seed);
    let random = fresh();
    expect(draw(10, () => random.uint32())).toEqual(vectors.uint32_first10);
    random = fresh();
    expect(draw(10, () => random.randomSample())).toEqual(vectors.random_sample_first10);
    random = fresh();
    expect(draw(6, () => random.uniform(-10, 10))).toEqual(vectors['uniform_-10_10_first6']);
    random = fresh();
    expect(draw(20, () => random.integer(99))).toEqual(vectors.randint_0_100_size20);
    random = fresh();
    expect(draw(20, () => random.integer(10) - 5)).toEqual(vectors['randint_-5_6_size20']);
    random = fresh();
    expect(draw(5, () => random.integer(2 ** 40 - 1))).toEqual(vectors.randint_0_2e40_size5_int64);
    expect([...fresh().permutation(10)]).toEqual(vectors.permutation_10);
    expect([...fresh().permutation(100)]).toEqual(vectors.permutation_100);
  });

  test('draws normals to the last bits, and keeps the cached one across other draws', () => {
    const random = new RandomState(seed);
    expect(
      distance(
        draw(11, () => random.standardNormal()),
        vectors.standard_normal_first11,
      ),
    ).toBeLessThan(1e-14);
    const mixed = new RandomState(seed);
    const [first, uniforms, permutation, last] = vectors.mixed_gauss3_uniform2_perm7_gauss2;
    expect(
      distance(
        draw(3, () => mixed.standardNormal()),
        first,
      ),
    ).toBeLessThan(1e-14);
    expect(draw(2, () => mixed.randomSample())).toEqual(uniforms);
    expect([...mixed.permutation(7)]).toEqual(permutation);
    expect(
      distance(
        draw(2, () => mixed.standardNormal()),
        last,
      ),
    ).toBeLessThan(1e-14);
  });
});

test('an integer up to 0 costs no draw', () => {
  const [random, same] = [new RandomState(3), new RandomState(3)];
  expect(random.integer(0)).toBe(0);
  expect(random.uint32()).toBe(same.uint32());
});

test('integers stay within their bounds, at word borders too', () => {
  const max = fc.oneof(fc.nat(), fc.constantFrom(0xffffffff, 2 ** 32, 2 ** 53 - 1), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.nat(), max, (seed, bound) => {
      const value = new RandomState(seed).integer(bound);
      return Number.isInteger(value) && value >= 0 && value <= bound;
    }),
  );
});

test.each([-1, 0.5, 2 ** 32, NaN])('seed %d is refused', (seed) => {
  expect(() => new RandomState(seed)).toThrow('a seed must be an integer from 0 to 4294967295');
});
