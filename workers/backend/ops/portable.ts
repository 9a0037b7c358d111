/** Our operations in JavaScript and common TensorFlow.js ops, for the wasm and cpu backends. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { statelessNormals, statelessUniforms, statelessWords } from '../../random/stateless.ts';
import { LANE_OFFSET, LARGEST_THRESHOLD, type MaskShape, type Ops } from './ops.ts';

/** Fills [K, rows, units], slot by slot, from the slot's two seeds. */
function perSlot(
  seeds: Tensor,
  rows: number,
  units: number,
  fill: (seed0: number, seed1: number, count: number, slot: number) => ArrayLike<number>,
): Tensor {
  const slots = seeds.shape[0]!;
  const count = rows * units;
  const pairs = seeds.dataSync();
  const values = new Float32Array(slots * count);
  for (let slot = 0; slot < slots; slot += 1) {
    values.set(fill(pairs[slot * 2]!, pairs[slot * 2 + 1]!, count, slot), slot * count);
  }
  return tf.tensor3d(values, [slots, rows, units]);
}

function keepMasks(seeds: Tensor, rows: number, masks: readonly MaskShape[]): readonly Tensor[] {
  const total = masks.reduce((sum, { units }) => sum + rows * units, 0);
  let first = 0;
  return masks.map(({ units, threshold }, mask) => {
    const from = first;
    first += rows * units;
    const thresholds = threshold.dataSync();
    return perSlot(seeds, rows, units, (seed0, seed1, count, slot) => {
      const bytes = total + masks.length * rows;
      const words = statelessWords(seed0, seed1, Math.ceil(bytes / 4));
      // Every platform that Node.js runs on stores the low byte first.
      const lanes = new Int8Array(words.buffer, words.byteOffset, bytes);
      const drop = Math.min(thresholds[slot]!, LARGEST_THRESHOLD);
      const limits = Array.from({ length: rows }, (_, row) => {
        const isHigher = lanes[total + row * masks.length + mask]! < (drop & 0xff) - LANE_OFFSET;
        return (drop >> 8) - LANE_OFFSET + Number(isHigher);
      });
      return Float32Array.from({ length: count }, (_, i) =>
        lanes[from + i]! >= limits[Math.floor(i / units)]! ? 1 : 0,
      );
    });
  });
}

export const portableOps: Ops = {
  biasedProduct(a, b, bias, activation) {
    const biased = tf.add(tf.matMul(a, b), bias);
    return activation === 'relu' ? tf.relu(biased) : biased;
  },
  keepMasks,
  uniform: (seeds, rows, units) => perSlot(seeds, rows, units, statelessUniforms),
  normal: (seeds, rows, units) => perSlot(seeds, rows, units, statelessNormals),
  // Their kernels take a vector of choices, too, but fill each slot with one number.
  choose(chosen, fresh, old) {
    const slots = tf.reshape(chosen, [-1, ...fresh.shape.slice(1).map(() => 1)]);
    return tf.where(tf.broadcastTo(slots, fresh.shape), fresh, old);
  },
  reluGradient: (dy, y) => tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32')),
  tanhGradient: (dy, y) => tf.mul(dy, tf.sub(1, tf.mul(y, y))),
};
