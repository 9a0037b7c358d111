/** A place in a long text of which each line may take several rows of the screen: how keys move it. Pure. */

import type { Key } from '../view.ts';

/** What is in the first row of the screen. */
export interface TextPlace {
  readonly line: number;
  /** Of those that the line takes. */
  readonly row: number;
}

export interface TextShape {
  readonly lines: number;
  /** Rows of the screen that the line takes, at least 1. */
  rowsOf(line: number): number;
}

/** The place that has the end of the text in the last of `rows` rows. */
export function placeAtEnd(text: TextShape, rows: number): TextPlace {
  return up({ line: text.lines, row: 0 }, rows, text);
}

/** Where the key moves to; 'end' where the end of the text is in sight; undefined for a key that moves nothing. */
export function scrollText(
  place: TextPlace | 'end',
  key: Key,
  text: TextShape,
  rows: number,
): TextPlace | 'end' | undefined {
  const last = placeAtEnd(text, rows);
  const here = place === 'end' ? last : place;
  const moved = moveBy(here, key, text, rows);
  return moved && (isBefore(moved, last) ? moved : 'end');
}

function moveBy(place: TextPlace, key: Key, text: TextShape, rows: number): TextPlace | undefined {
  switch (key) {
    case 'up':
    case 'k':
      return up(place, 1, text);
    case 'down':
    case 'j':
      return down(place, 1, text);
    case 'page-up':
    case 'ctrl-b':
      return up(place, rows, text);
    case 'page-down':
    case 'ctrl-f':
    case ' ':
      return down(place, rows, text);
    case 'home':
    case 'g':
      return { line: 0, row: 0 };
    case 'end':
    case 'G':
      return { line: text.lines, row: 0 };
    default:
      return undefined;
  }
}

function up(from: TextPlace, rows: number, text: TextShape): TextPlace {
  let { line } = from;
  let row = from.row - rows;
  while (row < 0 && line > 0) {
    line -= 1;
    row += text.rowsOf(line);
  }
  return { line, row: Math.max(0, row) };
}

function down(from: TextPlace, rows: number, text: TextShape): TextPlace {
  let { line } = from;
  let row = from.row + rows;
  while (line < text.lines && row >= text.rowsOf(line)) {
    row -= text.rowsOf(line);
    line += 1;
  }
  return { line, row };
}

function isBefore(a: TextPlace, b: TextPlace): boolean {
  return a.line < b.line || (a.line === b.line && a.row < b.row);
}
