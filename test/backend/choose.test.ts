/** Whole slots are chosen, on every backend. */

import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import { choose } from '../../workers/train/tensors.ts';

test.each(['native', 'wasm', 'cpu'] as const)(
  'on %s a slot is the fresh one or the old one as a whole',
  async (name) => {
    const { ops } = await loadBackend(name);
    tf.tidy(() => {
      const chosen = tf.tensor3d([1, 0, 1], [3, 1, 1]);
      const fresh = tf.tensor3d([1, 2, NaN, 4, 5, 6], [3, 1, 2]);
      const old = tf.tensor3d([-1, NaN, -3, -4, -5, -6], [3, 1, 2]);
      expect([...choose(chosen, fresh, old, ops).dataSync()]).toEqual([1, 2, -3, -4, 5, 6]);
      const counters = choose(chosen, tf.tensor1d([1, 2, 3], 'int32'), tf.tensor1d([7, 8, 9], 'int32'), ops);
      expect(counters.dtype).toBe('int32');
      expect([...counters.dataSync()]).toEqual([1, 8, 3]);
      const alone = tf.tensor3d([0], [1, 1, 1]);
      expect([...choose(alone, tf.ones([1, 2, 2]), tf.zeros([1, 2, 2]), ops).dataSync()]).toEqual([0, 0, 0, 0]);
    });
  },
);
