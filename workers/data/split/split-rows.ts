/** Decides which rows belong to which part. Pure. */

import { SweepError } from '../../../src/errors.ts';
import { RandomState } from '../../random/mt19937.ts';
import type { DataSpec } from '../dataset.ts';
import { splitFolds } from './folds.ts';
import { splitParts } from './parts.ts';
import type { PartRows, Rows } from './rows.ts';

/**
 * Rows of each part, disjoint. With `shuffle`, parts are cut from one permutation, test first, and keep its order:
 * with two parts the rows of scikit-learn's `train_test_split`. Without, they are cut from the rows as they stand:
 * train, validation, test. `stratify` does so within each class; `group` with whole groups instead of rows. The
 * held-out fold is `validation`, the other folds are `train`, both in the order of rows, as scikit-learn's `KFold`.
 * @throws SweepError 'data' when the amounts or folds do not fit the rows
 */
export function splitRows(split: DataSpec['split'], rows: Rows): PartRows {
  if (split.stratify && rows.classes === null) {
    throw new SweepError('data', {
      path: 'data.split.stratify',
      message: 'needs classes to keep in proportion, found a numeric target',
      hint: 'set it to false',
    });
  }
  const random = split.shuffle ? new RandomState(split.seed) : null;
  // From here on classes are there only to be kept in proportion.
  const shared = split.stratify ? rows : { ...rows, classes: null };
  return split.kind === 'folds' ? splitFolds(split, shared, random) : splitParts(split, shared, random);
}
