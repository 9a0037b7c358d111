/** Reads single columns of a data file as numbers, and names the cells that are none. */

import { isMissing, parseNumber } from './cells.ts';
import type { CsvFile } from './csv-file.ts';
import { counted } from '../../src/counted.ts';
import type { ProblemList } from './problems.ts';

/** A column's cells in the rows that are used: text without blanks around it, null where it is missing. */
export interface RawColumn {
  readonly name: string;
  readonly index: number;
  readonly cells: readonly (string | null)[];
  /** [rows]: the row in the file. */
  readonly fileRows: Int32Array;
}

export function rawColumn(csv: CsvFile, name: string, fileRows: Int32Array): RawColumn {
  const index = csv.header.indexOf(name);
  const cells: (string | null)[] = [];
  for (const row of fileRows) {
    const cell = csv.cells[row]![index]!;
    cells.push(isMissing(cell) ? null : cell.trim());
  }
  return { name, index, cells, fileRows };
}

/** Adds a problem that names the first of the bad cells and counts the others. */
function reportCells(
  csv: CsvFile,
  column: RawColumn,
  bad: readonly number[],
  problems: ProblemList,
  say: Complaint,
): void {
  const [first, ...others] = bad;
  if (first === undefined) return;
  const row = column.fileRows[first]!;
  const more = others.length === 0 ? '' : `, and ${counted(others.length, 'more such cell')}`;
  problems.add(() => ({
    message: `column "${column.name}" ${say.must}, found "${csv.cells[row]![column.index]!}"${more}`,
    position: csv.position(row, column.index),
    hint: say.hint,
  }));
}

interface Complaint {
  readonly must: string;
  readonly hint: string;
}

/** Adds a problem where a cell of the column is missing. */
export function requireValues(csv: CsvFile, column: RawColumn, problems: ProblemList, cure: 'drop' | 'impute'): void {
  if (!column.cells.includes(null)) return;
  const bad = column.cells.flatMap((cell, row) => (cell === null ? [row] : []));
  const hint = cure === 'impute' ? 'set data.missing to impute or drop' : 'set data.missing to drop';
  reportCells(csv, column, bad, problems, { must: 'must have a value in every row', hint });
}

/** Numbers of a column; NaN where the cell is missing. Text and what no double holds are problems. */
export function numbersOf(csv: CsvFile, column: RawColumn, problems: ProblemList, textHint: string): Float64Array {
  const values = new Float64Array(column.cells.length);
  const bad: number[] = [];
  column.cells.forEach((cell, row) => {
    values[row] = cell === null ? NaN : parseNumber(cell);
    if (cell !== null && !Number.isFinite(values[row])) bad.push(row);
  });
  const found = bad[0] === undefined ? '' : (column.cells[bad[0]] ?? '');
  reportCells(csv, column, bad, problems, { must: 'must hold numbers', hint: numberHint(found) ?? textHint });
  return values;
}

function numberHint(cell: string): string | undefined {
  if (/^[+-]?\d*,\d+$/.test(cell)) return 'write a point before the decimals';
  if (/^[?.-]+$/.test(cell)) return 'leave a cell empty where its value is missing';
  if (/^[+-]?(inf|infinity)$/i.test(cell) || Math.abs(Number(cell)) === Infinity) return 'numbers must be finite';
  return undefined;
}
