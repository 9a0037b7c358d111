/** Finds the line and column of a cell in a delimited text file. Pure. */

import type { Position } from '../../src/errors.ts';

/**
 * Where a cell begins. It walks through the whole file: only errors ask, so that it need not be fast.
 * @param start offset in bytes of the cell's record, or of empty lines before it
 * @param column of the cell, from 0; the end of the record when it has fewer
 */
export function cellPosition(file: string, bytes: Buffer, start: number, column: number, delimiter: string): Position {
  const before = bytes.toString('utf8', 0, start);
  const text = bytes.toString('utf8', start);
  let at = /^\uFEFF?[\r\n]*/.exec(text)?.[0].length ?? 0;
  let quoted = false;
  for (let cell = 0; cell < column && at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === delimiter && !quoted) cell += 1;
  }
  const lines = (before + text.slice(0, at)).replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
