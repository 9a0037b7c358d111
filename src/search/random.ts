/** Independent uniform points, from a stream of their own. Pure. */

import { philox4x32, streamKey } from '../../workers/random/philox.ts';
import type { PointSampler } from './sampler.ts';

export function randomSampler(seed: number, dimensions: number): PointSampler {
  const key = streamKey(seed, 'configs');
  const words = new Uint32Array(4);
  return (index) =>
    Array.from({ length: dimensions }, (_, dimension) => {
      philox4x32([index, dimension, 0, 0], key, words);
      return unitFrom(words[0] ?? 0, words[1] ?? 0);
    });
}

/** 53 bits of two words as a number in [0, 1). */
function unitFrom(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}
