/** The definition that is written for a CSV file: sound, and fitting what the columns hold. */

import { expect, test } from 'vitest';
import { definitionTemplate, taskOf } from '../../src/definition/template.ts';
import type { CsvSummary } from '../../workers/data/inspect-csv.ts';
import { mistakesIn, soundly } from './reading.ts';

type Column = CsvSummary['columns'][number];

function column(name: string, rest: Partial<Column> = {}): Column {
  return { name, kind: 'number', distinct: 90, missing: 0, ...rest };
}

function dataOf(columns: readonly Column[], target: string, rows = 100) {
  const summary: CsvSummary = { file: '/houses.csv', sha256: '', rows, columns };
  const text = definitionTemplate(summary, { name: 'houses', file: './houses.csv', target });
  expect(mistakesIn(text)).toEqual([]);
  const read = soundly(text);
  return { text, first: read.sections[0]!, configs: read.expansion.configs.length };
}

test('numbers with many values are predicted as numbers, in their own units', () => {
  const { first, configs } = dataOf([column('area'), column('price')], 'price');
  expect(configs).toBe(18);
  expect(first.train.loss.name).toBe('mse');
  expect(first.data.transform.target?.name).toBe('standardize');
});

test('text and small sets of numbers are classes: one sigmoid for two, a softmax for more', () => {
  const two = dataOf([column('x'), column('y', { kind: 'text', distinct: 2 })], 'y').first;
  expect(two.train.loss.name).toBe('binary_crossentropy');
  const ten = dataOf([column('x'), column('digit', { distinct: 10 })], 'digit').first;
  expect(ten.train.loss.name).toBe('categorical_crossentropy');
  expect('layers' in ten.model && ten.model.layers.at(-1)).toMatchObject({
    units: 10,
    activation: { name: 'softmax' },
  });
});

test('a few different numbers in few rows are no classes', () => {
  expect(taskOf(column('y', { distinct: 10 }), 20)).toBe('regression');
  expect(taskOf(column('y', { distinct: 10 }), 50)).toBe('classification');
});

test('text is encoded, identifiers and constants are dropped, empty cells filled', () => {
  const { first } = dataOf(
    [
      column('id', { distinct: 100 }),
      column('district', { kind: 'text', distinct: 4 }),
      column('note', { kind: 'text', distinct: 80 }),
      column('country', { kind: 'text', distinct: 1 }),
      column('built', { missing: 2 }),
      column('price'),
    ],
    'price',
  );
  expect(first.data).toMatchObject({
    categorical: ['district'],
    drop: ['id', 'note', 'country'],
    missing: 'impute',
  });
});

test('names that YAML or references would read otherwise keep their meaning', () => {
  const { first } = dataOf(
    [column('a, b'), column('no', { kind: 'text', distinct: 3 }), column('$ price: "net"')],
    '$ price: "net"',
  );
  expect(first.data).toMatchObject({ target: '$ price: "net"', categorical: ['no'] });
});
