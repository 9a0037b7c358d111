/** Results as a table of configs and replicates: what both explain, and what neither does. Pure. */

import type { BalancedResults } from './balanced.ts';

/** The replicates of a config. */
export function rowOf({ replicates, values }: BalancedResults, row: number): Float64Array {
  return values.subarray(row * replicates, (row + 1) * replicates);
}

/** Of each config, over its replicates. */
export function rowMeans({ configs, replicates, values }: BalancedResults): Float64Array {
  return Float64Array.from({ length: configs.length }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < replicates; column += 1) sum += values[row * replicates + column]!;
    return sum / replicates;
  });
}

/** The sum of squares that neither configs nor replicates explain, over some rows. */
export function residualSquares(
  { replicates, values }: BalancedResults,
  means: Float64Array,
  rows: readonly number[],
): number {
  const blocks = new Float64Array(replicates);
  for (const row of rows) {
    for (let column = 0; column < replicates; column += 1) {
      blocks[column]! += (values[row * replicates + column]! - means[row]!) / rows.length;
    }
  }
  let squares = 0;
  for (const row of rows) {
    for (let column = 0; column < replicates; column += 1) {
      squares += (values[row * replicates + column]! - means[row]! - blocks[column]!) ** 2;
    }
  }
  return squares;
}
