/** A selected row in a list of which a window is shown: how keys move both. Pure. */

import type { Key } from '../view.ts';

export interface Cursor {
  /** Index of the selected row. */
  readonly selected: number;
  /** Index of the first row that is shown. */
  readonly top: number;
}

export const AT_TOP: Cursor = { selected: 0, top: 0 };

/** Where the key moves to in a list of `total` rows, `rows` of them shown; undefined for a key that moves nothing. */
export function moveCursor(cursor: Cursor, key: Key, total: number, rows: number): Cursor | undefined {
  const step = stepOf(key, total, Math.max(1, rows));
  return step === undefined ? undefined : fitCursor({ ...cursor, selected: cursor.selected + step }, total, rows);
}

/** The nearest cursor that exists, with the selected row among those that are shown. */
export function fitCursor({ selected, top }: Cursor, total: number, rows: number): Cursor {
  const chosen = between(selected, 0, total - 1);
  const shown = Math.max(1, rows);
  return { selected: chosen, top: between(between(top, chosen - shown + 1, chosen), 0, total - shown) };
}

function stepOf(key: Key, total: number, rows: number): number | undefined {
  switch (key) {
    case 'up':
    case 'k':
      return -1;
    case 'down':
    case 'j':
      return 1;
    case 'page-up':
    case 'ctrl-b':
      return -rows;
    case 'page-down':
    case 'ctrl-f':
    case ' ':
      return rows;
    case 'home':
    case 'g':
      return -total;
    case 'end':
    case 'G':
      return total;
    default:
      return undefined;
  }
}

/** Where the key moves to among `count` choices in a line; undefined for a key that moves nothing. */
export function moveChoice(chosen: number, key: Key, count: number): number | undefined {
  switch (key) {
    case 'left':
    case 'h':
      return Math.max(0, chosen - 1);
    case 'right':
    case 'l':
      return Math.min(count - 1, chosen + 1);
    case 'home':
      return 0;
    case 'end':
      return count - 1;
    default:
      return undefined;
  }
}

/** `low` wins where the bounds cross. */
function between(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
