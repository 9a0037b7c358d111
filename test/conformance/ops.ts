/** What our own operations must do on every backend: the same tests run over each of them. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { counterWords, statelessNormals, statelessWords } from '../../workers/random/stateless.ts';

type Seeds = readonly (readonly [number, number])[];
/** Stream and step. */
type Places = readonly (readonly [stream: number, t: number])[];

const SEEDS: Seeds = [
  [0, 0],
  [1, 16],
  [-1, 17],
  [0x7fffffff, 0x7fffffff],
  [-0x80000000, -5],
];
const PLACES: Places = [
  [0, 0],
  [1, 16],
  [-1, 17],
  [0x7fffffff, 0x7fffffff],
  [-0x80000000, 5],
];
/** [rows, units] with odd counts, counts around a vector's length, and one number only. */
const SHAPES = [
  [1, 1],
  [3, 5],
  [4, 8],
  [7, 17],
  [33, 40],
] as const;

export function describeOps(name: BackendName): void {
  describe(`our operations on ${name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await loadBackend(name);
    });

    function masks(
      places: Places,
      rows: number,
      shapes: readonly { readonly thresholds: readonly number[]; readonly units: number }[],
      steps = 1,
    ): readonly Float32Array[] {
      return tf.tidy(() => {
        const int32 = (values: number[]): tf.Tensor => tf.tensor1d(values, 'int32');
        const drawn = backend.ops.keepMasks(
          { streams: int32(places.map(([stream]) => stream)), t: int32(places.map(([, t]) => t)), steps, rows },
          shapes.map(({ thresholds, units }) => ({
            units,
            threshold: tf.tensor3d([...thresholds], [thresholds.length, 1, 1], 'int32'),
          })),
        );
        return drawn.map((each) => Float32Array.from(each.dataSync<'bool'>()));
      });
    }

    function mask(places: Places, thresholds: readonly number[], rows: number, units: number): Float32Array {
      return masks(places, rows, [{ thresholds, units }])[0]!;
    }

    function normal(seeds: Seeds, rows: number, units: number): Float32Array {
      return values(() =>
        backend.ops.normal(tf.tensor2d(seeds as [number, number][], [seeds.length, 2], 'int32'), rows, units),
      );
    }

    /** The first `count` bytes of a slot's step as signed numbers. */
    function bytesOf([stream, t]: readonly [number, number], count: number): readonly number[] {
      const blocks = Math.ceil(count / 16);
      const words = counterWords([stream >>> 0, 0], t * blocks, blocks);
      return [...words]
        .flatMap((word) => [0, 8, 16, 24].map((shift) => ((word >>> shift) << 24) >> 24))
        .slice(0, count);
    }

    test.each(SHAPES)('a mask of %i x %i takes a byte per unit of each slot, low ones first', (rows, units) => {
      const thresholds = [0, 1, 0x4000, 0x80ff, 0xff00];
      const expected = PLACES.flatMap((place, slot) => {
        const bytes = bytesOf(place, rows * units + rows);
        const [high, low] = [thresholds[slot]! >> 8, thresholds[slot]! & 0xff];
        const limits = bytes.slice(rows * units).map((byte) => high - 128 + Number(byte < low - 128));
        return bytes.slice(0, rows * units).map((byte, i) => (byte >= limits[Math.floor(i / units)]! ? 1 : 0));
      });
      expect([...mask(PLACES, thresholds, rows, units)]).toEqual(expected);
    });

    test('several masks of one draw lie one after the other in its bytes, each with its own threshold', () => {
      const rows = 3;
      const units = [5, 1, 8];
      const levels = [0x2000, 0x8000, 0xe000];
      const all = PLACES.map(() => 0x8000);
      const begins = PLACES.map(([stream]): [number, number] => [stream, 0]);
      const one = mask(begins, all, 1, rows * 14);
      const three = masks(
        begins,
        rows,
        units.map((count, index) => ({ units: count, thresholds: PLACES.map(() => levels[index]!) })),
      );
      // The one in the middle has the threshold of the whole.
      PLACES.forEach((_, slot) => {
        const middle = one.slice(slot * rows * 14 + rows * 5, slot * rows * 14 + rows * 6);
        expect(three[1]!.slice(slot * rows, (slot + 1) * rows)).toEqual(middle);
      });
      const share = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(share(three[0]!)).toBeGreaterThan(share(three[2]!));
    });

    test('each mask of a draw has bytes of its own for its rows', () => {
      const rows = 40;
      const shapes = [3, 3].map((units) => ({ units, thresholds: PLACES.map(() => 0x0080) }));
      const found = masks(PLACES, rows, shapes);
      const expected = shapes.map(({ units }, index) =>
        PLACES.flatMap((place) => {
          const bytes = bytesOf(place, rows * 8);
          const limits = bytes
            .slice(rows * 6)
            .filter((_, i) => i % 2 === index)
            .map((byte) => -128 + Number(byte < 0));
          return Array.from({ length: rows * units }, (_, i) =>
            bytes[rows * 3 * index + i]! >= limits[Math.floor(i / units)]! ? 1 : 0,
          );
        }),
      );
      expect(found.map((values) => [...values])).toEqual(expected);
    });

    test.each([
      [1, 3, 5],
      [2, 7, 17],
      [5, 1, 1],
    ])('%i steps of %i x %i drawn at once have the masks of one by one', (steps, rows, units) => {
      const others = [units, 3];
      const shapes = others.map((count, index) => ({
        units: count,
        thresholds: PLACES.map((_, slot) => 9000 * (slot + index + 1)),
      }));
      // The counter of the largest step is beyond 32 bits.
      const from = PLACES.map(([stream, t]): [number, number] => [stream, Math.min(t, 0x7fffff00)]);
      const together = masks(from, rows, shapes, steps);
      const after = (step: number): Places => from.map(([stream, t]) => [stream, t + step]);
      const apart = Array.from({ length: steps }, (_, step) => masks(after(step), rows, shapes));
      others.forEach((count, index) => {
        const size = rows * count;
        const expected = from.flatMap((_, slot) =>
          apart.flatMap((each) => [...each[index]!.subarray(slot * size, (slot + 1) * size)]),
        );
        expect([...together[index]!]).toEqual(expected);
      });
    });

    test('a threshold of 0 keeps all, and none keeps less than one value of 256', () => {
      expect(new Set(mask([[3, 4]], [0], 50, 50))).toEqual(new Set([1]));
      expect(mask([[3, 4]], [0x10000], 50, 50)).toEqual(mask([[3, 4]], [0xff00], 50, 50));
    });

    test('drawing leaves nothing behind', () => {
      const draw = (): unknown => mask(PLACES, [0, 1, 2, 3, 4], 7, 17);
      draw();
      const before = tf.memory().numTensors;
      const nativeBefore = nativeTensors();
      draw();
      expect(tf.memory().numTensors).toBe(before);
      expect(nativeTensors()).toBe(nativeBefore);
    });

    test.each([0.001, 0.1, 0.2, 0.5, 0.77, 0.995])('a rate of %d drops its share, in every byte of a word', (rate) => {
      const threshold = Math.round(rate * 0x10000);
      const kept = mask([[5, 6]], [threshold], 400, 100);
      const share = 1 - threshold / 0x10000;
      for (const byte of [0, 1, 2, 3]) {
        const units = kept.filter((_, i) => i % 4 === byte);
        expect(Math.abs(mean(units) - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / units.length));
      }
    });

    test('units are independent of their neighbours, of other slots and steps', () => {
      const rate = 0.4;
      const seeds: Places = [
        [5, 0],
        [6, 0], // another place or replicate
        [5, 1], // the next step
        [5, 16],
      ];
      const count = 200 * 100;
      const all = mask(
        seeds,
        seeds.map(() => Math.round(rate * 0x10000)),
        200,
        100,
      );
      const slots = seeds.map((_, slot) => all.subarray(slot * count, (slot + 1) * count));
      const first = slots[0]!;
      const others = [1, 2, 3, 4, 100].map((lag) => first.subarray(lag)).concat(slots.slice(1));
      for (const other of others) expect(Math.abs(correlation(first, other))).toBeLessThan(5 / Math.sqrt(other.length));
    });

    test('no two of many streams and steps give the same mask', () => {
      const seeds = [0, 1, 2].flatMap((stream) => [0, 1, 16, 17, 32].map((step): [number, number] => [stream, step]));
      const all = mask(
        seeds,
        seeds.map(() => 0x8000),
        8,
        8,
      );
      const masks = seeds.map((_, slot) => all.slice(slot * 64, (slot + 1) * 64).join(''));
      expect(new Set(masks).size).toBe(seeds.length);
    });

    test.each(SHAPES)('normal numbers of %i x %i are those of TensorFlow to 1e-6', (rows, units) => {
      const expected = SEEDS.flatMap(([seed0, seed1]) => [...statelessNormals(seed0, seed1, rows * units)]);
      const found = normal(SEEDS, rows, units);
      expect(found).toHaveLength(expected.length);
      const largest = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)));
      expect(largest).toBeLessThan(1e-6);
    });

    test.each(SHAPES)('uniform numbers of %i x %i take the low 23 bits of a word each', (rows, units) => {
      const expected = SEEDS.flatMap(([seed0, seed1]) =>
        [...statelessWords(seed0, seed1, rows * units)].map((word) => (word % 2 ** 23) / 2 ** 23),
      );
      const found = values(() =>
        backend.ops.uniform(tf.tensor2d(SEEDS as [number, number][], [SEEDS.length, 2], 'int32'), rows, units),
      );
      expect([...found]).toEqual(expected);
    });

    test('normal numbers have the moments of a normal distribution', () => {
      const numbers = [...normal([[11, 12]], 200, 100)];
      const variances = [1, 2, 15, 96]; // of x, x^2, x^3, x^4
      [0, 1, 0, 3].forEach((moment, i) => {
        const found = mean(numbers.map((x) => x ** (i + 1)));
        expect(Math.abs(found - moment)).toBeLessThan(5 * Math.sqrt(variances[i]! / numbers.length));
      });
    });

    test.each(['linear', 'relu'] as const)('a product with a bias and %s is that of double precision', (activation) => {
      for (const [rows, inner, columns] of [
        [1, 1, 1],
        [1, 40, 3],
        [9, 7, 1],
        [5, 3, 8],
        [33, 17, 40],
      ] as const) {
        const [a, b, bias] = [rows * inner, inner * columns, columns].map((count, index) =>
          statelessNormals(index, count, count),
        ) as [Float32Array, Float32Array, Float32Array];
        const found = values(() =>
          backend.ops.biasedProduct(
            tf.tensor2d(a, [rows, inner]),
            tf.tensor2d(b, [inner, columns]),
            tf.tensor1d(bias),
            activation,
          ),
        );
        expect(found).toHaveLength(rows * columns);
        found.forEach((value, i) => {
          const [row, column] = [Math.floor(i / columns), i % columns];
          let sum = bias[column]!;
          for (let k = 0; k < inner; k += 1) sum += a[row * inner + k]! * b[k * columns + column]!;
          const expected = activation === 'relu' ? Math.max(0, sum) : sum;
          expect(Math.abs(value - expected)).toBeLessThan(1e-5 * (1 + Math.abs(sum)));
        });
      }
    });

    test('the gradient of relu passes where y is above 0', () => {
      const dy = [1.5, -2.5, 3.5, -4.5, 5.5, 0];
      const y = [0, 1, 2, 0, 1e-30, 3];
      const found = values(() => backend.ops.reluGradient(tf.tensor1d(dy), tf.tensor1d(y)));
      expect([...found].map((value) => value + 0)).toEqual([0, -2.5, 3.5, 0, 5.5, 0]);
    });

    test('the gradient of tanh is dy * (1 - y^2)', () => {
      const y = Float32Array.from({ length: 37 }, (_, i) => Math.tanh((i - 18) / 5));
      const dy = Float32Array.from({ length: 37 }, (_, i) => i - 10.5);
      const found = values(() => backend.ops.tanhGradient(tf.tensor1d(dy), tf.tensor1d(y)));
      found.forEach((value, i) => {
        const expected = dy[i]! * (1 - y[i]! ** 2);
        expect(Math.abs(value - expected)).toBeLessThan(1e-6 * (1 + Math.abs(dy[i]!)));
      });
    });
  });
}

function values(compute: () => tf.Tensor): Float32Array {
  return tf.tidy(() => compute().dataSync<'float32'>().slice());
}

/** What the native library holds, known to TensorFlow.js or not; 0 on other backends. */
function nativeTensors(): number {
  const { binding } = tf.backend() as { readonly binding?: { getNumOfTensors(): number } };
  return binding?.getNumOfTensors() ?? 0;
}

function mean(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i += 1) sum += numbers[i]!;
  return sum / numbers.length;
}

/** Pearson's, over the length of the shorter one. */
function correlation(a: Float32Array, b: Float32Array): number {
  const length = Math.min(a.length, b.length);
  const x = a.subarray(0, length);
  const y = b.subarray(0, length);
  const [meanX, meanY] = [mean(x), mean(y)];
  const product = (u: Float32Array, v: Float32Array, meanU: number, meanV: number): number =>
    mean(u.map((value, i) => (value - meanU) * (v[i]! - meanV)));
  return product(x, y, meanX, meanY) / Math.sqrt(product(x, x, meanX, meanX) * product(y, y, meanY, meanY));
}
