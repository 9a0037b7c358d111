/** What was probably meant by a query that SQLite refuses: its message tells the kind of the mistake. */

import type Database from 'better-sqlite3';
import { didYouMean } from '../src/did-you-mean.ts';
import type { ViewColumns } from './read-views.ts';

/** What there is, and what was asked. */
interface Asked {
  readonly db: Database.Database;
  readonly views: readonly ViewColumns[];
  readonly sql: string;
}

interface Mistake {
  /** Its first group is what the message is about. */
  readonly message: RegExp;
  readonly hint: (about: string, asked: Asked) => string | undefined;
}

const MISTAKES: readonly Mistake[] = [
  { message: /^no such table: (.+)$/, hint: tableHint },
  { message: /^no such column: (.+?)(?: - should this be a string literal .*)?$/, hint: columnHint },
  { message: /^ambiguous column name: (.+)$/, hint: ambiguityHint },
  { message: /^no such function: (.+)$/, hint: functionHint },
  {
    message:
      /^misuse of (?:aggregate|aggregate function) (.+)$|^misuse of aggregate: (.+)$|^aggregate functions are not/,
    hint: () =>
      'aggregates stand after SELECT; conditions on them after HAVING, and one inside another takes a subquery',
  },
  {
    message: /^misuse of window function (.+)$/,
    hint: () => 'window functions need OVER (...), and stand after SELECT; conditions on them take a subquery',
  },
  { message: /syntax error$/, hint: (_, asked) => hyphenHint(asked) },
  { message: /^unrecognized token: ["']/, hint: () => 'a quote is not closed; one inside a text is written twice' },
  { message: /^incomplete input$/, hint: () => 'the query ends too early' },
  { message: /^malformed JSON$/, hint: () => "params and metrics are JSON: json_extract(params, '$.name')" },
];

/** @param message of SQLite; undefined where there is nothing to add to it */
export function queryHint(
  db: Database.Database,
  views: readonly ViewColumns[],
  message: string,
  sql: string,
): string | undefined {
  for (const mistake of MISTAKES) {
    const found = mistake.message.exec(message);
    if (found) return mistake.hint(found[1] ?? '', { db, views, sql });
  }
  return undefined;
}

function tableHint(table: string, { views }: Asked): string {
  const names = views.map(({ view }) => view);
  return didYouMean(table, names, identifier) ?? 'nightsweep sql --views lists them';
}

function columnHint(written: string, asked: Asked): string {
  const column = written.replaceAll('"', '');
  if (isText(column, written, asked)) return `text stands in single quotes: '${column}'`;
  const names = new Set(mentioned(asked).flatMap(({ columns }) => columns));
  const last = column.slice(column.lastIndexOf('.') + 1);
  return (
    didYouMean(last, names, identifier) ??
    parameterHint(last, asked) ??
    'nightsweep sql --views lists the columns; text stands in single quotes'
  );
}

/** Whether a name must be meant as a text: that of a sweep, or one in double quotes that no column could have. */
function isText(name: string, written: string, { db }: Asked): boolean {
  if (db.prepare('SELECT 1 FROM sweep WHERE name = ?').get(name) !== undefined) return true;
  return written.startsWith('"') && /[^\w.]/.test(name);
}

/** The shared views have parameters in `params` only. */
function parameterHint(name: string, { db }: Asked): string | undefined {
  const sweep = db
    .prepare<[string], string>(
      'SELECT name FROM sweep WHERE EXISTS (SELECT 1 FROM json_each(parameters) WHERE value = ?) ORDER BY id DESC LIMIT 1',
    )
    .pluck()
    .get(name);
  return sweep === undefined
    ? undefined
    : `a parameter is a column of its sweep's own view, ${identifier(sweep)}; elsewhere json_extract(params, '$.${name}')`;
}

function ambiguityHint(column: string, asked: Asked): string | undefined {
  const having = mentioned(asked).filter(({ columns }) => columns.includes(column));
  const [first] = having;
  if (first === undefined || having.length === asked.views.length) return 'write from which table: table.column';
  return `write from which view: ${having.map(({ view }) => `${identifier(view)}.${identifier(column)}`).join(' or ')}`;
}

/** What other databases have, and SQLite has not, or not by this name. */
const FOREIGN_FUNCTIONS: Readonly<Record<string, string>> = {
  mean: 'did you mean avg?',
  average: 'did you mean avg?',
  std: 'SQLite has none; the view leaderboard has std of each config',
  stddev: 'SQLite has none; the view leaderboard has std of each config',
};

function functionHint(name: string, { db }: Asked): string | undefined {
  const foreign = FOREIGN_FUNCTIONS[name.toLowerCase()];
  if (foreign !== undefined) return foreign;
  const functions = db.prepare<[], string>('SELECT DISTINCT name FROM pragma_function_list').pluck().all();
  return didYouMean(name, functions);
}

/** `SELECT ... FROM my-sweep`: the commonest slip with names that have hyphens. */
function hyphenHint({ views, sql }: Asked): string | undefined {
  return views.some(({ view }) => /[-.]/.test(view) && sql.includes(view))
    ? 'a name with hyphens or dots stands in double quotes'
    : undefined;
}

/** The views that the query speaks of; all, where it names none. */
function mentioned({ views, sql }: Asked): readonly ViewColumns[] {
  const named = views.filter(({ view }) => sql.includes(view));
  return named.length > 0 ? named : views;
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name}"`;
}
