/** TensorFlow's stateless generators in JavaScript, against numbers that TensorFlow itself gives. */

import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { statelessNormals, statelessUniforms, statelessWords } from '../../workers/random/stateless.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });

test('normal numbers of any seeds and count are those of the native op to 1e-6', () => {
  fc.assert(
    fc.property(int32, int32, fc.integer({ min: 1, max: 200 }), (seed0, seed1, count) => {
      const native = tf.tidy(() => {
        const seeds = tf.tensor2d([[seed0, seed1]], [1, 2], 'int32');
        return backend.ops.normal(seeds, 1, count).dataSync<'float32'>().slice();
      });
      const ours = statelessNormals(seed0, seed1, count);
      expect(ours).toHaveLength(count);
      ours.forEach((value, i) => expect(Math.abs(value - native[i]!)).toBeLessThan(1e-6));
    }),
    { seed: 1 },
  );
});

test('uniform numbers of any seeds and count are those of the native op, bit for bit', () => {
  fc.assert(
    fc.property(int32, int32, fc.integer({ min: 1, max: 200 }), (seed0, seed1, count) => {
      const native = tf.tidy(() => {
        const seeds = tf.tensor2d([[seed0, seed1]], [1, 2], 'int32');
        return backend.ops.uniform(seeds, 1, count).dataSync<'float32'>().slice();
      });
      expect(statelessUniforms(seed0, seed1, count)).toEqual(native);
    }),
    { seed: 1 },
  );
});

test('fewer numbers of the same seeds are the first of more', () => {
  const many = { words: statelessWords(3, -4, 50), normals: statelessNormals(3, -4, 50) };
  for (const count of [1, 2, 5, 49]) {
    expect(statelessWords(3, -4, count)).toEqual(many.words.slice(0, count));
    expect(statelessNormals(3, -4, count)).toEqual(many.normals.slice(0, count));
  }
});

test('the two seeds are not exchangeable, and a sign is not lost', () => {
  const first = [statelessWords(1, 2, 1), statelessWords(2, 1, 1), statelessWords(-1, 2, 1), statelessWords(1, -2, 1)];
  expect(new Set(first.map(String)).size).toBe(4);
});
