/** The action of `nightsweep sql`: finds the query, reads rows, and prints them in the format that was asked for. */

import type { QueryResult, SqlValue } from '../../../db/query.ts';
import { Reader } from '../../../db/reader.ts';
import type { ViewColumns } from '../../../db/read-views.ts';
import { checkQueryName } from '../../../db/saved-queries.ts';
import { Store } from '../../../db/store.ts';
import { SweepError } from '../../errors.ts';
import { commandName } from '../command-name.ts';
import { existingStore } from '../existing-store.ts';
import { databaseFlag } from '../next-step.ts';
import { terminalWidth } from '../options.ts';
import { namedQueries, namedQuery, parameterNames, parametersOf } from './query-words.ts';
import { ROW_FORMATS, numberText } from '../../row-formats.ts';
import type { RowFormat } from '../../row-formats.ts';
import { Spool } from './spool.ts';
import { formatTable } from '../text/table.ts';

type Format = 'table' | keyof typeof ROW_FORMATS;

export interface SqlOptions {
  readonly db: string;
  readonly format: Format;
  /** Each as `name=value`. */
  readonly param?: readonly string[];
  readonly views?: true;
  readonly queries?: true;
  readonly save?: string;
  readonly forget?: string;
}

/** A table is laid out by blocks of so many rows, so that a long one needs no more memory than a short one. */
const TABLE_BLOCK = 10_000;

/** Columns of a list of names where there is no terminal. */
const PLAIN_WIDTH = 100;

/** Errors: `SweepError`, such as `usage` for what is no query. */
export async function runSql(query: string | undefined, options: SqlOptions): Promise<void> {
  const { db, save, forget } = options;
  if (forget !== undefined) return forgetQuery(db, forget);
  const reader = Reader.open(db);
  try {
    if (save !== undefined) return saveQuery(reader, save, query, db);
    await print(textOf(reader, query, options));
  } finally {
    reader.close();
  }
}

function saveQuery(reader: Reader, name: string, query: string | undefined, db: string): void {
  const text = textOrUsage(query);
  checkQueryName(name);
  const parameters = reader.queryParameters(text).map((each) => ` --param ${each}=VALUE`);
  const store = Store.open(db);
  try {
    store.saveQuery(name, text);
  } finally {
    store.close();
  }
  process.stdout.write(`Saved. To run it: ${commandName} sql @${name}${parameters.join('')}${databaseFlag(db)}\n`);
}

function forgetQuery(db: string, name: string): void {
  const store = existingStore(db);
  try {
    store.forgetQuery(name);
  } finally {
    store.close();
  }
  process.stdout.write(`Deleted the query ${name}.\n`);
}

function textOf(reader: Reader, query: string | undefined, options: SqlOptions): Iterable<string> {
  const { format, views, queries } = options;
  if (views) {
    if (query !== undefined)
      return formatted({ columns: ['column', 'type', 'meaning'], rows: reader.view(query) }, format);
    if (format === 'table') return viewsText(reader.views());
    const rows = reader.views().flatMap(({ view, columns }) => columns.map((column) => [view, column]));
    return formatted({ columns: ['view', 'column'], rows }, format);
  }
  if (queries) {
    if (query !== undefined) return [`${namedQuery(reader, query.replace(/^@/, '')).query}\n`];
    const rows = namedQueries(reader).map((named) => [
      `@${named.name}`,
      parameterNames(reader, named.query),
      named.about,
    ]);
    return formatted({ columns: ['name', 'parameters', 'what it answers'], rows }, format);
  }
  const written = textOrUsage(query);
  const sql = written.startsWith('@') ? namedQuery(reader, written.slice(1).trim()).query : written;
  return formatted(reader.query(sql, parametersOf(reader, sql, options.param ?? [])), format);
}

function textOrUsage(query: string | undefined): string {
  const text = query?.trim() ?? '';
  if (text !== '') return text;
  throw new SweepError('usage', {
    message: 'sql needs a query, but got none',
    hint: 'try: nightsweep sql "SELECT * FROM leaderboard", or --views and --queries for what there is',
  });
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

function formatted(result: QueryResult, format: Format): Iterable<string> {
  return format === 'table' ? tableText(result) : rowsText(result, ROW_FORMATS[format]);
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
  for (const { view, rows, columns } of views) {
    yield `${view}: ${rows.charAt(0).toLowerCase()}${rows.slice(1)}\n`;
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
