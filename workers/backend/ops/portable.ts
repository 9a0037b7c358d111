/** Our operations in JavaScript and common TensorFlow.js ops, for the wasm and cpu backends. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { counterWords, statelessNormals, statelessUniforms } from '../../random/stateless.ts';
import { BLOCK_BYTES, LANE_OFFSET, LARGEST_THRESHOLD, maskBlocks } from './ops.ts';
import type { MaskDraw, MaskShape, Ops } from './ops.ts';

/** Fills [K, rows, units], slot by slot, from the slot's two seeds. */
function perSlot(
  seeds: Tensor,
  rows: number,
  units: number,
  fill: (seed0: number, seed1: number, count: number) => ArrayLike<number>,
): Tensor {
  const slots = seeds.shape[0]!;
  const count = rows * units;
  const pairs = seeds.dataSync();
  const values = new Float32Array(slots * count);
  for (let slot = 0; slot < slots; slot += 1) {
    values.set(fill(pairs[slot * 2]!, pairs[slot * 2 + 1]!, count), slot * count);
  }
  return tf.tensor3d(values, [slots, rows, units]);
}

function keepMasks({ streams, t, steps, rows }: MaskDraw, masks: readonly MaskShape[]): readonly Tensor[] {
  const blocks = maskBlocks(rows, masks);
  const total = masks.reduce((sum, { units }) => sum + rows * units, 0);
  const firsts = t.dataSync();
  const bytesOf = Array.from(streams.dataSync(), (stream, slot) => {
    const words = counterWords([stream >>> 0, 0], firsts[slot]! * blocks, steps * blocks);
    // Every platform that Node.js runs on stores the low byte first.
    return new Int8Array(words.buffer);
  });
  let from = 0;
  return masks.map(({ units, threshold }, mask) => {
    const kept = new Uint8Array(bytesOf.length * steps * rows * units);
    let at = 0;
    bytesOf.forEach((bytes, slot) => {
      const drop = Math.min(threshold.dataSync()[slot]!, LARGEST_THRESHOLD);
      for (let step = 0; step < steps; step += 1) {
        const own = bytes.subarray(step * blocks * BLOCK_BYTES);
        for (let row = 0; row < rows; row += 1) {
          const isHigher = own[total + row * masks.length + mask]! < (drop & 0xff) - LANE_OFFSET;
          const limit = (drop >> 8) - LANE_OFFSET + Number(isHigher);
          const first = from + row * units;
          for (let unit = 0; unit < units; unit += 1) kept[at++] = Number(own[first + unit]! >= limit);
        }
      }
    });
    from += rows * units;
    return tf.tensor4d(kept, [bytesOf.length, steps, rows, units], 'bool');
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
