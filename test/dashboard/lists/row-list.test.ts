/** A part of a long list: what is asked for, and where the cursor goes when the list changes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowList, windowAround, type RowWindow } from '../../../src/dashboard/lists/row-list.ts';

/** A window of the list. */
function windowOf(list: readonly string[], offset = 0, count = list.length): RowWindow<string> {
  return { total: list.length, offset, rows: list.slice(offset, offset + count) };
}

function rowsOf(list: readonly string[]): RowList<string> {
  const rows = new RowList<string>((row) => row.charCodeAt(0));
  rows.replace(windowOf(list));
  return rows;
}

const LETTERS = 'abcdefghijklmnopqrst'.split('');

describe('a window of a list', () => {
  it('reaches a screen beyond the screen on both sides', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.integer({ min: 1, max: 200 }), (top, shown) => {
        const { offset, count } = windowAround(top, shown);
        expect(offset).toBeLessThanOrEqual(Math.max(0, top - shown));
        expect(offset + count).toBeGreaterThanOrEqual(top + 2 * shown);
      }),
    );
  });

  it('is the same for nearly all single steps', () => {
    const asked = new Set(Array.from({ length: 320 }, (_, top) => JSON.stringify(windowAround(top, 20))));
    expect(asked.size).toBeLessThanOrEqual(10);
  });
});

describe('a list of rows', () => {
  it('knows the rows of its window only, by their places in the whole list', () => {
    const rows = rowsOf([]);
    rows.replace(windowOf(LETTERS, 5, 4));
    expect([4, 5, 8, 9].map((place) => rows.at(place))).toEqual([undefined, 'f', 'i', undefined]);
    rows.move('end', 3);
    expect(rows.shown(3)).toEqual([17, 18, 19].map((place) => ({ place, row: undefined })));
  });

  it('keeps the cursor on its row, and the row on its line', () => {
    const rows = rowsOf(LETTERS);
    for (let step = 0; step < 12; step += 1) rows.move('down', 5);
    expect(rows.cursor(5)).toEqual({ selected: 12, top: 8 });
    rows.refresh(windowOf(['X', 'Y', ...LETTERS]));
    expect(rows.cursor(5)).toEqual({ selected: 14, top: 10 });
    expect(rows.selected(5)).toBe('m');
    rows.refresh(windowOf(LETTERS.toReversed(), 4, 10));
    expect(rows.selected(5)).toBe('m');
  });

  it('goes on showing the beginning where that is shown', () => {
    const rows = rowsOf(LETTERS);
    rows.move('down', 5);
    rows.refresh(windowOf(['X', ...LETTERS]));
    expect(rows.cursor(5)).toEqual({ selected: 2, top: 0 });
    rows.refresh(windowOf(['U', 'V', 'W', 'X', ...LETTERS]));
    expect(rows.cursor(5)).toEqual({ selected: 5, top: 1 });
  });

  it('keeps its place where the row is gone', () => {
    const rows = rowsOf(LETTERS);
    rows.move('down', 5);
    rows.refresh(windowOf(LETTERS.filter((letter) => letter !== 'b')));
    expect(rows.selected(5)).toBe('c');
    rows.refresh(windowOf([]));
    expect(rows.selected(5)).toBeUndefined();
  });
});
