/** Gives the cells of a data file their meaning: target, features, groups, missing values. */

import { counted } from '../../src/counted.ts';
import { SweepError } from '../../src/errors.ts';
import type { FileSource, ResolvedData } from '../../src/definition/resolved.ts';
import { isMissing } from './cells.ts';
import { numbersOf, rawColumn, requireValues, type RawColumn } from './csv-column.ts';
import type { CsvFile } from './csv-file.ts';
import { checkNames } from './csv-names.ts';
import { labelCells } from './labels.ts';
import { ProblemList } from './problems.ts';
import type { Column, Table } from './table.ts';

/** What of a definition decides how a file is read. */
export interface Reading {
  readonly source: FileSource;
  readonly target_kind: ResolvedData['target_kind'];
  readonly group: string | null;
}

/**
 * The table of a file. Every column is a feature but the target, the group's and those under `drop`, and holds numbers
 * unless it is under `categorical`. `missing: drop` leaves out rows where a column that is used has no value;
 * `impute` leaves gaps in features for later, while targets and groups must always be there.
 * @throws SweepError 'data' with the first offending cell of every column
 */
export function csvTable(csv: CsvFile, { source, target_kind, group }: Reading): Table {
  checkNames(csv, source, group);
  const dropped = new Set([...source.drop, source.target, group]);
  const names = csv.header.filter((name) => !dropped.has(name));
  const used = [...names, source.target, ...(group === null ? [] : [group])];
  const kept = keptRows(csv, used, source);
  const problems = new ProblemList();
  const columnOf = (name: string): RawColumn => rawColumn(csv, name, kept);

  const columns = names.map((name): Column => {
    const column = columnOf(name);
    if (source.missing !== 'impute') requireValues(csv, column, problems, 'impute');
    if (!source.categorical.includes(name)) {
      return { kind: 'number', name, values: numbersOf(csv, column, problems, TEXT_FEATURE) };
    }
    return { kind: 'category', name, ...labelCells(column.cells) };
  });

  const targetColumn = columnOf(source.target);
  requireValues(csv, targetColumn, problems, 'drop');
  const target =
    target_kind === 'class'
      ? classesOf(targetColumn)
      : { values: numbersOf(csv, targetColumn, problems, TEXT_TARGET), classes: [] };

  let groups: Int32Array | null = null;
  if (group !== null) {
    const column = columnOf(group);
    requireValues(csv, column, problems, 'drop');
    groups = firstAppearance(column.cells);
  }
  problems.throwIfAny();
  return { rows: kept.length, columns, target: { name: source.target, ...target }, groups };
}

const TEXT_FEATURE = 'list the column under data.categorical or data.drop';
const TEXT_TARGET = 'for classes use a loss of classes, such as categorical_crossentropy';

/** Rows of the file that are used, in its order. */
function keptRows(csv: CsvFile, used: readonly string[], source: FileSource): Int32Array {
  const rows = Int32Array.from(csv.cells, (_, row) => row);
  if (source.missing !== 'drop') return rows;
  const indices = used.map((name) => csv.header.indexOf(name));
  const kept = rows.filter((row) => indices.every((index) => !isMissing(csv.cells[row]![index]!)));
  if (kept.length > 0) return kept;
  throw new SweepError('data', {
    path: 'data.missing',
    message: `"drop" must leave rows, found a missing value in each of the ${counted(rows.length, 'row')} of ${csv.name}`,
    hint: 'drop the empty columns by data.drop, or impute',
  });
}

function classesOf(column: RawColumn): { values: Float64Array; classes: readonly string[] } {
  const { labels, codes } = labelCells(column.cells);
  return { values: Float64Array.from(codes), classes: labels };
}

function firstAppearance(cells: readonly (string | null)[]): Int32Array {
  const numbers = new Map<string | null, number>();
  return Int32Array.from(cells, (cell) => {
    const known = numbers.get(cell) ?? numbers.size;
    numbers.set(cell, known);
    return known;
  });
}
