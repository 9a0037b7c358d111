/** Describes a data file before there is a definition: what its columns hold. */

import { isMissing, parseNumber } from './cells.ts';
import { readCsv } from './csv-file.ts';
import { labelCells } from './labels.ts';

export interface ColumnSummary {
  readonly name: string;
  /** What every value is: a number, one with a comma before its decimals, a date, or any text. */
  readonly kind: 'number' | 'decimal_comma' | 'date' | 'text';
  /** Different values; `1` and `1.0` are the same number. */
  readonly distinct: number;
  /** Rows without a value. */
  readonly missing: number;
}

export interface CsvSummary {
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
  readonly columns: readonly ColumnSummary[];
}

/** `2026-11-23`, also with a time behind it, `23.11.2026` and `11/23/26`. */
const DATE = /^(\d{4}-\d{1,2}-\d{1,2}([T ][\d:.]+.*)?|\d{1,2}([./])\d{1,2}\3\d{2,4})$/;
const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;

/** @throws SweepError 'data' as `readCsv` does */
export function inspectCsv(file: string): CsvSummary {
  const { sha256, header, cells } = readCsv(file);
  const columns = header.map((name, column): ColumnSummary => {
    const values = cells.map((row) => valueOf(row[column]!));
    const present = values.filter((value) => value !== null);
    const kind = kindOf(present);
    const distinct = new Set<string | number>(kind === 'number' ? present.map(parseNumber) : present).size;
    return { name, kind, distinct, missing: values.length - present.length };
  });
  return { file, sha256, rows: cells.length, columns };
}

/** What is left of a file, of whose rows only those stay that have a value in each of `columns`. @throws as `inspectCsv` */
export function completeRows(
  file: string,
  columns: readonly string[],
  target: string,
): { readonly rows: number; readonly distinct: number } {
  const { header, cells } = readCsv(file);
  const places = columns.map((name) => header.indexOf(name));
  const kept = cells.filter((row) => places.every((place) => !isMissing(row[place]!)));
  const place = header.indexOf(target);
  return { rows: kept.length, distinct: labelCells(kept.map((row) => valueOf(row[place]!))).labels.length };
}

function valueOf(cell: string): string | null {
  return isMissing(cell) ? null : cell.trim();
}

function kindOf(values: readonly string[]): ColumnSummary['kind'] {
  const all = (holds: (value: string) => boolean): boolean => values.every(holds);
  if (all((value) => Number.isFinite(parseNumber(value)))) return 'number';
  if (all((value) => DECIMAL_COMMA.test(value) || Number.isFinite(parseNumber(value)))) return 'decimal_comma';
  return all((value) => DATE.test(value)) ? 'date' : 'text';
}
