/** A user's own query on a read-only connection, and errors that name what was probably meant. */

import type Database from 'better-sqlite3';
import { didYouMean } from '../src/did-you-mean.ts';
import { SweepError } from '../src/errors.ts';
import { databaseError, isSqliteError } from './database-error.ts';

/** As SQLite has them: INTEGER as bigint, REAL as number. */
export type SqlValue = bigint | number | string | Buffer | null;

export interface QueryResult {
  readonly columns: readonly string[];
  /** Runs the query: read it to its end without a pause, since the writer's log grows meanwhile. */
  readonly rows: Iterable<readonly SqlValue[]>;
}

export interface ViewColumns {
  readonly view: string;
  readonly columns: readonly string[];
}

/** Views with their columns, by name. */
export function readViews(db: Database.Database): ViewColumns[] {
  const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
  return db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
    .pluck()
    .all()
    .map((view) => ({ view, columns: columns.all(view) }));
}

/** @throws SweepError `usage` where `sql` is not one statement that only reads. */
export function runQuery(db: Database.Database, file: string, sql: string): QueryResult {
  const statement = prepare(db, file, sql);
  const columns = statement.columns().map(({ name }) => name);
  return { columns, rows: rowsOf(db, file, statement, sql) };
}

function prepare(db: Database.Database, file: string, sql: string): Database.Statement<[], SqlValue[]> {
  let statement: Database.Statement<[], SqlValue[]>;
  try {
    statement = db.prepare<[], SqlValue[]>(sql);
  } catch (error) {
    if (error instanceof RangeError) {
      const found = /more than one/.test(error.message) ? 'there are several' : 'there is none';
      throw usage(`a query must be one SQL statement, but ${found}`, 'try: SELECT * FROM leaderboard');
    }
    throw explained(db, file, error, sql);
  }
  if (!statement.reader || !statement.readonly) {
    throw usage('a query must only read, but this one would change the database', 'write a SELECT');
  }
  return statement.raw().safeIntegers();
}

function* rowsOf(
  db: Database.Database,
  file: string,
  statement: Database.Statement<[], SqlValue[]>,
  sql: string,
): Generator<readonly SqlValue[]> {
  try {
    yield* statement.iterate();
  } catch (error) {
    throw explained(db, file, error, sql);
  }
}

function explained(db: Database.Database, file: string, error: unknown, sql: string): unknown {
  if (error instanceof RangeError || (error instanceof TypeError && /parameter|bind/i.test(error.message))) {
    return usage('a query must not have parameters such as ? or :name', 'write the values into the query');
  }
  if (!isSqliteError(error) || error.code !== 'SQLITE_ERROR') return databaseError(error, file);
  return usage(`SQL: ${error.message}`, hintFor(db, error.message, sql));
}

function hintFor(db: Database.Database, message: string, sql: string): string | undefined {
  const table = /^no such table: (.+)$/.exec(message)?.[1];
  const views = readViews(db);
  if (table !== undefined) {
    const names = views.map(({ view }) => view);
    return didYouMean(table, names, identifier) ?? 'nightsweep sql --views lists them';
  }
  const column = /^no such column: (.+?)(?: - should this be a string literal .*)?$/
    .exec(message)?.[1]
    ?.replaceAll('"', '');
  if (column !== undefined) {
    // Columns of the views that the query speaks of; of all, where it names none.
    const meant = views.filter(({ view }) => sql.includes(view));
    const names = new Set((meant.length > 0 ? meant : views).flatMap(({ columns }) => columns));
    return (
      didYouMean(column.slice(column.lastIndexOf('.') + 1), names, identifier) ??
      'nightsweep sql --views lists the columns; text stands in single quotes'
    );
  }
  // `SELECT ... FROM my-sweep`: the commonest slip with names that have hyphens.
  if (/syntax error/.test(message) && views.some(({ view }) => view.includes('-') && sql.includes(view))) {
    return 'a name with hyphens or dots stands in double quotes';
  }
  return undefined;
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name}"`;
}

function usage(message: string, hint: string | undefined): SweepError {
  return new SweepError('usage', { message, ...(hint === undefined ? {} : { hint }) });
}
