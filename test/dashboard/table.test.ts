/** Tables fit their width: what shrinks, and what goes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_GAP, layTable, type TableColumn } from '../../src/dashboard/table.ts';
import { columnsOf } from '../../src/dashboard/text.ts';

const column = fc.record<TableColumn>({
  title: fc.string({ maxLength: 40 }),
  align: fc.constantFrom('left', 'right'),
  fixed: fc.boolean(),
});
const table = fc.array(column, { minLength: 1, maxLength: 12 }).chain((columns) =>
  fc.tuple(
    fc.constant(columns),
    fc.array(
      fc.array(fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom('活性化関数', '👩‍🔬')), {
        minLength: columns.length,
        maxLength: columns.length,
      }),
      { maxLength: 6 },
    ),
  ),
);

const fixed: TableColumn = { title: 'id', align: 'right', fixed: true };
const free = (title: string): TableColumn => ({ title, align: 'left', fixed: false });

describe('a table', () => {
  it('is never wider than asked, and its columns line up', () => {
    fc.assert(
      fc.property(table, fc.nat(200), ([columns, rows], width) => {
        const laid = layTable(columns, rows, width, '…');
        const widths = laid.header.map(columnsOf);
        const total = widths.reduce((sum, each) => sum + each, 0) + COLUMN_GAP * Math.max(0, widths.length - 1);
        expect(total).toBeLessThanOrEqual(width);
        for (const row of laid.rows) expect(row.map(columnsOf)).toEqual(widths);
        expect(laid.shown.length + laid.hidden).toBe(columns.length);
      }),
    );
  });

  it('shows all where all fits', () => {
    expect(layTable([fixed, free('name')], [['7', 'adam']], 10, '…')).toEqual({
      header: ['id', 'name'],
      rows: [[' 7', 'adam']],
      shown: [0, 1],
      hidden: 0,
    });
  });

  it('shrinks long columns before any goes', () => {
    const long = 'a value of some length';
    expect(layTable([fixed, free('a'), free('b')], [['7', long, long]], 2 + 2 + 10 + 2 + 14, '…').rows).toEqual([
      [' 7', 'a value of so…', 'a value o…'],
    ]);
  });

  it('gives up columns of equal cells first, then from the right, and fixed ones last', () => {
    const columns = [fixed, free('same'), free('left'), free('right')];
    const rows = [
      ['1', 'x', 'a', 'b'],
      ['2', 'x', 'c', 'd'],
    ];
    expect(layTable(columns, rows, 20, '…').shown).toEqual([0, 2, 3]);
    expect(layTable(columns, rows, 10, '…').shown).toEqual([0, 2]);
    expect(layTable(columns, rows, 4, '…').shown).toEqual([0]);
    expect(layTable(columns, rows, 1, '…').shown).toEqual([]);
  });

  it('shows a long column as far as there is room, and others no more than is usual', () => {
    const text = 'a message of forty and some more characters';
    const message: TableColumn = { title: 'message', align: 'left', fixed: false, long: true };
    expect(layTable([fixed, message], [['7', text]], 80, '…').rows).toEqual([[' 7', text]]);
    expect(layTable([fixed, free('name')], [['7', text]], 80, '…').rows).toEqual([
      [' 7', 'a message of forty and some…'],
    ]);
  });

  it('keeps its columns while it is scrolled: as wide as the rows around need, and gone from the right only', () => {
    const columns = [fixed, free('same'), free('right')];
    const rows = [['1', 'x', 'a']];
    const around = [...rows, ['2', 'x', 'longer'], ['1000', 'x', 'b']];
    const laid = layTable(columns, rows, 20, '…', around);
    expect(laid.rows).toEqual([['   1', 'x   ', 'a     ']]);
    expect(layTable(columns, rows, 12, '…', around).shown).toEqual([0, 1]);
    expect(layTable(columns, around, 12, '…').shown).toEqual([0, 2]);
  });
});
