/** The interface stays what it is, and docs/sql.md says the truth of it: every view, every column, with type and meaning. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHARED_VIEWS } from '../../src/sql-names.ts';
import { Reader } from '../../db/reader.ts';
import { builtInQueries } from '../../db/saved-queries.ts';
import { Store } from '../../db/store.ts';
import { METRIC_NAMES, PARTS } from '../../src/metrics.ts';
import { METRIC_MEANINGS, VIEW_DOCUMENTS } from '../../db/view-documents.ts';
import { VIEWS_VERSION } from '../../db/views.ts';
import { writeExample } from './example-sweep.ts';
import { emptyFolder } from '../empty-folder.ts';
import { FACTS, createSample, diverged, epochs, placed, started, wholeTrial } from './sample-sweep.ts';

const text = readFileSync(new URL('../../docs/sql.md', import.meta.url), 'utf8');
const sections = text.split(/^### /m).slice(1);
/** Those that have no name: example-queries.test.ts has the others. */
const queries = [...text.matchAll(/```sql\n([^`]*)```/g)]
  .map(([, query = '']) => query)
  .filter((query) => !builtInQueries().some((named) => named.query.endsWith(query.trim())));

/** Rows `| \`name\` | TYPE | meaning |` of the section on `view`. */
function documented(view: string): string[][] {
  const section = sections.find((each) => each.startsWith(`${view}\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \| ([A-Z]+) \| (.*) \|$/gm)].map((found) => found.slice(1));
}

let reader: Reader;

beforeAll(() => {
  const file = join(emptyFolder(), 'a.db');
  const store = Store.open(file);
  const run = store.startRun(createSample(store), FACTS);
  for (const trial of [1, 2, 3, 4]) store.write(wholeTrial(trial, run, trial / 10));
  store.write([started(5, run), placed(5), epochs(5, 1, 3), diverged(5)]);
  store.analyse(1);
  writeExample(store, 'grid');
  store.saveQuery('mine', 'SELECT 1');
  store.close();
  reader = Reader.open(file);
});
afterAll(() => reader.close());

/** Adding a column at the end, or a view, is a change of the interface; any other change breaks users' queries. */
test('the interface is what it was', () => {
  const columns = Object.entries(VIEW_DOCUMENTS).map(([view, document]) => [
    view,
    document.columns.map(([name, type]) => `${name} ${type}`).join(', '),
  ]);
  expect({ version: VIEWS_VERSION, ...Object.fromEntries(columns) }).toMatchSnapshot();
});

describe.each(SHARED_VIEWS)('%s', (view) => {
  const { rows: row, columns: documents } = VIEW_DOCUMENTS[view];

  test('has the columns that are written down, in order, and the page says the same of them', () => {
    const columns = reader.views().find((each) => each.view === view)?.columns;
    expect(columns).toEqual(documents.map(([name]) => name));
    const metrics: readonly string[] = METRIC_NAMES;
    expect(documented(view)).toEqual(documents.filter(([name]) => !metrics.includes(name)));
    expect(text.replaceAll('\n', ' ')).toContain(`### ${view}  ${row}`);
  });

  test('declares the types that are written down, for clients that ask', () => {
    const { rows: declared } = reader.query('SELECT type FROM pragma_table_info(:view)', { view });
    // What is cast to INTEGER, SQLite declares as INT; and what may be anything, as BLOB.
    const named = { INT: 'INTEGER', BLOB: 'ANY' } as const;
    expect([...declared].map(([type]) => named[type as keyof typeof named] ?? type)).toEqual(
      documents.map(([, type]) => (type === 'JSON' ? 'TEXT' : type)),
    );
  });

  test('has values of the types that are written down', () => {
    const { columns, rows } = reader.query(`SELECT * FROM ${view}`);
    const all = [...rows];
    expect(all.length).toBeGreaterThan(0);
    documents.forEach(([name, type]) => {
      const values = all.map((each) => each[columns.indexOf(name)]).filter((value) => value !== null);
      const expected = type === 'JSON' ? 'TEXT' : type;
      if (type !== 'ANY')
        expect([...new Set(values.map(typeNameOf))], name).toEqual(values.length > 0 ? [expected] : []);
      if (type === 'JSON')
        for (const value of values) expect(() => JSON.parse(String(value)) as unknown, name).not.toThrow();
    });
  });
});

test('every metric is explained', () => {
  const explained = [...text.matchAll(/^\| `(\w+)` \| (`train_.*`) \| (.*) \|$/gm)].map((found) => found.slice(1));
  const expected = Object.entries(METRIC_MEANINGS).map(([name, meaning]) => {
    return [name, PARTS.map((part) => `\`${part}_${name}\``).join(', '), meaning];
  });
  expect(explained).toEqual(expected);
});

test.each(queries)('the example runs, finds something, and finds epochs by their trials: %s', (query) => {
  expect([...reader.query(query).rows].length).toBeGreaterThan(0);
  const plan = [...reader.query(`EXPLAIN QUERY PLAN ${query}`).rows].map((row) => String(row.at(-1)));
  expect(plan.filter((step) => step.startsWith('SCAN epoch'))).toEqual([]);
});

function typeNameOf(value: unknown): string {
  if (typeof value === 'bigint') return 'INTEGER';
  return typeof value === 'number' ? 'REAL' : 'TEXT';
}
