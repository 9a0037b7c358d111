/** The selected cell of a comparison, and the part of the levels that is shown: how keys move both. Pure. */

import { fitCursor, moveCursor, type Cursor } from '../lists/scrolling.ts';
import type { Key } from '../view.ts';
import { bestCell, type Comparison } from './comparison.ts';

export interface Place {
  readonly rows: Cursor;
  readonly columns: Cursor;
}

/** How many rows and columns of a comparison are shown. */
export interface Window {
  readonly rows: number;
  readonly columns: number;
}

/** The same step along the columns as these keys make along the rows. */
const SIDEWAYS: Readonly<Record<string, Key>> = { left: 'up', h: 'up', right: 'down', l: 'down' };

export function placeOfBest(comparison: Comparison): Place {
  const { first, second } = bestCell(comparison) ?? { first: 0, second: 0 };
  return { rows: { selected: first, top: 0 }, columns: { selected: second, top: 0 } };
}

/** The nearest place that exists. */
export function fitPlace({ rows, columns }: Place, { levels }: Comparison, window: Window): Place {
  return {
    rows: fitCursor(rows, levels[0]?.length ?? 0, window.rows),
    columns: fitCursor(columns, levels[1]?.length ?? 1, window.columns),
  };
}

/** Undefined for a key that moves nothing. */
export function movePlace(place: Place, key: Key, { levels }: Comparison, window: Window): Place | undefined {
  const sideways = SIDEWAYS[key];
  if (sideways !== undefined && levels[1]) {
    const columns = moveCursor(place.columns, sideways, levels[1].length, window.columns);
    return columns && { ...place, columns };
  }
  const rows = moveCursor(place.rows, key, levels[0]?.length ?? 0, window.rows);
  return rows && { ...place, rows };
}
