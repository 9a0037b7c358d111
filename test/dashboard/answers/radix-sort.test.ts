/** The fast sort gives what a sort by comparison gives, for all numbers that there are. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortedByKeys } from '../../../src/dashboard/answers/radix-sort.ts';

test('rows come in the order of their keys, those without one last, equal ones as they were', () => {
  const few = fc.constantFrom(0, -0, 1, -1, 2 ** -1074, -(2 ** -1074), Infinity, -Infinity, NaN, 65_536, 65_535);
  fc.assert(
    fc.property(fc.array(fc.oneof(few, fc.double()), { maxLength: 60 }), fc.boolean(), (keys, reversed) => {
      const rows = reversed ? [...keys.keys()].reverse() : [...keys.keys()];
      const rank = (row: number): number => (Number.isNaN(keys[row]) ? 1 : 0);
      const compared = rows.toSorted((a, b) => {
        if (rank(a) !== rank(b) || rank(a) === 1) return rank(a) - rank(b);
        return keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : 0;
      });
      expect([...sortedByKeys(Int32Array.from(rows), Float64Array.from(keys))]).toEqual(compared);
    }),
    { numRuns: 500 },
  );
});
