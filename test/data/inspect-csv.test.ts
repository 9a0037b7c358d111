/** What is said of a data file before there is a definition. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inspectCsv } from '../../workers/data/inspect-csv.ts';
import { sha256 } from '../../src/sha256.ts';
import { writeCsv } from './fixtures.ts';

test('a file is described column by column', () => {
  const file = writeCsv('id;size;kind;empty\n1;2.5;a;\n2;2.50;b;NA\n3;;a;\n');
  expect(inspectCsv(file)).toEqual({
    file,
    sha256: sha256(readFileSync(file)),
    rows: 3,
    columns: [
      { name: 'id', kind: 'number', distinct: 3, missing: 0 },
      { name: 'size', kind: 'number', distinct: 1, missing: 1 },
      { name: 'kind', kind: 'text', distinct: 2, missing: 0 },
      { name: 'empty', kind: 'number', distinct: 0, missing: 3 },
    ],
  });
});

test('the houses have two gaps and four districts', () => {
  const { rows, columns } = inspectCsv('sweeps/data/houses.csv');
  expect(rows).toBe(400);
  expect(columns.find(({ name }) => name === 'built')).toMatchObject({ kind: 'number', missing: 2 });
  expect(columns.find(({ name }) => name === 'district')).toMatchObject({ kind: 'text', distinct: 4, missing: 0 });
});
