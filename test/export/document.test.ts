/** docs/export.md names what an export writes, and its queries run. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Store } from '../../db/store.ts';
import { Reader } from '../../db/reader.ts';
import { tablesOf } from '../../src/export/rows/tables.ts';
import { emptyFolder } from '../empty-folder.ts';
import { createSample } from '../db/sample-sweep.ts';

const text = readFileSync(new URL('../../docs/export.md', import.meta.url), 'utf8');

test('every table has its line, in the order of writing', () => {
  const [, section = ''] = text.split('\n## Tables\n');
  const named = [...section.slice(0, section.indexOf('\n## ')).matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual(tablesOf('moons').map(({ name }) => name));
});

test('the query runs', () => {
  const file = join(emptyFolder(), 'a.db');
  const store = Store.open(file);
  createSample(store, { name: 'quickstart' });
  store.close();
  const [, query = ''] = /```sql\n([^`]*?);?\n```/.exec(text) ?? [];
  const reader = Reader.open(file);
  expect(reader.query(query).columns).toEqual(['config', 'params', 'n', 'mean', 'std']);
  reader.close();
});
