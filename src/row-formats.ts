/** Rows for programs: CSV, JSON and JSON lines, every number as the shortest text that reads back as it. Pure. */

import type { SqlValue } from '../db/query.ts';
import { SweepError } from './errors.ts';

type Row = readonly SqlValue[];

/** Text around and between the rows; all of it together is the output. */
export interface RowFormat {
  readonly head: (columns: readonly string[]) => string;
  readonly row: (columns: readonly string[], row: Row, index: number) => string;
  readonly tail: (rows: number) => string;
}

/** RFC 4180 but for line ends, which are LF: a header; NULL is an empty field, the empty text is `""`. */
const csv: RowFormat = {
  head: (columns) => csvLine(columns.map(csvText)),
  row: (_, row) => csvLine(row.map(csvField)),
  tail: () => '',
};

/** One array of objects, a row per line. */
const json: RowFormat = {
  head: (columns) => {
    checkDistinct(columns);
    return '[';
  },
  row: (columns, row, index) => `${index === 0 ? '\n' : ',\n'}${jsonObject(columns, row)}`,
  tail: (rows) => (rows === 0 ? ']\n' : '\n]\n'),
};

/** An object per line. */
const ndjson: RowFormat = {
  head: (columns) => {
    checkDistinct(columns);
    return '';
  },
  row: (columns, row) => `${jsonObject(columns, row)}\n`,
  tail: () => '',
};

export const ROW_FORMATS = { csv, json, ndjson } as const;

/** JavaScript's shortest text that reads back as the same double, but for the sign of zero, which String drops. */
export function numberText(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function csvLine(fields: readonly string[]): string {
  return `${fields.join(',')}\n`;
}

function csvField(value: SqlValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return csvText(value);
  return Buffer.isBuffer(value) ? value.toString('hex') : numberText(value);
}

function csvText(text: string): string {
  // A lone empty field would be an empty line, and NULL is the empty field.
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonObject(columns: readonly string[], row: Row): string {
  return `{${columns.map((column, index) => `${JSON.stringify(column)}:${jsonValue(row[index] ?? null)}`).join(',')}}`;
}

function jsonValue(value: SqlValue): string {
  if (typeof value === 'bigint') return String(value);
  // JSON has no infinity, but a number that is too large for a double reads back as one.
  if (typeof value === 'number') return Number.isFinite(value) ? numberText(value) : value > 0 ? '1e999' : '-1e999';
  return Buffer.isBuffer(value) ? JSON.stringify(value.toString('hex')) : JSON.stringify(value);
}

function checkDistinct(columns: readonly string[]): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice === undefined) return;
  throw new SweepError('usage', {
    message: `the columns of a query must have different names for JSON, but there are two called ${twice}`,
    hint: `give one another name: ${twice} AS other`,
  });
}
