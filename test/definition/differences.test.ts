/** The readable difference of two definitions. */

import { expect, test } from 'vitest';
import { differences } from '../../src/definition/differences.ts';

test('names each path that differs, with both values', () => {
  const before = {
    search: { l2: { points: 6, log: true } },
    replicates: 10,
    layers: [{ units: 1 }, { units: 2 }],
    gone: 1,
  };
  const after = {
    search: { l2: { log: true, points: 5 } },
    replicates: { count: 10 },
    layers: [{ units: 1 }, { units: 3 }],
    come: 'x',
  };
  expect(differences(before, after)).toEqual([
    'search.l2.points: 6 -> 5',
    'replicates: 10 -> {"count":10}',
    'layers.1.units: 2 -> 3',
    'gone: 1 -> nothing',
    'come: nothing -> "x"',
  ]);
});

test('lists of other lengths differ as a whole, equal values in another order not at all', () => {
  expect(differences({ values: [1, 2] }, { values: [1] })).toEqual(['values: [1,2] -> [1]']);
  expect(differences({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
});
