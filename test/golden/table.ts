/** Recorded tables, each row of which is a check of its own. */

import type { Ops } from '../../workers/backend/ops/ops.ts';
import type { Refused } from './case.ts';
import type { Comparer } from './comparer.ts';

export interface TableRow {
  readonly name: string;
  check(comparer: Comparer, ops: Ops): void;
}

export type TableEntry = TableRow | Refused;

/** Random numbers may be this many standard errors away. */
const ERRORS = 5;

/**
 * Compares mean and standard deviation of random numbers with those of their distribution.
 * @param independent how many of the values are
 */
export function compareMoments(
  comparer: Comparer,
  values: ArrayLike<number>,
  expected: { readonly mean: number; readonly std: number },
  independent = values.length,
): void {
  const all = Array.from(values);
  const average = (power: number, around: number): number =>
    all.reduce((sum, value) => sum + (value - around) ** power, 0) / all.length;
  const mean = average(1, 0);
  const variance = average(2, mean);
  // The standard error of a standard deviation is at most sqrt((kurtosis - 1) / 4n) of it; two values have kurtosis 1.
  const kurtosis = variance > 0 ? average(4, mean) / variance ** 2 : 1;
  const rounding = 1e-6;
  const root = Math.sqrt(independent);
  comparer.compare('mean', mean, expected.mean, (ERRORS * expected.std) / root + rounding);
  const spread = Math.sqrt((kurtosis - 1) / 4) / root + 1 / independent;
  comparer.compare('standard deviation', Math.sqrt(variance), expected.std, ERRORS * expected.std * spread + rounding);
}

/** Compares the share of values that are so with its probability. */
export function compareShare(
  comparer: Comparer,
  what: string,
  share: number,
  probability: number,
  draws: number,
): void {
  const error = Math.sqrt((probability * (1 - probability)) / draws);
  comparer.compare(what, share, probability, ERRORS * error);
}
