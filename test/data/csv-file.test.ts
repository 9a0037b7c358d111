/** The form of data files: what is read, and how malformed ones are refused. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/sha256.ts';
import { readCsv } from '../../workers/data/csv-file.ts';
import { emptyFolder } from '../empty-folder.ts';
import { complaint, writeCsv } from './fixtures.ts';

function read(text: string): readonly (readonly string[])[] {
  const { header, cells } = readCsv(writeCsv(text));
  return [header, ...cells];
}

describe('reads', () => {
  const table = [
    ['a', 'b'],
    ['1', '2'],
    ['3', '4'],
  ];

  test.each([
    ['commas', 'a,b\n1,2\n3,4\n'],
    ['semicolons', 'a;b\n1;2\n3;4\n'],
    ['tabs', 'a\tb\n1\t2\n3\t4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['CR', 'a,b\r1,2\r3,4'],
    ['mixed line ends', 'a,b\r\n1,2\n3,4\r\n'],
    ['a byte order mark', '\uFEFFa,b\n1,2\n3,4'],
    ['a byte order mark before a quote', '\uFEFF"a","b"\n1,2\n3,4'],
    ['empty lines', '\n\na,b\n\n1,2\n\n3,4\n\n'],
    ['quoted cells', '"a","b"\n"1","2"\n3,4'],
    ['blanks around names', ' a , b \n1,2\n3,4'],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual(table);
  });

  test('separators, quotes and line ends inside quoted cells', () => {
    expect(read('a,b\n"x,y","say ""no"""\n"two\nlines",2')).toEqual([
      ['a', 'b'],
      ['x,y', 'say "no"'],
      ['two\nlines', '2'],
    ]);
  });

  test('a quoted header that is full of other separators', () => {
    expect(read('"a;;;",b\n1,2')[0]).toEqual(['a;;;', 'b']);
  });

  test('any table that is written with quotes, and knows the place of every cell', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', ',', ';', '"', '\n', '\t', 'é', '7'), minLength: 1 });
    const tables = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 });
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(tables, (rows) => {
        const text = ['x,y,z', ...rows.map((row) => row.map(quote).join(','))].join('\n');
        const csv = readCsv(writeCsv(text));
        expect(csv.cells).toEqual(rows);
        rows.forEach((row, index) =>
          row.forEach((value, column) => {
            const { line = 0, column: at = 0 } = csv.position(index, column);
            const rest = text
              .split('\n')
              .slice(line - 1)
              .join('\n')
              .slice(at - 1);
            expect(rest.startsWith(quote(value))).toBe(true);
          }),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('refuses', () => {
  test.each([
    ['', 'data.csv must hold a header line and rows, found an empty file'],
    ['\n\n', 'data.csv must hold a header line and rows, found blank lines only'],
    ['a,b\n', 'data.csv must hold rows below the header, found none'],
    [
      '1,2\n3,4\n',
      'data.csv:1:1 the first line must be a header with the names of the columns, found numbers only (put a line of names on top)',
    ],
    ['a,b,a\n1,2,3', 'data.csv:1:5 every column must have a name of its own, columns 1 and 3 are both "a"'],
    [',a\n0,2', 'data.csv:1:1 every column must have a name of its own, column 1 has none'],
    ['a,b\n1,2\n3,4,5\n', 'data.csv:3:5 every row must have 2 cells as the header has, found 3'],
    ['a,b\n1,2\n\n"x\ny"\n', 'data.csv:4:1 every row must have 2 cells as the header has, found 1'],
    [
      'a,b\n1,"2\n3,4\n',
      'data.csv:2:3 a quoted cell must end with a quote, found the end of the file (write a quote inside a quoted cell twice, and quote the whole cell)',
    ],
    [
      'a,b\n1,2"x\n',
      'data.csv:2:3 a quote must open a cell or stand inside a quoted one, found it in the middle of a cell (write a quote inside a quoted cell twice, and quote the whole cell)',
    ],
    [
      'a,b\n"1"x,2\n',
      'data.csv:2:1 a closing quote must be followed by a separator or the end of the line (write a quote inside a quoted cell twice, and quote the whole cell)',
    ],
  ])('%j', (text, message) => {
    expect(complaint(() => read(text))).toBe(message);
  });

  test('bytes that are not UTF-8', () => {
    const file = writeCsv(new Uint8Array([0x61, 0x2c, 0x62, 0x0a, 0xe9, 0x2c, 0x31]));
    expect(complaint(() => readCsv(file))).toBe(
      'data.csv must be UTF-8 text, found bytes that are not (save it as "CSV UTF-8")',
    );
  });

  test('a file that does not exist, and a folder', () => {
    const folder = emptyFolder();
    expect(complaint(() => readCsv(`${folder}/data.csv`))).toMatch(
      /^data\.csv must be a file that can be read: ENOENT/,
    );
    expect(complaint(() => readCsv(folder))).toMatch(/must be a file that can be read: EISDIR/);
  });

  test('a file whose bytes changed', () => {
    const file = writeCsv('a,b\n1,2');
    expect(complaint(() => readCsv(file, '0'.repeat(64)))).toBe(
      `data.csv data file changed since the sweep was made: its SHA-256 must be ${'0'.repeat(64)}, found ${sha256(readFileSync(file))} (put the old file back, or run the changed one under another name with --name)`,
    );
  });

  test('many bad rows with the first ten and the number of the others', () => {
    const text = ['a,b', ...Array.from({ length: 25 }, () => '1')].join('\n');
    const lines = complaint(() => read(text)).split('\n');
    expect(lines.length).toBe(11);
    expect(lines[9]).toBe('data.csv:11:1 every row must have 2 cells as the header has, found 1');
    expect(lines[10]).toBe('and 15 more');
  });
});

test('the hash is that of the bytes, byte order mark included', () => {
  const text = '\uFEFFa,b\r\n1,2';
  expect(readCsv(writeCsv(text)).sha256).toBe(createHash('sha256').update(text).digest('hex'));
});
