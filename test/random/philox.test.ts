/** Philox against its authors' known answers, and the laws of the numbers drawn from it. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { philox4x32, PhiloxStream, streamKey } from '../../workers/random/philox.ts';

const ONES = 0xffffffff;

describe('a block', () => {
  // Source: kat_vectors of Random123 1.14, philox4x32 with 10 rounds.
  test.each([
    { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    { counter: [ONES, ONES, ONES, ONES], key: [ONES, ONES], words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ] as const)('of counter $counter and key $key is the known answer', ({ counter, key, words }) => {
    const out = new Uint32Array(5);
    philox4x32(counter, key, out, 1);
    expect([...out]).toEqual([0, ...words]);
  });
});

describe('a stream', () => {
  const numbers = (key: readonly [number, number], substream = 0, count = 40): number[] => {
    const stream = new PhiloxStream(key, substream);
    return Array.from({ length: count }, () => stream.word());
  };

  test('counts its blocks up, from counter 0 with the substream in the third word', () => {
    const expected = new Uint32Array(8);
    philox4x32([0, 0, 5, 0], [1, 2], expected);
    philox4x32([1, 0, 5, 0], [1, 2], expected, 4);
    expect(numbers([1, 2], 5, 8)).toEqual([...expected]);
  });

  test('shares no word with the stream of another key or substream', () => {
    const streams = [numbers([1, 2]), numbers([1, 2], 1), numbers([2, 1]), numbers([1, 3])];
    expect(new Set(streams.flat()).size).toBe(160);
  });

  test('stays in [0, 1) with the moments of a uniform distribution', () => {
    const stream = new PhiloxStream(streamKey('uniform'));
    const values = Array.from({ length: 20_000 }, () => stream.uniform());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    // Five standard errors: sqrt(1/12/n) and sqrt(1/180/n).
    expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / 20_000));
    expect(Math.abs(mean(values.map((u) => (u - 0.5) ** 2)) - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / 20_000));
  });

  test('draws normal numbers with the moments of a normal distribution', () => {
    const stream = new PhiloxStream(streamKey('normal'));
    const values = Array.from({ length: 20_000 }, () => stream.normal());
    const variances = [1, 2, 15, 96]; // of x, x^2, x^3, x^4
    [0, 1, 0, 3].forEach((moment, i) => {
      const found = mean(values.map((x) => x ** (i + 1)));
      expect(Math.abs(found - moment)).toBeLessThan(5 * Math.sqrt(variances[i]! / 20_000));
    });
    const pairs = values.slice(1).map((x, i) => x * values[i]!);
    expect(Math.abs(mean(pairs))).toBeLessThan(5 / Math.sqrt(20_000));
  });

  test('gives a permutation of any length', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(), (length, seed) => {
        const order = new PhiloxStream(streamKey(seed)).permutation(length);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      }),
    );
  });

  test('gives every order of three its share', () => {
    const stream = new PhiloxStream(streamKey('orders'));
    const counts = new Map<string, number>();
    for (let i = 0; i < 6_000; i += 1) {
      const order = stream.permutation(3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(25.7); // 5 degrees of freedom, exceeded with probability 1e-4
  });

  test('gives integers below their bound, each with its share', () => {
    const stream = new PhiloxStream(streamKey('integers'));
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 7_000; i += 1) counts[stream.integer(7)]! += 1;
    expect(counts).toHaveLength(7);
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 6 degrees of freedom, exceeded with probability 1e-4
  });
});

describe('a key', () => {
  test('is the same for the same parts and differs for any other, also where joining them gives the same text', () => {
    const keys = [
      streamKey(1, 'weights', 0, 'layers.0.kernel'),
      streamKey(1, 'weights', 0, 'layers.1.kernel'),
      streamKey(1, 'weights', 1, 'layers.0.kernel'),
      streamKey(2, 'weights', 0, 'layers.0.kernel'),
      streamKey(1, 'noise', 0, 'layers.0.kernel'),
      streamKey('a', 'bc'),
      streamKey('ab', 'c'),
      streamKey('abc'),
      streamKey(1),
      streamKey('1'),
    ];
    expect(new Set(keys.map(String)).size).toBe(keys.length);
    expect(streamKey(1, 'weights', 0, 'layers.0.kernel')).toEqual(keys[0]);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
