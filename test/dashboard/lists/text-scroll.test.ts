/** Scrolling a text of which lines take several rows: nothing is skipped, and the end is followed. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeAtEnd, scrollText, type TextPlace, type TextShape } from '../../../src/dashboard/lists/text-scroll.ts';

const heights = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 30 });

function textOf(rows: readonly number[]): TextShape {
  return { lines: rows.length, rowsOf: (line) => rows[line] ?? 0 };
}

/** Rows of the whole text before the place. */
function rowsBefore({ line, row }: TextPlace, rows: readonly number[]): number {
  return rows.slice(0, line).reduce((sum, each) => sum + each, row);
}

describe('scrolling a text', () => {
  it('ends with the last row of the text in the last row of the screen', () => {
    fc.assert(
      fc.property(heights, fc.integer({ min: 1, max: 20 }), (rows, screen) => {
        const total = rows.reduce((sum, each) => sum + each, 0);
        expect(rowsBefore(placeAtEnd(textOf(rows), screen), rows)).toBe(Math.max(0, total - screen));
      }),
    );
  });

  it('moves by exactly a row or a screen, whatever the lines take', () => {
    const key = fc.constantFrom(['up', -1], ['down', 1], ['page-up', -1], ['page-down', 1]) as fc.Arbitrary<
      [string, 1 | -1]
    >;
    fc.assert(
      fc.property(heights, fc.integer({ min: 1, max: 20 }), fc.array(key, { maxLength: 40 }), (rows, screen, keys) => {
        const text = textOf(rows);
        const last = rows.reduce((sum, each) => sum + each, 0) - screen;
        let place: TextPlace | 'end' = 'end';
        let before = Math.max(0, last);
        for (const [name, direction] of keys) {
          place = scrollText(place, name, text, screen) ?? 'end';
          const step = direction * (name.startsWith('page') ? screen : 1);
          before = Math.max(0, Math.min(last, before + step));
          expect(place === 'end' ? Math.max(0, last) : rowsBefore(place, rows)).toBe(before);
          // At the end it is followed.
          expect(place === 'end').toBe(before >= last);
        }
      }),
    );
  });

  it('goes to both ends at once', () => {
    const text = textOf([1, 3, 1, 2]);
    expect(scrollText('end', 'home', text, 3)).toEqual({ line: 0, row: 0 });
    expect(scrollText({ line: 0, row: 0 }, 'G', text, 3)).toBe('end');
    expect(scrollText('end', 'g', text, 7)).toBe('end');
    expect(scrollText('end', 'x', text, 3)).toBeUndefined();
  });
});
