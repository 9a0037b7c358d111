/** What a report asks finds its epochs by trial: in a database of millions of them it looks at few. */

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { collectReport } from '../../src/report/collect.ts';
import { emptyFolder } from '../empty-folder.ts';
import { makeSweep } from '../frames/made-sweep.ts';

test('no query looks at all epochs', async () => {
  const file = join(emptyFolder(), 'made.db');
  makeSweep(file, { configs: 12, replicates: 3, epochs: 5, done: 1, seed: 1, name: 'made' });
  const prepare = vi.spyOn(Database.prototype, 'prepare');
  const reader = Reader.open(file);
  await collectReport(reader, 'made', { database: file, now: 0 });
  reader.close();
  const asked = new Set(prepare.mock.calls.map(([sql]) => sql).filter((sql) => /\b(layer_)?epoch\b/.test(sql)));
  prepare.mockRestore();
  const db = new Database(file, { readonly: true });
  const steps = [...asked].flatMap((sql) =>
    db
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replace(/\?|:\w+/g, '1')}`)
      .all()
      .map(({ detail }) => detail),
  );
  db.close();
  const lookups = steps.filter((step) => /^\w+ (layer_)?epoch\b/.test(step));
  expect(lookups.filter((step) => !/^SEARCH (layer_)?epoch USING PRIMARY KEY \(trial=\?/.test(step))).toEqual([]);
  expect(lookups).toContain('SEARCH epoch USING PRIMARY KEY (trial=?)');
  expect(lookups).toContain('SEARCH layer_epoch USING PRIMARY KEY (trial=?)');
});
