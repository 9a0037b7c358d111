/** Splits rows into k folds of which one is held out. Pure. */

import { SweepError } from '../../../src/errors.ts';
import type { RandomState } from '../../random/mt19937.ts';
import type { DataSpec } from '../dataset.ts';
import { counted } from '../../../src/counted.ts';
import { partOfGroups } from './groups.ts';
import { bucket, bucketCount, rowOrder, type PartRows, type Rows } from './rows.ts';

/** @throws SweepError 'data' when there are more folds than rows, or than groups */
export function splitFolds(
  split: Extract<DataSpec['split'], { kind: 'folds' }>,
  rows: Rows,
  random: RandomState | null,
): PartRows {
  const { folds, held_out } = split;
  const [available, noun] = rows.groups === null ? [rows.count, 'row'] : [bucketCount(rows.groups), 'group'];
  if (folds > available) {
    const message = `must be at most the number of ${noun}s, found ${folds} folds of ${counted(available, noun)}`;
    throw new SweepError('data', { path: 'data.split.folds', message });
  }
  const heldOut = rowsOfFold(held_out, folds, rows, random);
  const all = rowOrder(rows.count, null);
  return {
    train: all.filter((row) => !heldOut.has(row)),
    validation: all.filter((row) => heldOut.has(row)),
    test: new Int32Array(),
  };
}

function rowsOfFold(fold: number, folds: number, rows: Rows, random: RandomState | null): ReadonlySet<number> {
  const { count, classes, groups } = rows;
  if (groups !== null) {
    const rowsOf = bucket(rowOrder(count, null), groups);
    const sizes = Array.from({ length: folds }, () => count / folds);
    const foldOf = partOfGroups(rowsOf, classes, sizes, 0, random);
    return new Set(rowsOf.flatMap((of, group) => (foldOf[group] === fold ? of : [])));
  }
  const taken = rowOrder(count, random);
  if (classes !== null) {
    // Dealt out like cards, class after class: the sizes of folds, and of each class in them, differ by at most one.
    const dealt = bucket(taken, classes).flat();
    return new Set(dealt.filter((_, index) => index % folds === fold));
  }
  // As KFold: the first folds have one row more where the rows do not divide.
  const [size, larger] = [Math.floor(count / folds), count % folds];
  const start = fold * size + Math.min(fold, larger);
  return new Set(taken.subarray(start, start + size + (fold < larger ? 1 : 0)));
}
