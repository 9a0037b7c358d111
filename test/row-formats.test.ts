/** Rows in machine formats lose nothing: what is read back is what was there, to the last bit. */

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SqlValue } from '../db/query.ts';
import { ROW_FORMATS, numberText } from '../src/row-formats.ts';
import type { RowFormat } from '../src/row-formats.ts';

function printed({ head, row, tail }: RowFormat, columns: readonly string[], rows: readonly SqlValue[][]): string {
  return head(columns) + rows.map((values, index) => row(columns, values, index)).join('') + tail(rows.length);
}

const COLUMNS = ['n', 'x', 'text', 'none'];
const ROWS: SqlValue[][] = [
  [1n, 0.1, 'a "quoted", one', null],
  [9007199254740993n, 1e-7, '', null],
  [-2n, 1, 'two\nlines', Buffer.from([0, 255])],
];

test('csv is RFC 4180 with LF, and tells NULL from the empty text', () => {
  expect(printed(ROW_FORMATS.csv, COLUMNS, ROWS)).toBe(
    'n,x,text,none\n1,0.1,"a ""quoted"", one",\n9007199254740993,1e-7,"",\n-2,1,"two\nlines",00ff\n',
  );
});

test('json is an array with a row per line', () => {
  expect(printed(ROW_FORMATS.json, COLUMNS, ROWS.slice(0, 2))).toBe(
    '[\n{"n":1,"x":0.1,"text":"a \\"quoted\\", one","none":null},\n{"n":9007199254740993,"x":1e-7,"text":"","none":null}\n]\n',
  );
  expect(printed(ROW_FORMATS.json, COLUMNS, [])).toBe('[]\n');
});

test('ndjson is an object per line', () => {
  expect(printed(ROW_FORMATS.ndjson, ['a'], [[1n], [2.5]])).toBe('{"a":1}\n{"a":2.5}\n');
  expect(printed(ROW_FORMATS.ndjson, ['a'], [])).toBe('');
});

test.each([ROW_FORMATS.json, ROW_FORMATS.ndjson])(
  'two columns of one name are refused, since an object would lose one',
  ({ head }) => {
    expect(() => head(['a', 'b', 'a'])).toThrow('there are two called a (give one another name: a AS other)');
  },
);

describe('every double reads back as itself', () => {
  const double = fc.double({ noNaN: true });

  test('as text', () => {
    fc.assert(fc.property(double, (value) => Object.is(Number(numberText(value)), value)));
  });

  test('through csv', () => {
    fc.assert(
      fc.property(fc.array(double, { minLength: 1 }), (values) => {
        const text = printed(
          ROW_FORMATS.csv,
          ['x'],
          values.map((value) => [value]),
        );
        const records: string[][] = parse(text, { from: 2 });
        expect(records.map(([field]) => Number(field))).toEqual(values);
      }),
    );
  });

  test('through json', () => {
    fc.assert(
      fc.property(fc.array(double, { minLength: 1 }), (values) => {
        const text = printed(
          ROW_FORMATS.json,
          ['x'],
          values.map((value) => [value]),
        );
        expect(JSON.parse(text)).toEqual(values.map((x) => ({ x })));
      }),
    );
  });
});

test('every text reads back as itself through csv', () => {
  const column = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(column, column, (first, second) => {
      const rows = first.map((text, index) => [text, second[index % second.length] ?? '']);
      const records: string[][] = parse(printed(ROW_FORMATS.csv, ['a', 'b'], rows), { from: 2 });
      expect(records).toEqual(rows);
    }),
  );
});
