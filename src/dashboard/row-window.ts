/** The part of a long list that is known: what to ask for around the rows on the screen, and where a row went. Pure. */

import type { Cursor } from './scrolling.ts';

export interface RowWindow<Row> {
  /** Rows of the whole list. */
  readonly total: number;
  /** Index of the first known row. */
  readonly offset: number;
  readonly rows: readonly Row[];
}

/** Least number of rows by which a window moves. */
const LEAST_STEP = 32;

export function rowAt<Row>(window: RowWindow<Row> | undefined, index: number): Row | undefined {
  return window && index >= window.offset ? window.rows[index - window.offset] : undefined;
}

/**
 * What must be known where `shown` rows from `top` on are on the screen: a screen or more before and behind them too.
 * It moves in steps, so that single rows and pages meet rows that are there, and most keys ask for nothing.
 */
export function windowAround(top: number, shown: number): { readonly offset: number; readonly count: number } {
  const step = Math.max(LEAST_STEP, shown);
  return { offset: Math.max(0, Math.floor(top / step) - 1) * step, count: 4 * step };
}

/**
 * The cursor on the row that it was on, wherever that is now: what one looks at must not become something else below
 * the cursor. It stays at its place where that row is not among the known ones any more. A list that is shown from its
 * beginning goes on being so; further down, the row keeps its line on the screen.
 */
export function follow<Row>(
  cursor: Cursor,
  before: RowWindow<Row> | undefined,
  after: RowWindow<Row>,
  identify: (row: Row) => number,
): Cursor {
  const row = rowAt(before, cursor.selected);
  const place = row === undefined ? -1 : after.rows.findIndex((each) => identify(each) === identify(row));
  if (place < 0) return cursor;
  const selected = after.offset + place;
  const moved = Math.max(0, cursor.top + selected - cursor.selected);
  return { selected, top: cursor.top === 0 ? 0 : moved };
}
