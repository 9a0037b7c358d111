/** Functions of stacks: whatever slot and company, the same bits. */

import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';

const SLOTS = 11;

/**
 * @param compute a tensor [K, ...] of the stack with these slots; the inputs of a slot depend on its number alone
 */
export function expectSameBits(compute: (slots: readonly number[]) => tf.Tensor, count = SLOTS): void {
  const all = Array.from({ length: count }, (_, slot) => slot);
  const [whole, backwards] = [all, all.toReversed()].map((slots) => bitsOf(slots, compute));
  for (const slot of all) {
    const alone = bitsOf([(slot + 1) % count, slot], compute).get(slot);
    expect({ slot, bits: whole!.get(slot) }).toEqual({ slot, bits: alone });
    expect({ slot, bits: backwards!.get(slot) }).toEqual({ slot, bits: alone });
  }
}

function bitsOf(
  slots: readonly number[],
  compute: (slots: readonly number[]) => tf.Tensor,
): ReadonlyMap<number, string> {
  const values = tf.tidy(() => compute(slots).dataSync());
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  const size = bits.length / slots.length;
  return new Map(slots.map((slot, place) => [slot, bits.subarray(place * size, (place + 1) * size).join()]));
}

/** Normal numbers [K, ...shape] that belong to the slots' numbers and the name. */
export function normals(slots: readonly number[], name: string, shape: readonly number[], stddev = 1): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = slots.flatMap((slot) => {
    const stream = new PhiloxStream(streamKey('slots', name, slot));
    return Array.from({ length: size }, () => stddev * stream.normal());
  });
  return tf.tensor(values, [slots.length, ...shape]);
}
