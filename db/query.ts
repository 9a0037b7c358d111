/** A user's own query on a read-only connection. */

import type Database from 'better-sqlite3';
import { didYouMean } from '../src/did-you-mean.ts';
import { SweepError } from '../src/errors.ts';
import { databaseError, isSqliteError } from './database-error.ts';
import { queryHint } from './query-hint.ts';
import { readViews } from './read-views.ts';

/** As SQLite has them: INTEGER as bigint, REAL as number. */
export type SqlValue = bigint | number | string | Buffer | null;

/** Values of a query's parameters, by name: `sweep` is what `:sweep`, `@sweep` and `$sweep` stand for. */
export type QueryParameters = Readonly<Record<string, SqlValue>>;

export interface QueryResult {
  readonly columns: readonly string[];
  /** Runs the query: read it to its end without a pause, since the writer's log grows meanwhile. */
  readonly rows: Iterable<readonly SqlValue[]>;
}

/**
 * @param parameters a value for each that the query has, and no others
 * @throws SweepError `usage` where `sql` is not one statement that only reads, or does not have these parameters.
 */
export function runQuery(
  db: Database.Database,
  file: string,
  sql: string,
  parameters: QueryParameters = {},
): QueryResult {
  const explained = (error: unknown): unknown => explain(db, file, error, sql);
  checkParameters(queryParameters(db, file, sql), parameters);
  const statement = prepareReading(db, sql).bind(parameters);
  return { columns: statement.columns().map(({ name }) => name), rows: rowsOf(statement, explained) };
}

/** The names of the parameters of `sql`, in their order. @throws SweepError `usage` where it is no query that `runQuery` runs */
export function queryParameters(db: Database.Database, file: string, sql: string): string[] {
  const found: Record<string, null> = {};
  for (;;) {
    try {
      prepareReading(db, sql).bind(found);
      return Object.keys(found);
    } catch (error) {
      const name = missingParameter(error);
      if (name === undefined) throw explain(db, file, error, sql);
      found[name] = null;
    }
  }
}

/** The first parameter without a value: what better-sqlite3 tells of the parameters of a query. */
function missingParameter(error: unknown): string | undefined {
  return error instanceof RangeError ? /^Missing named parameter "(.+)"$/.exec(error.message)?.[1] : undefined;
}

function checkParameters(names: readonly string[], given: QueryParameters): void {
  const missing = names.filter((name) => !Object.hasOwn(given, name));
  if (missing.length > 0) {
    throw usage(
      `the query needs a value for ${missing.map((name) => `:${name}`).join(' and ')}`,
      `add ${missing.map((name) => `--param ${name}=VALUE`).join(' ')}`,
    );
  }
  const extra = Object.keys(given).find((name) => !names.includes(name));
  if (extra === undefined) return;
  const has = names.length === 0 ? 'it has none' : `it has ${names.map((name) => `:${name}`).join(' and ')}`;
  throw usage(`the query has no parameter :${extra}`, didYouMean(extra, names, (name) => `:${name}`) ?? has);
}

function prepareReading(db: Database.Database, sql: string): Database.Statement<unknown[], SqlValue[]> {
  const statement = db.prepare<unknown[], SqlValue[]>(sql);
  if (!statement.reader || !statement.readonly) {
    throw usage('a query must only read, but this one would change the database', 'write a SELECT');
  }
  return statement.raw().safeIntegers();
}

function* rowsOf(
  statement: Database.Statement<unknown[], SqlValue[]>,
  explained: (error: unknown) => unknown,
): Generator<readonly SqlValue[]> {
  try {
    yield* statement.iterate();
  } catch (error) {
    throw explained(error);
  }
}

function explain(db: Database.Database, file: string, error: unknown, sql: string): unknown {
  if (error instanceof RangeError) {
    if (error.message.startsWith('Too few')) {
      return usage('the parameters of a query must have names, but it has a ?', 'write :name in its place');
    }
    const found = /more than one/.test(error.message) ? 'there are several' : 'there is none';
    return usage(`a query must be one SQL statement, but ${found}`, 'try: SELECT * FROM leaderboard');
  }
  if (!isSqliteError(error) || (error.code !== 'SQLITE_ERROR' && error.code !== 'SQLITE_MISMATCH')) {
    return databaseError(error, file);
  }
  return usage(`SQL: ${error.message}`, queryHint(db, readViews(db), error.message, sql));
}

function usage(message: string, hint: string | undefined): SweepError {
  return new SweepError('usage', { message, ...(hint === undefined ? {} : { hint }) });
}
