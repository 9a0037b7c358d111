/** TensorFlow's stateless generators in JavaScript: equal words, uniforms and masks; normals to 1e-6. Pure. */

import { philox4x32, type Key } from './philox.ts';

const SCRAMBLE_KEY: Key = [0x3ec8f720, 0x02461e29];

/** Words of `StatelessRandomUniformFullInt` for two int32 seeds. Source: TensorFlow, kernels/stateless_random_ops. */
export function statelessWords(seed0: number, seed1: number, count: number): Uint32Array {
  const mixed = new Uint32Array(4);
  // A negative seed is widened to 64 bits with its sign.
  const high0 = seed0 < 0 ? 0xffffffff : 0;
  const high1 = seed1 < 0 ? 0xffffffff : 0;
  philox4x32([seed0 >>> 0, high0, seed1 >>> 0, high1], SCRAMBLE_KEY, mixed);
  const key: Key = [mixed[0]!, mixed[1]!];
  const words = new Uint32Array(Math.ceil(count / 4) * 4);
  for (let block = 0; block * 4 < count; block += 1) {
    philox4x32([block, 0, mixed[2]!, mixed[3]!], key, words, block * 4);
  }
  return words.subarray(0, count);
}

/**
 * Words of `StatelessRandomUniformFullIntV2` with the algorithm Philox: `blocks` blocks of four, of which block i has the
 * 128-bit counter `first` + i.
 * @param first below 2^53 - `blocks`
 */
export function counterWords(key: Key, first: number, blocks: number): Uint32Array {
  const words = new Uint32Array(blocks * 4);
  for (let block = 0; block < blocks; block += 1) {
    const counter = first + block;
    philox4x32([counter >>> 0, Math.floor(counter / 0x100000000), 0, 0], key, words, block * 4);
  }
  return words;
}

/** A float32 in [0, 1) from the low 23 bits of a word. */
function unit(word: number): number {
  return (word & 0x7fffff) / 0x800000;
}

/** Numbers of `StatelessRandomUniform`, equal bits. */
export function statelessUniforms(seed0: number, seed1: number, count: number): Float32Array {
  const words = statelessWords(seed0, seed1, count);
  const uniforms = new Float32Array(count);
  for (let i = 0; i < count; i += 1) uniforms[i] = unit(words[i]!);
  return uniforms;
}

/** Numbers of `StatelessRandomNormal`: Box-Muller on pairs of words, in float32 steps. */
export function statelessNormals(seed0: number, seed1: number, count: number): Float32Array {
  const words = statelessWords(seed0, seed1, Math.ceil(count / 4) * 4);
  const normals = new Float32Array(words.length);
  const fround = Math.fround;
  for (let i = 0; i < words.length; i += 2) {
    const radius = fround(Math.sqrt(fround(-2 * fround(Math.log(Math.max(unit(words[i]!), fround(1e-7)))))));
    // TensorFlow multiplies by pi in double precision here, and only here.
    const angle = fround(2 * Math.PI * unit(words[i + 1]!));
    normals[i] = fround(Math.sin(angle)) * radius;
    normals[i + 1] = fround(Math.cos(angle)) * radius;
  }
  return normals.subarray(0, count);
}
