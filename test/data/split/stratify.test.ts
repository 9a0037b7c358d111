/** Tables of whole numbers in proportion: any number of parts and classes. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proportionalCounts } from '../../../workers/data/split/stratify.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

test('every entry is rounded up or down, and every part and class keeps its sum', () => {
  const classCounts = fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }).filter((counts) => sum(counts) > 0);
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
  fc.assert(
    fc.property(classCounts, cuts, (counts, fractions) => {
      const rows = sum(counts);
      const ends = [...fractions.map((fraction) => Math.round(fraction * rows)).toSorted((a, b) => a - b), rows];
      const sizes = ends.map((end, part) => end - (ends[part - 1] ?? 0));
      const table = proportionalCounts(sizes, counts);
      expect(table.map(sum)).toEqual(sizes);
      expect(counts.map((_, cls) => sum(table.map((part) => part[cls]!)))).toEqual(counts);
      table.forEach((part, index) =>
        part.forEach((found, cls) => {
          const exact = sizes[index]! * counts[cls]!;
          expect([Math.floor(exact / rows), Math.ceil(exact / rows)]).toContain(found);
        }),
      );
    }),
    { numRuns: 500 },
  );
});
