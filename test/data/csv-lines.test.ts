import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PARSING } from '../../workers/data/csv-file.ts';
import { hasLinesOnly, recordsOfLines } from '../../workers/data/csv-lines.ts';

const PIECES = ['a', '7', ' ', ',', ';', '\t', '\n', '\r', '\r\n', 'é', '語', '\u2028', '\uFEFF'];

test('lines without quotes are the records that a parser reads, and each begins where it says', () => {
  const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, fc.constantFrom(',', ';', '\t'), (text, delimiter) => {
      const bytes = Buffer.from(text);
      const { records, starts } = recordsOfLines(bytes, delimiter);
      expect(records).toEqual(parse(bytes, { ...PARSING, delimiter }));
      records.forEach((record, index) => {
        const rest = bytes.toString('utf8', starts[index]).replace(/^\uFEFF?[\r\n]*/, '');
        expect(rest.startsWith(record.join(delimiter))).toBe(true);
      });
    }),
    { numRuns: 1000 },
  );
});

test('text with a quote anywhere is not of lines only', () => {
  expect(hasLinesOnly(Buffer.from('a,b\n1,2'))).toBe(true);
  expect(hasLinesOnly(Buffer.from('a,b\n1,"2"'))).toBe(false);
});
