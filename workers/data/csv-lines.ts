/** Splits delimited text without quotes, where every line is a record: many times as fast as a parser. Pure. */

import { constants } from 'node:buffer';

/** Records, the header first, and the offset in bytes at which the search for each may begin. */
export interface CsvRecords {
  readonly records: string[][];
  readonly starts: number[];
}

/** Whether `recordsOfLines` reads what a parser would read. */
export function hasLinesOnly(bytes: Buffer): boolean {
  return bytes.length <= constants.MAX_STRING_LENGTH && !bytes.includes('"');
}

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/**
 * Lines end with LF, CRLF or CR; a byte order mark and empty lines are skipped.
 * @param bytes UTF-8
 */
export function recordsOfLines(bytes: Buffer, delimiter: string): CsvRecords {
  const isMarked = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const records: string[][] = [];
  const starts = [0];
  // A character for each byte: no byte of a longer character is that of a line's end.
  const text = bytes.toString('latin1', isMarked ? BYTE_ORDER_MARK.length : 0);
  const offset = bytes.length - text.length;
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const start = offset + index;
    const end = start + line.length;
    records.push(bytes.toString('utf8', start, end).split(delimiter));
    starts.push(end);
  }
  return { records, starts };
}
