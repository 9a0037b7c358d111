/** The action of `nightsweep sql`: reads rows, and prints them in the format that was asked for. */

import type { QueryResult, SqlValue, ViewColumns } from '../../db/query.ts';
import { Reader } from '../../db/reader.ts';
import { SweepError } from '../errors.ts';
import { terminalWidth } from './options.ts';
import { ROW_FORMATS, numberText } from './row-formats.ts';
import type { RowFormat } from './row-formats.ts';
import { Spool } from './spool.ts';
import { formatTable } from './table.ts';

type Format = 'table' | keyof typeof ROW_FORMATS;

export interface SqlOptions {
  readonly db: string;
  readonly format: Format;
  readonly views?: true;
}

/** A table is laid out by blocks of so many rows, so that a long one needs no more memory than a short one. */
const TABLE_BLOCK = 10_000;

/** Columns of a list of names where there is no terminal. */
const PLAIN_WIDTH = 100;

/** Errors: `SweepError`, such as `usage` for what is no query. */
export async function printQuery(query: string | undefined, options: SqlOptions): Promise<void> {
  const reader = Reader.open(options.db);
  try {
    await print(textOf(reader, query, options));
  } finally {
    reader.close();
  }
}

function textOf(reader: Reader, query: string | undefined, { views, format }: SqlOptions): Iterable<string> {
  if (views) {
    if (format === 'table') return viewsText(reader.views());
    const rows = reader.views().flatMap(({ view, columns }) => columns.map((column) => [view, column]));
    return rowsText({ columns: ['view', 'column'], rows }, ROW_FORMATS[format]);
  }
  if (query === undefined || query.trim() === '') {
    throw new SweepError('usage', {
      message: 'sql needs a query, but got none',
      hint: 'try: nightsweep sql "SELECT * FROM leaderboard", or --views for what there is',
    });
  }
  const result = reader.query(query);
  return format === 'table' ? tableText(result) : rowsText(result, ROW_FORMATS[format]);
}

/** All rows are read before the first is printed: a slow reader of our output must not hold up the writer's log. */
async function print(pieces: Iterable<string>): Promise<void> {
  const spool = new Spool();
  try {
    for (const text of pieces) spool.add(text);
    await spool.printTo(process.stdout);
  } finally {
    spool.close();
  }
}

function* rowsText({ columns, rows }: QueryResult, { head, row, tail }: RowFormat): Generator<string> {
  yield head(columns);
  let count = 0;
  for (const values of rows) yield row(columns, values, count++);
  yield tail(count);
}

function* tableText({ columns, rows }: QueryResult): Generator<string> {
  const width = terminalWidth();
  let block: (string | null)[][] = [];
  let count = 0;
  for (const row of rows) {
    block.push(row.map(tableCell));
    count += 1;
    if (block.length === TABLE_BLOCK) {
      yield formatTable(columns, block, { width });
      block = [];
    }
  }
  if (block.length > 0 || count === 0) yield formatTable(columns, block, { width });
}

function tableCell(value: SqlValue): string | null {
  if (value === null || typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('hex') : numberText(value);
}

/** Each view over its columns, wrapped. */
function* viewsText(views: readonly ViewColumns[]): Generator<string> {
  const width = terminalWidth() ?? PLAIN_WIDTH;
  for (const { view, columns } of views) {
    yield `${view}\n`;
    let line = ' ';
    for (const column of columns) {
      if (line.length + 1 + column.length > width && line !== ' ') {
        yield `${line}\n`;
        line = ' ';
      }
      line += ` ${column}`;
    }
    yield `${line}\n`;
  }
}
