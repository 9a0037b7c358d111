/** Describes a data file before there is a definition: what its columns hold. */

import { isMissing, parseNumber } from './cells.ts';
import { readCsv } from './csv-file.ts';
import { labelCells } from './labels.ts';

interface ColumnSummary {
  readonly name: string;
  /** `number` when every value is one. */
  readonly kind: 'number' | 'text';
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

/** @throws SweepError 'data' as `readCsv` does */
export function inspectCsv(file: string): CsvSummary {
  const { sha256, header, cells } = readCsv(file);
  const columns = header.map((name, column): ColumnSummary => {
    const values = cells.map((row) => (isMissing(row[column]!) ? null : row[column]!.trim()));
    const numeric = values.every((value) => value === null || Number.isFinite(parseNumber(value)));
    const missing = values.filter((value) => value === null).length;
    return { name, kind: numeric ? 'number' : 'text', distinct: labelCells(values).labels.length, missing };
  });
  return { file, sha256, rows: cells.length, columns };
}
