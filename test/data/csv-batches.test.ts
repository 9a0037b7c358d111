/** A file read batch by batch gives what it gives read at once, however it is cut. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvBatches, type CsvBatch } from '../../workers/data/csv-batches.ts';
import { readCsv } from '../../workers/data/csv-file.ts';
import { complaint, writeCsv } from './fixtures.ts';

/** The bytes in pieces of such lengths, over and over. */
function* pieces(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const length = lengths[index % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function read(text: string | Uint8Array, size = 100, lengths: readonly number[] = [7]): Promise<CsvBatch[]> {
  const batches: CsvBatch[] = [];
  for await (const batch of csvBatches('data.csv', stream(text, lengths), size)) batches.push(batch);
  return batches;
}

async function* stream(text: string | Uint8Array, lengths: readonly number[]): AsyncGenerator<Buffer> {
  await Promise.resolve();
  yield* pieces(Buffer.from(text), lengths);
}

async function complaintOf(text: string | Uint8Array): Promise<string> {
  let thrown: unknown;
  await read(text).catch((error: unknown) => (thrown = error));
  return complaint(() => {
    throw thrown;
  });
}

test('any cut of any file gives the cells that reading it at once gives', async () => {
  const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('1.5', '', 'a,b', 'a"b', 'two\nlines', 'ä€𝒳'));
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 9 }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      async (cells, end, size, lengths) => {
        // The separator is found in the first piece.
        const header = `${'a'.repeat(9)},b`;
        const text = [header, ...cells.map((row) => row.map(quoted).join(','))].join(end);
        const batches = await read(text, size, [20, ...lengths]);
        expect(batches.flatMap(({ rows }) => rows)).toEqual(readCsv(writeCsv(text)).cells);
        expect(batches.every(({ rows, lines }) => rows.length <= size && lines.length === rows.length)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('lines are those of the file, empty ones and those inside quotes counted', async () => {
  const [batch] = await read('\uFEFFa;b\n\n1;2\n"x\ny";3\n4;5\n', 100, [100]);
  expect(batch).toEqual({
    header: ['a', 'b'],
    rows: [
      ['1', '2'],
      ['x\ny', '3'],
      ['4', '5'],
    ],
    lines: [3, 5, 6],
  });
});

test('a header alone is a batch without rows', async () => {
  expect(await read('a,b\n')).toEqual([{ header: ['a', 'b'], rows: [], lines: [] }]);
});

test('what is no table is refused, with its line', async () => {
  expect(await complaintOf('')).toBe('data.csv must hold a header line, found none');
  expect(await complaintOf('a,b\n1,2\n1,2,3\n')).toBe(
    'data.csv:3 every row must have 2 cells as the header has, found 3',
  );
  expect(await complaintOf('a,b\n1,"2\n')).toBe(
    'data.csv:2 a quoted cell must end with a quote, found the end of the file (write a quote inside a quoted cell twice, and quote the whole cell)',
  );
  expect(await complaintOf('a,b\n1,"2"3\n4,5\n')).toMatch(/^data\.csv:2 a closing quote must be followed by /);
  expect(await complaintOf(Buffer.from('a,b\n\xff,1\n', 'latin1'))).toBe(
    'data.csv must be UTF-8 text, found bytes that are not (save it as "CSV UTF-8")',
  );
});
