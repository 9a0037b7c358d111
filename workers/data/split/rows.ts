/** Rows to be split, and what every way of splitting does with them. Pure. */

import type { Part } from '../../../src/metrics.ts';
import type { RandomState } from '../../random/mt19937.ts';

export interface Rows {
  readonly count: number;
  /** [count]: class of each row from 0; null where classes are not to be kept in proportion. */
  readonly classes: Int32Array | null;
  /** [count]: group of each row from 0; null without groups. */
  readonly groups: Int32Array | null;
}

export type PartRows = Readonly<Record<Part, Int32Array>>;

/** 0..count-1, shuffled where there is a generator. */
export function rowOrder(count: number, random: RandomState | null): Int32Array {
  return random === null ? Int32Array.from({ length: count }, (_, row) => row) : random.permutation(count);
}

/** Rows in training order: shuffled where there is a generator, else as they stand. */
export function inOrder(rows: Int32Array, random: RandomState | null): Int32Array {
  if (random === null) return rows.sort();
  random.shuffle(rows);
  return rows;
}

/** Rows by the number of their class or group, each list in the order of `rows`. */
export function bucket(rows: Int32Array, numberOf: Int32Array): number[][] {
  const buckets: number[][] = Array.from({ length: bucketCount(numberOf) }, () => []);
  for (const row of rows) buckets[numberOf[row]!]!.push(row);
  return buckets;
}

export function bucketCount(numberOf: Int32Array): number {
  return numberOf.reduce((highest, number) => Math.max(highest, number), -1) + 1;
}
