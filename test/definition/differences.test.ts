/** The differences of two values of plain data. */

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
    { path: ['search', 'l2', 'points'], before: 6, after: 5 },
    { path: ['replicates'], before: 10, after: { count: 10 } },
    { path: ['layers', 1, 'units'], before: 2, after: 3 },
    { path: ['gone'], before: 1, after: undefined },
    { path: ['come'], before: undefined, after: 'x' },
  ]);
});

test('lists of other lengths differ as a whole, equal values in another order not at all', () => {
  expect(differences({ values: [1, 2] }, { values: [1] })).toEqual([{ path: ['values'], before: [1, 2], after: [1] }]);
  expect(differences({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
});
