import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AT_TOP, fitCursor, moveCursor } from '../../../src/dashboard/lists/scrolling.ts';
import type { Key } from '../../../src/dashboard/view.ts';

const KEYS: readonly Key[] = ['up', 'down', 'j', 'k', 'page-up', 'page-down', ' ', 'home', 'end', 'g', 'G'];

test('whatever keys are pressed, the selected row exists and is among those shown', () => {
  fc.assert(
    fc.property(
      fc.nat(200),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.constantFrom(...KEYS)),
      (total, rows, keys) => {
        const end = keys.reduce((cursor, key) => moveCursor(cursor, key, total, rows) ?? cursor, AT_TOP);
        expect(end.selected).toBeGreaterThanOrEqual(0);
        expect(end.selected).toBeLessThan(Math.max(1, total));
        expect(end.selected - end.top).toBeGreaterThanOrEqual(0);
        expect(end.selected - end.top).toBeLessThan(rows);
        // No blank rows below the last one as long as there are rows above.
        expect(end.top).toBeLessThanOrEqual(Math.max(0, total - rows));
      },
    ),
  );
});

test('the window moves only when the selected row would leave it', () => {
  const steps = (count: number) =>
    Array.from({ length: count }).reduce<typeof AT_TOP>((cursor) => moveCursor(cursor, 'down', 100, 5)!, AT_TOP);
  expect(steps(4)).toEqual({ selected: 4, top: 0 });
  expect(steps(5)).toEqual({ selected: 5, top: 1 });
  expect(moveCursor(steps(5), 'up', 100, 5)).toEqual({ selected: 4, top: 1 });
});

test('the ends are one key away', () => {
  const last = moveCursor(AT_TOP, 'G', 100_000, 20)!;
  expect(last).toEqual({ selected: 99_999, top: 99_980 });
  expect(moveCursor(last, 'g', 100_000, 20)).toEqual(AT_TOP);
});

test('a list that gets shorter keeps a row selected', () => {
  expect(fitCursor({ selected: 90, top: 80 }, 10, 20)).toEqual({ selected: 9, top: 0 });
  expect(fitCursor({ selected: 3, top: 2 }, 0, 20)).toEqual(AT_TOP);
});

test('other keys move nothing', () => {
  expect(moveCursor(AT_TOP, 'x', 10, 5)).toBeUndefined();
});
