/** From columns to the features of a network: fills gaps, encodes categories, transforms numbers. Pure. */

import { SweepError, type Problem } from '../../src/errors.ts';
import type { Transform } from '../../src/definition/resolved.ts';
import { UNSCALED, applyScale, fitScale, quantile, type Scale } from './scale.ts';
import { MAX_VALUES, type CategoryColumn, type Column, type NumberColumn, type Table } from './table.ts';

export interface Features {
  readonly names: readonly string[];
  /** [rows, names], row-major. */
  readonly values: Float32Array;
}

/** What a column's values become, as learnt from the training rows. Plain data. */
export type FittedColumn = FittedNumber | FittedCategory;

interface FittedNumber {
  readonly kind: 'number';
  readonly name: string;
  /** In place of a missing value; null where the column has no gaps. */
  readonly fill: number | null;
  readonly scale: Scale;
}

interface FittedCategory {
  readonly kind: 'category';
  readonly name: string;
  readonly labels: readonly string[];
  /** Indices of the labels that the training rows hold: each has a feature of its own. */
  readonly encoded: readonly number[];
  /** Index of a label, as with numbers. */
  readonly fill: number | null;
}

/** One feature: its name, and its value in a row. */
interface Feature {
  readonly name: string;
  readonly valueOf: (row: number) => number;
}

/**
 * Features of all rows, learnt from the training rows only, but for a transform with `fit_on: all`. Gaps become the
 * median, or the commonest category (of equally common ones the first in order). A category column becomes a 0-or-1
 * feature per category of the training rows, `column=category`; one unseen there is 0 in all of them. These features
 * are left as they are: transforms act on columns of numbers only.
 * @throws SweepError 'data' when a column cannot be encoded
 */
export function encodeFeatures(table: Table, train: Int32Array, transform: Transform | null): Features {
  const fitted = fitColumns(table, train, transform);
  const features = table.columns.flatMap((column, index) => featuresOf(column, fitted[index]!));
  if (features.length === 0) throw new SweepError('data', { path: 'data', message: 'must have a feature, found none' });
  const { rows } = table;
  const width = features.length;
  if (rows * width > MAX_VALUES) {
    const message = `must have at most ${MAX_VALUES} values, found ${rows} rows x ${width} features`;
    const hint = 'a column with very many categories does not belong under data.categorical';
    throw new SweepError('data', { path: 'data', message, hint });
  }
  const values = new Float32Array(rows * width);
  features.forEach(({ valueOf }, at) => {
    for (let row = 0; row < rows; row++) values[row * width + at] = valueOf(row);
  });
  const names = features.map(({ name }) => name);
  requireFloats(names, values, 'data.transform.features');
  return { names, values };
}

/**
 * In the order of the table's columns.
 * @throws SweepError 'data' when a column cannot be encoded
 */
export function fitColumns(table: Table, train: Int32Array, transform: Transform | null): readonly FittedColumn[] {
  const problems: Problem[] = [];
  const fitted = table.columns.flatMap((column): FittedColumn[] => {
    const fill = hasGaps(column) ? fillOf(column, train) : null;
    if (fill !== undefined) return [fitColumn(column, fill, train, transform)];
    problems.push(noValue(column));
    return [];
  });
  if (problems.length > 0) throw new SweepError('data', problems);
  return fitted;
}

function fitColumn(column: Column, fill: number | null, train: Int32Array, transform: Transform | null): FittedColumn {
  const { name } = column;
  if (column.kind === 'number') {
    const values = fill === null ? column.values : column.values.map((value) => (Number.isNaN(value) ? fill : value));
    return { kind: 'number', name, fill, scale: fitTransform(transform, { name, values }, train) };
  }
  const seen = new Set(Array.from(train, (row) => codeAt(column, row, fill)));
  const encoded = column.labels.flatMap((_, code) => (seen.has(code) ? [code] : []));
  return { kind: 'category', name, labels: column.labels, encoded, fill };
}

function featuresOf(column: Column, fitted: FittedColumn): Feature[] {
  const { name } = column;
  if (column.kind === 'number') {
    const { fill, scale } = fitted as FittedNumber;
    const valueAt = (row: number): number => {
      const value = column.values[row]!;
      return fill !== null && Number.isNaN(value) ? fill : value;
    };
    return [{ name, valueOf: (row) => applyScale(valueAt(row), scale) }];
  }
  const { encoded, fill } = fitted as FittedCategory;
  return encoded.map((code) => ({
    name: `${name}=${column.labels[code]!}`,
    valueOf: (row) => (codeAt(column, row, fill) === code ? 1 : 0),
  }));
}

function codeAt({ codes }: CategoryColumn, row: number, fill: number | null): number {
  const code = codes[row]!;
  return fill !== null && code === -1 ? fill : code;
}

/**
 * The scale that the transform learns from the training rows, or from all.
 * @throws SweepError 'data' when the numbers are so large that no double holds their scale
 */
export function fitTransform(
  transform: Transform | null,
  { name, values }: Pick<NumberColumn, 'name' | 'values'>,
  train: Int32Array,
): Scale {
  if (transform === null) return UNSCALED;
  const fitted = transform.fit_on === 'all' ? values : Float64Array.from(train, (row) => values[row]!);
  const scale = fitScale(transform, fitted);
  if (Number.isFinite(scale.scale) && Number.isFinite(scale.offset)) return scale;
  const message = `column "${name}" must hold numbers that can be scaled, found ones near the end of what a double holds`;
  throw new SweepError('data', { message, hint: 'use another unit' });
}

function hasGaps(column: Column): boolean {
  return column.kind === 'number' ? column.values.some(Number.isNaN) : column.codes.includes(-1);
}

/** What takes the place of a missing value: a number, or the index of a label; undefined when the training rows hold nothing. */
export function fillOf(column: Column, train: Int32Array): number | undefined {
  if (column.kind === 'number') {
    const known = Float64Array.from(train, (row) => column.values[row]!).filter((value) => !Number.isNaN(value));
    return known.length === 0 ? undefined : quantile(known.sort(), 0.5);
  }
  const counts = new Int32Array(column.labels.length);
  for (const row of train) if (column.codes[row] !== -1) counts[column.codes[row]!]! += 1;
  return counts.some((count) => count > 0) ? counts.indexOf(Math.max(...counts)) : undefined;
}

function noValue(column: Column): Problem {
  return {
    path: 'data.missing',
    message: `"impute" needs a value of column "${column.name}" in the training part, found none`,
    hint: 'list the column under data.drop',
  };
}

/**
 * Doubles beyond the range of 32-bit floats become infinite, and nothing would train.
 * @param names of the columns of `values`, [rows, names]
 * @param path of the transform that can help
 * @throws SweepError 'data' that names the first such column
 */
export function requireFloats(names: readonly string[], values: Float32Array, path: string): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return;
  const message = `column "${names[bad % names.length]}" must hold numbers that a 32-bit float can hold`;
  throw new SweepError('data', { message, hint: `set ${path} to standardize, or use another unit` });
}
