/** Queries by name: those that nightsweep brings (queries/*.sql), and those that the user has saved in the database. */

import type Database from 'better-sqlite3';
import { readdirSync, readFileSync } from 'node:fs';
import { didYouMean } from '../src/did-you-mean.ts';
import { SweepError } from '../src/errors.ts';

export interface SavedQuery {
  readonly name: string;
  readonly query: string;
  /** What it answers, where its first line is a comment, or begins with one; else that line. */
  readonly about: string;
}

const folder = new URL('./queries/', import.meta.url);
const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** By name. */
export function builtInQueries(): SavedQuery[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .toSorted()
    .map((name) => savedQuery(name, readFileSync(new URL(`${name}.sql`, folder), 'utf8')));
}

/** Those of the user's, by name. */
export function readSavedQueries(db: Database.Database): SavedQuery[] {
  return db
    .prepare<[], { name: string; query: string }>('SELECT name, query FROM saved_query ORDER BY name')
    .all()
    .map(({ name, query }) => savedQuery(name, query));
}

/** @throws SweepError `usage` where the user cannot save a query under this name. */
export function checkQueryName(name: string): void {
  if (!NAME.test(name)) {
    throw new SweepError('usage', {
      message: `the name of a query must consist of a-z, 0-9 and inner hyphens, but got '${name}'`,
    });
  }
  if (builtInQueries().some((each) => each.name === name)) {
    throw new SweepError('usage', {
      message: `the name of a query must be new, but nightsweep brings one called ${name}`,
      hint: 'choose another name',
    });
  }
}

export function noSuchQuery(name: string, known: readonly SavedQuery[]): SweepError {
  const names = known.map((each) => each.name);
  return new SweepError('usage', {
    message: `there is no saved query '${name}'`,
    hint: didYouMean(name, names) ?? 'nightsweep sql --queries lists them',
  });
}

function savedQuery(name: string, query: string): SavedQuery {
  const [first = ''] = query.trim().split('\n', 1);
  const comment = /^--\s*(.*)$|^\/\*\s*(.*?)\s*\*\//.exec(first);
  return { name, query: query.trim(), about: comment?.[1] ?? comment?.[2] ?? first };
}
