/** The order of the training rows: a permutation that seed, replicate, epoch and number of rows decide. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochOrder } from '../../workers/train/shuffle.ts';

test('is a permutation of the rows', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(20), fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 200 }), (...key) => {
      const rows = key[3];
      expect([...epochOrder(...key)].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
    }),
  );
});

test('differs between epochs, replicates and seeds', () => {
  const orders = [epochOrder(1, 0, 1, 40), epochOrder(1, 0, 2, 40), epochOrder(1, 1, 1, 40), epochOrder(2, 0, 1, 40)];
  expect(new Set(orders.map(String)).size).toBe(4);
});

test('is the same when it has to be made again', () => {
  const first = [...epochOrder(3, 0, 1, 1000)];
  // More numbers than are kept: the first order is forgotten.
  for (let epoch = 1; epoch <= 5; epoch += 1) epochOrder(4, 0, epoch, 1 << 20);
  expect([...epochOrder(3, 0, 1, 1000)]).toEqual(first);
});
