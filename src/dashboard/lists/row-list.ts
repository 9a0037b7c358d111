/** A long list of which only a part is known, and a cursor in it: the memory of a view that scrolls. */

import { AT_TOP, fitCursor, moveCursor, type Cursor } from './scrolling.ts';
import type { Key } from '../view.ts';

/** Rows of a list that follow one another. */
export interface RowWindow<Row> {
  /** Rows of the whole list. */
  readonly total: number;
  /** Index of the first row. */
  readonly offset: number;
  readonly rows: readonly Row[];
}

/** Least number of rows by which a window moves. */
const LEAST_STEP = 32;

/**
 * What must be known where `shown` rows from `top` on are on the screen: a screen or more before and behind them too.
 * It moves in steps, so that single rows and pages meet rows that are there, and most keys ask for nothing.
 */
export function windowAround(top: number, shown: number): { readonly offset: number; readonly count: number } {
  const step = Math.max(LEAST_STEP, shown);
  return { offset: Math.max(0, Math.floor(top / step) - 1) * step, count: 4 * step };
}

/** Undefined where it is not known. */
export function rowAt<Row>({ offset, rows }: RowWindow<Row>, index: number): Row | undefined {
  return index < offset ? undefined : rows[index - offset];
}

export class RowList<Row> {
  readonly #identify: (row: Row) => number;
  #window: RowWindow<Row> = { total: 0, offset: 0, rows: [] };
  #cursor: Cursor = AT_TOP;

  /** @param identify tells a row from all others, wherever it stands */
  constructor(identify: (row: Row) => number) {
    this.#identify = identify;
  }

  get total(): number {
    return this.#window.total;
  }

  /** All rows that are known, on the screen or near it. */
  get known(): readonly Row[] {
    return this.#window.rows;
  }

  at(index: number): Row | undefined {
    return rowAt(this.#window, index);
  }

  /** With `shown` rows on the screen. */
  cursor(shown: number): Cursor {
    return fitCursor(this.#cursor, this.total, shown);
  }

  /** Undefined where it is not known yet. */
  selected(shown: number): Row | undefined {
    return this.at(this.cursor(shown).selected);
  }

  /** The rows on the screen. */
  shown(count: number): readonly { readonly place: number; readonly row: Row | undefined }[] {
    const { top } = this.cursor(count);
    return Array.from({ length: Math.min(count, this.total - top) }, (_, index) => ({
      place: top + index,
      row: this.at(top + index),
    }));
  }

  /** What must be known to show `shown` rows. */
  wanted(shown: number): { readonly offset: number; readonly count: number } {
    return windowAround(this.cursor(shown).top, shown);
  }

  /** Whether the key has moved the cursor. */
  move(key: Key, shown: number): boolean {
    const moved = moveCursor(this.#cursor, key, this.total, shown);
    this.#cursor = moved ?? this.#cursor;
    return moved !== undefined;
  }

  /** Whether the cursor is not on the first row. */
  get isMoved(): boolean {
    return this.#cursor.selected > 0;
  }

  moveToTop(): void {
    this.#cursor = AT_TOP;
  }

  /** Rows in place of those that were known; the cursor stays at its place. */
  replace(window: RowWindow<Row>): void {
    this.#window = window;
  }

  /**
   * The same list, read again. The cursor goes with its row: what one looks at must not become something else just
   * before `enter`. Where that row is not among the known ones any more, it stays at its place.
   */
  refresh(window: RowWindow<Row>): void {
    const { selected, top } = this.#cursor;
    const row = this.at(selected);
    this.replace(window);
    const found =
      row === undefined ? -1 : window.rows.findIndex((each) => this.#identify(each) === this.#identify(row));
    if (found < 0) return;
    const place = window.offset + found;
    // A list that is shown from its beginning goes on being so; further down, the row keeps its line on the screen.
    this.#cursor = { selected: place, top: top === 0 ? 0 : Math.max(0, top + place - selected) };
  }
}
