/** Philox 4x32-10, the counter-based generator behind every random number of a sweep. Pure. */

import { createHash } from 'node:crypto';

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** High 32 bits of the product of two 32-bit words, in exact double arithmetic on 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle % 0x10000) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Two unsigned 32-bit words. */
export type Key = readonly [number, number];

/**
 * One block: four words for a counter of four words, written to `out` from `offset` on.
 * Source: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC11.
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: Key,
  out: Uint32Array,
  offset = 0,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[offset] = c0;
  out[offset + 1] = c1;
  out[offset + 2] = c2;
  out[offset + 3] = c3;
}

/** The key of a named stream: equal parts, equal key; any difference gives an unrelated one. */
export function streamKey(...parts: readonly (number | string)[]): Key {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}

/** Numbers drawn one after another from one key. `substream` (such as an epoch) selects an independent run of numbers. */
export class PhiloxStream {
  readonly #key: Key;
  readonly #substream: number;
  readonly #block = new Uint32Array(4);
  #counter = 0;
  #used = 4;
  #spareNormal: number | undefined;

  constructor(key: Key, substream = 0) {
    this.#key = key;
    this.#substream = substream;
  }

  /** An unsigned 32-bit word. */
  word(): number {
    if (this.#used === 4) {
      const high = Math.floor(this.#counter / 2 ** 32);
      philox4x32([this.#counter >>> 0, high, this.#substream >>> 0, 0], this.#key, this.#block);
      this.#counter += 1;
      this.#used = 0;
    }
    const word = this.#block[this.#used]!;
    this.#used += 1;
    return word;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** An integer in [0, bound); the bias is below bound / 2^32. */
  integer(bound: number): number {
    return Math.floor((this.word() / 2 ** 32) * bound);
  }

  /** Standard normal, by Box-Muller. */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** A random order of 0..n-1. */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, index) => index);
    for (let i = n - 1; i > 0; i -= 1) {
      const j = this.integer(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }
}
