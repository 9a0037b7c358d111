/** Which epochs of several replicates can be compared. */

import { expect, test } from 'vitest';
import { aligned } from '../../src/report/alignment.ts';

const trial = (last: number, epochs: readonly number[]) => ({
  last,
  epochs,
  values: epochs.map((epoch) => last + epoch),
});

test('where all have recorded the same epochs, all of them', () => {
  expect(aligned([trial(3, [1, 2, 3]), trial(3, [1, 2, 3])])).toEqual({
    epochs: [1, 2, 3],
    values: [
      [4, 4],
      [5, 5],
      [6, 6],
    ],
  });
});

test('those that have stopped are no longer counted', () => {
  const { epochs, values } = aligned([trial(2, [1, 2]), trial(4, [1, 2, 3, 4]), trial(3, [1, 2, 3])]);
  expect(epochs).toEqual([1, 2, 3, 4]);
  expect(values.map((numbers) => numbers.length)).toEqual([3, 3, 2, 1]);
});

test('an epoch that some have trained but not recorded is left out: the best, the kept or the last of one of them', () => {
  // Every tenth is recorded of all; 13 was the best of one, 27 the last of another.
  const { epochs, values } = aligned([trial(30, [10, 13, 20, 30]), trial(27, [10, 20, 27])]);
  expect(epochs).toEqual([10, 20, 30]);
  expect(values.map((numbers) => numbers.length)).toEqual([2, 2, 1]);
});

test('a number that was not finite is none', () => {
  const lost = { last: 2, epochs: [1, 2], values: [null, 5] };
  expect(aligned([lost, trial(2, [1, 2])])).toEqual({ epochs: [1, 2], values: [[3], [5, 4]] });
});

test('nothing of nobody', () => {
  expect(aligned([])).toEqual({ epochs: [], values: [] });
});
