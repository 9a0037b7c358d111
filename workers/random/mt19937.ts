/** NumPy's legacy `RandomState`, draw for draw: what scikit-learn's generators and splits are made with. */

const N = 624;
const M = 397;

/**
 * MT19937 (Matsumoto and Nishimura 1998) seeded by one integer as NumPy's legacy seeding does. Words, integers and
 * permutations equal NumPy's exactly; floats up to the last bits of `Math.log`. Our own streams use Philox instead.
 */
export class RandomState {
  readonly #key = new Uint32Array(N);
  #position = N;
  #cachedNormal: number | undefined;

  /** @param seed integer in [0, 2^32) */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
      throw new RangeError(`a seed must be an integer from 0 to ${2 ** 32 - 1}, found ${seed}`);
    }
    let word = seed >>> 0;
    this.#key[0] = word;
    for (let i = 1; i < N; i++) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0;
      this.#key[i] = word;
    }
  }

  /** A 32-bit word. */
  uint32(): number {
    if (this.#position === N) this.#twist();
    let y = this.#key[this.#position++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Uniform in [0, 1) with 53 bits. */
  randomSample(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.randomSample();
  }

  /** Polar Box-Muller. Every second value comes from a cache, which other draws leave alone. */
  standardNormal(): number {
    const cached = this.#cachedNormal;
    if (cached !== undefined) {
      this.#cachedNormal = undefined;
      return cached;
    }
    for (;;) {
      const x1 = 2 * this.randomSample() - 1;
      const x2 = 2 * this.randomSample() - 1;
      const square = x1 * x1 + x2 * x2;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#cachedNormal = factor * x1;
      return factor * x2;
    }
  }

  normal(mean: number, std: number): number {
    return mean + std * this.standardNormal();
  }

  /** Uniform integer in [0, max], by masked rejection; `max` 0 draws nothing. `max` is at most 2^53 - 1. */
  integer(max: number): number {
    if (max === 0) return 0;
    if (max > 0xffffffff) return this.#wideInteger(max);
    const mask = bitsBelow(max);
    for (;;) {
      const value = (this.uint32() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  #wideInteger(max: number): number {
    const mask = bitsBelow(Math.floor(max / 2 ** 32));
    for (;;) {
      const high = (this.uint32() & mask) >>> 0;
      const value = high * 2 ** 32 + this.uint32();
      if (value <= max) return value;
    }
  }

  /** Fisher-Yates from the end, in place. */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i);
      const swapped = values[i]!;
      values[i] = values[j]!;
      values[j] = swapped;
    }
  }

  /** The integers 0..n-1, shuffled. */
  permutation(n: number): Int32Array {
    const values = Int32Array.from({ length: n }, (_, index) => index);
    this.shuffle(values);
    return values;
  }

  #twist(): void {
    const key = this.#key;
    for (let i = 0; i < N; i++) {
      const y = (key[i]! & 0x80000000) | (key[(i + 1) % N]! & 0x7fffffff);
      key[i] = key[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }
}

/** The smallest 2^k - 1 that is not below `max`, a 32-bit word. */
function bitsBelow(max: number): number {
  return max === 0 ? 0 : 0xffffffff >>> Math.clz32(max);
}
