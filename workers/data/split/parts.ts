/** Splits rows into train, validation and test by amounts. Pure. */

import { SweepError } from '../../../src/errors.ts';
import type { Part } from '../../../src/metrics.ts';
import type { RandomState } from '../../random/mt19937.ts';
import type { DataSpec } from '../dataset.ts';
import { counted } from '../../../src/counted.ts';
import { partSizes, type Sizes } from './amounts.ts';
import { partOfGroups } from './groups.ts';
import { bucket, inOrder, rowOrder, type PartRows, type Rows } from './rows.ts';
import { proportionalCounts } from './stratify.ts';

/** Shuffled where there is a generator. @throws SweepError 'data' when the amounts do not fit the rows */
export function splitParts(
  split: Extract<DataSpec['split'], { kind: 'parts' }>,
  rows: Rows,
  random: RandomState | null,
): PartRows {
  const sizes = partSizes(split, rows.count);
  if (rows.groups !== null) return shareGroups(sizes, rows, rows.groups, random);
  if (rows.classes !== null) return shareClasses(sizes, rows.count, rows.classes, random);
  return cut(rowOrder(rows.count, random), sizes, random);
}

/** Cuts parts off one after another: of shuffled rows test first, as scikit-learn does, of plain rows train first. */
function cut(rows: Int32Array, sizes: Sizes, random: RandomState | null): PartRows {
  const sequence: readonly Part[] = random === null ? ['train', 'validation', 'test'] : ['test', 'validation', 'train'];
  const parts = { train: new Int32Array(), validation: new Int32Array(), test: new Int32Array() };
  let start = 0;
  for (const part of sequence) {
    parts[part] = rows.slice(start, start + sizes[part]);
    start += sizes[part];
  }
  return parts;
}

function shareClasses(sizes: Sizes, count: number, classes: Int32Array, random: RandomState | null): PartRows {
  const rowsOf = bucket(rowOrder(count, random), classes);
  const wanted = [sizes.train, sizes.validation, sizes.test, count - sizes.train - sizes.validation - sizes.test];
  const shares = proportionalCounts(
    wanted,
    rowsOf.map((rows) => rows.length),
  );
  const cuts = rowsOf.map((rows, cls) => {
    const [train = 0, validation = 0, test = 0] = shares.map((share) => share[cls]!);
    return cut(Int32Array.from(rows), { train, validation, test }, random);
  });
  return collectParts((part) => cuts.flatMap((parts) => Array.from(parts[part])), random);
}

function shareGroups(sizes: Sizes, rows: Rows, groups: Int32Array, random: RandomState | null): PartRows {
  const parts = (['train', 'validation', 'test'] as const).filter((part) => sizes[part] > 0);
  const rowsOf = bucket(rowOrder(rows.count, null), groups);
  if (rowsOf.length < parts.length) {
    const message = `each of the ${parts.length} parts needs a group of its own, found ${counted(rowsOf.length, 'group')}`;
    throw new SweepError('data', { path: 'data.split.group', message });
  }
  const wanted = parts.map((part) => sizes[part]);
  const spare = rows.count - wanted.reduce((sum, size) => sum + size, 0);
  const partOf = partOfGroups(rowsOf, rows.classes, wanted, spare, random);
  return collectParts((part) => {
    const index = parts.findIndex((candidate) => candidate === part);
    return rowsOf.flatMap((of, group) => (index !== -1 && partOf[group] === index ? of : []));
  }, random);
}

/** Every part's rows in training order. */
function collectParts(rowsOf: (part: Part) => readonly number[], random: RandomState | null): PartRows {
  const part = (name: Part): Int32Array => inOrder(Int32Array.from(rowsOf(name)), random);
  return { train: part('train'), validation: part('validation'), test: part('test') };
}
