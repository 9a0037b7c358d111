/** Rows of a batch for tests of single functions. */

import * as tf from '@tensorflow/tfjs-core';
import type { Rows } from '../../workers/train/rows.ts';

/** `present` rows that count, and `filling` ones after them that only fill up. */
export function batchRows(present: number, filling = 0): Pick<Rows, 'share' | 'present' | 'count'> {
  const ones = Array.from({ length: present + filling }, (_, row) => (row < present ? 1 : 0));
  return {
    share: tf.tensor3d(
      ones.map((one) => one / present),
      [1, ones.length, 1],
    ),
    present: tf.tensor3d(ones, [1, 1, ones.length]),
    count: tf.fill([1, 1, 1], present),
  };
}
