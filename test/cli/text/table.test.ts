/** Tables fit the terminal, never cut numbers, and are plain elsewhere. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTable } from '../../../src/cli/text/table.ts';

const COLUMNS = ['sweep', 'n', 'message'];
const ROWS = [
  ['moons', 12, 'a short one'],
  ['circles-dropout', 3, 'a message that goes on for much longer than the others do'],
  [null, null, ''],
];

test('without a width nothing is cut, and numbers stand to the right', () => {
  expect(formatTable(COLUMNS, ROWS)).toMatchInlineSnapshot(`
    "sweep             n  message
    ---------------  --  ---------------------------------------------------------
    moons            12  a short one
    circles-dropout   3  a message that goes on for much longer than the others do

    "
  `);
});

test('in a terminal the widest text gives way', () => {
  expect(formatTable(COLUMNS, ROWS, { width: 40 })).toMatchInlineSnapshot(`
    "sweep             n  message
    ---------------  --  -------------------
    moons            12  a short one
    circles-dropout   3  a message that g...

    "
  `);
});

test('where columns cannot fit, each row becomes a record', () => {
  expect(formatTable(['config', 'train_accuracy', 'test_accuracy'], [[3, 0.9876543210123, 0.91]], { width: 30 }))
    .toMatchInlineSnapshot(`
    "-- 1 --
    config          3
    train_accuracy  0.987654321...
    test_accuracy   0.91
    "
  `);
});

test('a table without rows is its header', () => {
  expect(formatTable(['a', 'b'], [])).toBe('a  b\n-  -\n');
});

test('control characters cannot steer the terminal', () => {
  expect(formatTable(['a'], [['x\u001b[2J\ny']])).toBe('a\n-------\nx [2J y\n');
});

test('no line is wider than the terminal, whatever the cells', () => {
  const cell = fc.oneof(fc.string({ maxLength: 40 }), fc.integer(), fc.double(), fc.constant(null), fc.boolean());
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 8 })
        .chain((count) => fc.array(fc.array(cell, { minLength: count, maxLength: count }), { maxLength: 5 })),
      fc.integer({ min: 20, max: 120 }),
      (rows, width) => {
        const columns = (rows[0] ?? [0]).map((_, index) => `column${index}`);
        for (const line of formatTable(columns, rows, { width }).split('\n'))
          expect(line.length).toBeLessThanOrEqual(width);
      },
    ),
  );
});
