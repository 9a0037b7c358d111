/** Writes the rows of queries into a file, in bounded memory however many there are. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { QueryResult } from '../../../db/query.ts';
import type { RowFormat } from '../../row-formats.ts';

/** Characters that are held before they are written. */
const BLOCK = 2 ** 20;

/**
 * @param results of queries with the same columns, at least one; each is run when its turn has come
 * @param onRows told the rows so far, between queries
 * @returns how many rows there were
 */
export async function writeTable(
  file: string,
  results: Iterable<QueryResult>,
  { head, row, tail }: RowFormat,
  onRows: (rows: number) => void,
): Promise<number> {
  const descriptor = openSync(file, 'wx');
  let block = '';
  const add = (text: string): void => {
    block += text;
    if (block.length >= BLOCK) flush();
  };
  const flush = (): void => {
    writeSync(descriptor, block);
    block = '';
  };
  let count = 0;
  try {
    let isFirst = true;
    for (const { columns, rows } of results) {
      if (isFirst) add(head(columns));
      isFirst = false;
      for (const values of rows) add(row(columns, values, count++));
      onRows(count);
      // Signals are heard here.
      await setImmediate();
    }
    add(tail(count));
    flush();
  } finally {
    closeSync(descriptor);
  }
  return count;
}
