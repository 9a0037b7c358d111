/** The meaning of cells: targets, features, categories, groups and missing values. */

import { describe, expect, test } from 'vitest';
import type { FileSource } from '../../src/definition/resolved.ts';
import { readCsv } from '../../workers/data/csv-file.ts';
import { csvTable } from '../../workers/data/csv-table.ts';
import type { Table } from '../../workers/data/table.ts';
import { complaint, fileSource, writeCsv } from './fixtures.ts';

interface Changes extends Partial<FileSource> {
  readonly target_kind?: 'class' | 'number';
  readonly group?: string;
}

function tableOf(text: string, { target_kind = 'number', group, ...source }: Changes = {}): Table {
  const file = writeCsv(text);
  return csvTable(readCsv(file), { source: fileSource(file, source), target_kind, group: group ?? null });
}

describe('columns', () => {
  test('keep their order, without the target, the dropped and the group', () => {
    const table = tableOf('id,b,y,who,a\n1,2,3,p,4\n5,6,7,q,8', { drop: ['id'], group: 'who' });
    expect(table.columns.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(table.target).toEqual({ name: 'y', values: Float64Array.of(3, 7), classes: [] });
    expect(table.groups).toEqual(Int32Array.of(0, 1));
  });

  test('hold numbers in decimal and scientific notation, blanks around them allowed', () => {
    const { columns } = tableOf('x,y\n 1.5 ,0\n-2e3,0\n+.5,0\n7.,0\n1E-2,1');
    expect(columns[0]).toEqual({ kind: 'number', name: 'x', values: Float64Array.of(1.5, -2000, 0.5, 7, 0.01) });
  });

  test('of categories are sorted: text by code unit, numbers by value', () => {
    const { columns } = tableOf('c,n,y\nb,10,1\nB,9,2\n b,9.0,3', { categorical: ['c', 'n'] });
    expect(columns).toEqual([
      { kind: 'category', name: 'c', labels: ['B', 'b'], codes: Int32Array.of(1, 0, 1) },
      { kind: 'category', name: 'n', labels: ['9', '10'], codes: Int32Array.of(1, 0, 0) },
    ]);
  });

  test('of groups are numbered as they appear', () => {
    const { groups } = tableOf('x,y,g\n1,1,z\n2,2,a\n3,3,z', { group: 'g' });
    expect(groups).toEqual(Int32Array.of(0, 1, 0));
  });
});

describe('class targets', () => {
  test.each([
    ['text by code unit', ['b', 'a', 'B', 'b'], ['B', 'a', 'b'], [2, 1, 0, 2]],
    ['numbers by value', ['10', '9', '9.0', '-1'], ['-1', '9', '10'], [2, 1, 1, 0]],
    ['numbers among text as text', ['10', '9', 'x', '9'], ['10', '9', 'x'], [0, 1, 2, 1]],
  ])('are encoded: %s', (_, labels, classes, values) => {
    const { target } = tableOf(['x,y', ...labels.map((label) => `0,${label}`)].join('\n'), { target_kind: 'class' });
    expect(target).toEqual({ name: 'y', classes, values: Float64Array.from(values) });
  });
});

describe('missing values', () => {
  const spelt = ['', ' ', 'NA', 'na', 'N/A', '#N/A', '<NA>', 'NaN', 'nan', 'NULL', 'null', '""'];

  test.each(spelt)('spelt %j are an error that names the cell, unless the definition says otherwise', (cell) => {
    expect(complaint(() => tableOf(`x,y\n1,2\n${cell},4\n5,6`))).toBe(
      `data.csv:3:1 column "x" must have a value in every row, found "${cell.replace('""', '')}" (set data.missing to impute or drop)`,
    );
  });

  test('are reported column by column, with the number of the others', () => {
    expect(complaint(() => tableOf('x,y,z\n1,2,NA\n,4,5\n,NA,6\n,7,8'))).toBe(
      [
        'data.csv:3:1 column "x" must have a value in every row, found "", and 2 more such cells (set data.missing to impute or drop)',
        'data.csv:2:5 column "z" must have a value in every row, found "NA" (set data.missing to impute or drop)',
        'data.csv:4:2 column "y" must have a value in every row, found "NA" (set data.missing to drop)',
      ].join('\n'),
    );
  });

  test('drop rows where a used column has none', () => {
    const table = tableOf('id,x,y\n,1,2\n2,,3\n3,4,NA\n4,5,6', { missing: 'drop', drop: ['id'] });
    expect(table.rows).toBe(2);
    expect(table.columns).toEqual([{ kind: 'number', name: 'x', values: Float64Array.of(1, 5) }]);
    expect(table.target.values).toEqual(Float64Array.of(2, 6));
  });

  test('stay gaps in features when they are to be imputed', () => {
    const { columns } = tableOf('x,c,y\n1,a,2\n,,3', { missing: 'impute', categorical: ['c'] });
    expect(columns).toEqual([
      { kind: 'number', name: 'x', values: Float64Array.of(1, NaN) },
      { kind: 'category', name: 'c', labels: ['a'], codes: Int32Array.of(0, -1) },
    ]);
  });

  test('of a target or a group are never imputed', () => {
    const text = 'x,g,y\n1,a,NA\n2,,3';
    expect(complaint(() => tableOf(text, { missing: 'impute', group: 'g' }))).toBe(
      [
        'data.csv:2:5 column "y" must have a value in every row, found "NA" (set data.missing to drop)',
        'data.csv:3:3 column "g" must have a value in every row, found "" (set data.missing to drop)',
      ].join('\n'),
    );
  });

  test('in every row leave nothing to drop', () => {
    expect(complaint(() => tableOf('x,y\n,1\n2,', { missing: 'drop' }))).toBe(
      'data.missing: "drop" must leave rows, found a missing value in each of the 2 rows of data.csv (drop the empty columns by data.drop, or impute)',
    );
  });
});

describe('cells that are no numbers', () => {
  test.each([
    ['abc', 'list the column under data.categorical or data.drop'],
    ['0x10', 'list the column under data.categorical or data.drop'],
    ['"1,5"', 'write a point before the decimals'],
    ['?', 'leave a cell empty where its value is missing'],
    ['Infinity', 'numbers must be finite'],
    ['1e999', 'numbers must be finite'],
  ])('%s is refused with advice', (cell, hint) => {
    expect(complaint(() => tableOf(`x,y\n1,2\n${cell},4`))).toBe(
      `data.csv:3:1 column "x" must hold numbers, found "${cell.replaceAll('"', '')}" (${hint})`,
    );
  });

  test('in the target ask for a loss of classes', () => {
    expect(complaint(() => tableOf('x,y\n1,cat\n2,dog'))).toBe(
      'data.csv:2:3 column "y" must hold numbers, found "cat", and 1 more such cell (for classes use a loss of classes, such as categorical_crossentropy)',
    );
  });
});

describe('names', () => {
  const text = 'area,rooms,price\n1,2,3\n4,5,6';

  test('that are no columns are all reported, with the nearest one', () => {
    const changes = { target: 'prise', drop: ['id'], categorical: ['Room'], group: 'aera' };
    expect(complaint(() => tableOf(text, changes))).toBe(
      [
        'data.target: must name a column of data.csv, found "prise" (did you mean "price"?)',
        'data.drop: must name a column of data.csv, found "id" (its columns are area, rooms, price)',
        'data.categorical: must name a column of data.csv, found "Room" (did you mean "rooms"?)',
        'data.split.group: must name a column of data.csv, found "aera" (did you mean "area"?)',
      ].join('\n'),
    );
  });

  test('may not play two parts', () => {
    const changes = {
      target: 'price',
      drop: ['price', 'area'],
      categorical: ['area', 'price', 'rooms'],
      group: 'rooms',
    };
    expect(complaint(() => tableOf(text, changes))).toBe(
      [
        'data.drop: must not hold the target "price"',
        'data.categorical: must not hold "area", which data.drop holds too',
        'data.categorical: must not hold the target "price", which the loss encodes',
        'data.categorical: must not hold "price", which data.drop holds too',
        'data.categorical: must not hold the group "rooms", which is no feature',
      ].join('\n'),
    );
    expect(complaint(() => tableOf(text, { target: 'price', group: 'price' }))).toBe(
      'data.split.group: must be another column than the target "price"',
    );
  });
});
