/** Rows of a file become the inputs that the network was trained on, bit for bit; and what cannot is named. */

import { describe, expect, test } from 'vitest';
import { rowEncoder } from '../../src/export/input-rows.ts';
import { preprocessingOf, type Preprocessing } from '../../src/export/preprocessing.ts';
import type { FileSource, ResolvedData } from '../../src/definition/resolved.ts';
import { readCsv } from '../../workers/data/csv-file.ts';
import type { DataSpec } from '../../workers/data/dataset.ts';
import { buildDataset, loadTable } from '../../workers/data/load.ts';
import { complaint, fileSource, HALVES, writeCsv } from '../data/fixtures.ts';

const ROWS = `size,kind,grade,price
1.5,a,1,10
2,b,2.0,20
,a,3,30
4,,1.0,40
1e2,b,2,50
6,z,9,60
`;

function prepared(
  missing: FileSource['missing'],
  transform: ResolvedData['transform'],
  text = ROWS,
): { preprocessing: Preprocessing; spec: DataSpec; file: string } {
  const file = writeCsv(text);
  const source = fileSource(file, { target: 'price', categorical: ['kind', 'grade'], missing });
  const spec: DataSpec = { source, target_kind: 'number', image: null, transform, split: HALVES };
  const table = loadTable(spec);
  return { preprocessing: preprocessingOf(spec, table, buildDataset(spec, table), 'mse'), spec, file };
}

const TRANSFORM = {
  features: { name: 'standardize', fit_on: 'train' },
  target: { name: 'min_max', range: [0, 1], fit_on: 'train' },
} as const;

function encode(preprocessing: Preprocessing, header: string[], ...rows: string[][]) {
  const lines = rows.map((_, index) => index + 2);
  return rowEncoder(preprocessing, header, 'new.csv')({ rows, lines });
}

describe('the rows of the data', () => {
  test.each(['impute', 'drop'] as const)('with missing: %s, are what training saw', (missing) => {
    const { preprocessing, spec, file } = prepared(missing, TRANSFORM);
    const { header, cells } = readCsv(file);
    const { inputs, indices } = encode(preprocessing, [...header], ...cells.map((row) => [...row]));
    expect(inputs).toEqual(buildDataset(spec, loadTable(spec)).features);
    expect(indices).toEqual(missing === 'drop' ? [0, 1, 4, 5] : [0, 1, 2, 3, 4, 5]);
  });

  test('are so after the preprocessing was JSON, in any order of columns', () => {
    const { preprocessing, spec } = prepared('impute', TRANSFORM);
    const read = JSON.parse(JSON.stringify(preprocessing)) as Preprocessing;
    const { inputs } = encode(read, ['grade', 'extra', 'kind', 'size'], ['1.0', '?', ' a ', '1.50']);
    const { features, width } = buildDataset(spec, loadTable(spec));
    expect(inputs).toEqual(features.subarray(0, width));
  });
});

describe('preprocessing', () => {
  test('holds what was learnt from the training rows', () => {
    expect(prepared('impute', { features: null, target: TRANSFORM.target }).preprocessing).toEqual({
      version: 1,
      columns: [
        { name: 'size', kind: 'number', scale: 1, offset: 0, fill: 1.75 },
        { name: 'kind', kind: 'category', match: 'text', categories: ['a', 'b'], ignored: ['z'], fill: 'a' },
        { name: 'grade', kind: 'category', match: 'number', categories: ['1', '2', '3'], ignored: ['9'], fill: '1' },
      ],
      inputs: ['size', 'kind=a', 'kind=b', 'grade=1', 'grade=2', 'grade=3'],
      image: null,
      missing: 'impute',
      target: { name: 'price', kind: 'number', scale: 20, offset: 10 },
    });
  });

  test('knows what a missing value would become although the data have no gap', () => {
    const { preprocessing } = prepared(
      'impute',
      { features: null, target: null },
      ROWS.replaceAll(/.*(^|,),.*\n/gm, ''),
    );
    expect(preprocessing.columns.map(({ fill }) => fill)).toEqual([1.75, 'a', '1']);
  });
});

describe('refuses', () => {
  const { preprocessing } = prepared('drop', TRANSFORM);
  const said = (header: string[], ...rows: string[][]): string =>
    complaint(() => encode(preprocessing, header, ...rows));

  test('a file without the columns, or with two of a name', () => {
    expect(said(['Size', 'grade', 'price', 'grade'], [])).toBe(
      [
        'new.csv:1 must have one column "size", which the network takes, found none (did you mean "Size"?)',
        'new.csv:1 must have one column "kind", which the network takes, found none',
        'new.csv:1 must have one column "grade", which the network takes, found two',
      ].join('\n'),
    );
  });

  test('cells that are no numbers, numbers that no float holds, and categories that nobody has seen', () => {
    expect(said(['size', 'kind', 'grade'], ['x', 'a', '1'], ['1e60', 'a', '1'], ['1', 'A', '1'], ['1', 'a', '7'])).toBe(
      [
        'new.csv:2 column "size" must hold numbers, found "x"',
        'new.csv:3 column "size" must hold numbers that a 32-bit float can hold, found "1e60"',
        'new.csv:4 column "kind" must hold a category of the data that the network was trained on, found "A" (did you mean "a"?)',
        'new.csv:5 column "grade" must hold a category of the data that the network was trained on, found "7" (its categories are 1, 2)',
      ].join('\n'),
    );
  });

  test('a missing value where the definition does not say what becomes of it', () => {
    const strict = { ...preprocessing, missing: 'error' as const };
    expect(complaint(() => encode(strict, ['size', 'kind', 'grade'], ['1', 'n/a', '1']))).toBe(
      'new.csv:2 column "kind" must have a value in every row, found "n/a"',
    );
  });
});
