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
  const problems: Problem[] = [];
  const features = table.columns.flatMap((column) => {
    const filled = fillGaps(column, train);
    if (filled === undefined) problems.push(noValue(column));
    else return filled.kind === 'number' ? [numberFeature(filled, train, transform)] : categoryFeatures(filled, train);
    return [];
  });
  if (problems.length > 0) throw new SweepError('data', problems);
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

function numberFeature(column: NumberColumn, train: Int32Array, transform: Transform | null): Feature {
  const scale = fitTransform(transform, column, train);
  return { name: column.name, valueOf: (row) => applyScale(column.values[row]!, scale) };
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

function categoryFeatures({ name, labels, codes }: CategoryColumn, train: Int32Array): Feature[] {
  const seen = new Set(Array.from(train, (row) => codes[row]!));
  return labels.flatMap((label, code) =>
    seen.has(code) ? [{ name: `${name}=${label}`, valueOf: (row: number) => (codes[row] === code ? 1 : 0) }] : [],
  );
}

/** The column without gaps; undefined when the training rows hold nothing to fill them with. */
function fillGaps(column: Column, train: Int32Array): Column | undefined {
  if (column.kind === 'number') {
    if (!column.values.some(Number.isNaN)) return column;
    const known = Float64Array.from(train, (row) => column.values[row]!).filter((value) => !Number.isNaN(value));
    if (known.length === 0) return undefined;
    const median = quantile(known.sort(), 0.5);
    return { ...column, values: column.values.map((value) => (Number.isNaN(value) ? median : value)) };
  }
  if (!column.codes.includes(-1)) return column;
  const counts = new Int32Array(column.labels.length);
  for (const row of train) if (column.codes[row] !== -1) counts[column.codes[row]!]! += 1;
  const commonest = counts.indexOf(Math.max(...counts));
  if (!counts.some((count) => count > 0)) return undefined;
  return { ...column, codes: column.codes.map((code) => (code === -1 ? commonest : code)) };
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
