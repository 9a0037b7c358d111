/** Matrix products on wasm, where the backend remembers the right side. */

import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';

test('numbers that were the right side of a product may be it again in another shape', async () => {
  await loadBackend('wasm');
  tf.tidy(() => {
    const numbers = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expect([...tf.matMul(tf.ones<tf.Rank.R2>([1, 2]), numbers).dataSync()]).toEqual([5, 7, 9]);
    const upright = tf.reshape<tf.Rank.R2>(numbers, [3, 2]);
    expect([...tf.matMul(tf.ones<tf.Rank.R2>([1, 3]), upright).dataSync()]).toEqual([9, 12]);
    const column = tf.reshape<tf.Rank.R2>(numbers, [6, 1]);
    expect([...tf.matMul(tf.reshape<tf.Rank.R2>(numbers, [1, 6]), column).dataSync()]).toEqual([91]);
    expect([...tf.matMul(tf.ones<tf.Rank.R2>([1, 2]), numbers).dataSync()]).toEqual([5, 7, 9]);
  });
});
