/** docs/sql.md says the truth: it has every view and every column, in order, with types, and its examples run. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHARED_VIEWS } from '../../src/sql-names.ts';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { METRIC_NAMES } from '../../src/metrics.ts';
import { emptyFolder } from './places.ts';
import { FACTS, createSample, diverged, epochs, placed, started, wholeTrial } from './sample-sweep.ts';

const text = readFileSync(new URL('../../docs/sql.md', import.meta.url), 'utf8');
const sections = text.split(/^### /m).slice(1);
const queries = [...text.matchAll(/```sql\n([^`]*)```/g)].map(([, query = '']) => query);

/** Rows `| \`name\` | TYPE |` of the section on `view`. */
function documented(view: string): { name: string; type: string }[] {
  const section = sections.find((each) => each.startsWith(`${view}\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \| ([A-Z]+) \|/gm)].map(([, name = '', type = '']) => ({ name, type }));
}

let reader: Reader;

beforeAll(() => {
  const file = join(emptyFolder(), 'a.db');
  const store = Store.open(file);
  const run = store.startRun(createSample(store), FACTS);
  for (const trial of [1, 2, 3, 4]) store.write(wholeTrial(trial, run, trial / 10));
  store.write([started(5, run), placed(5), epochs(5, 1, 3), diverged(5)]);
  store.close();
  reader = Reader.open(file);
});
afterAll(() => reader.close());

describe.each(SHARED_VIEWS)('%s', (view) => {
  test('has the documented columns, in order', () => {
    const columns = reader.views().find((each) => each.view === view)?.columns ?? [];
    const metrics: readonly string[] = METRIC_NAMES;
    expect(columns.filter((column) => !metrics.includes(column))).toEqual(documented(view).map(({ name }) => name));
  });

  test('has values of the documented types', () => {
    const { columns, rows } = reader.query(`SELECT * FROM ${view}`);
    const all = [...rows];
    expect(all.length).toBeGreaterThan(0);
    documented(view).forEach(({ name, type }) => {
      const index = columns.indexOf(name);
      const types = new Set(all.map((row) => typeNameOf(row[index])));
      types.delete('NULL');
      const expected = type === 'JSON' ? 'TEXT' : type;
      expect(
        [...types].filter((found) => found !== expected),
        name,
      ).toEqual([]);
      if (type === 'JSON')
        for (const row of all) expect(() => JSON.parse(String(row[index])) as unknown, name).not.toThrow();
    });
  });
});

test('every metric is explained', () => {
  const explained = [...text.matchAll(/^\| `\w+` \| `(train_\w+)`, `(validation_\w+)`, `(test_\w+)` \|/gm)].flatMap(
    (row) => row.slice(1),
  );
  expect(new Set(explained)).toEqual(new Set(METRIC_NAMES));
});

test.each(queries)('the example runs and finds something: %s', (query) => {
  expect([...reader.query(query).rows].length).toBeGreaterThan(0);
});

test('there are examples', () => {
  expect(queries.length).toBeGreaterThanOrEqual(10);
});

function typeNameOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'bigint') return 'INTEGER';
  return typeof value === 'number' ? 'REAL' : 'TEXT';
}
