/**
 * Which configs may be the best one, given that the best was found by the same data.
 *
 * Hsu's multiple comparisons with the best: a config is ruled out where the leader's mean is ahead of its own by more
 * than `margin`. The truly best config is ruled out with a probability of at most 5 %, however many configs there are,
 * since the margin belongs to the difference of the truly best to every other config at once. As the critical value
 * serves Bonferroni's, an upper bound of Dunnett's. Replicates share their seeds, so they are blocks of a two-way layout.
 * Source: Hsu, "Simultaneous Confidence Intervals for all Distances from the 'Best'", Annals of Statistics 9, 1981.
 *
 * The residual variance is pooled over the leading tenth of the configs: bad ones are often far noisier, or not noisy
 * at all. To choose them by their means does not bias it, as means and residuals of normal numbers are independent.
 * Pure.
 */

import type { Goal } from '../metrics.ts';
import { CONFIDENCE, upperPoint, varianceOfMean } from './student.ts';

/** Results of some configs in the same replicates: row by row, a row for each config; all are finite. */
export interface BalancedResults {
  readonly configs: number;
  readonly replicates: number;
  readonly values: Float64Array;
}

export interface BestSet {
  /** Row with the best mean, the first of several. */
  readonly best: number;
  readonly means: Float64Array;
  /** Of the difference of two means. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** A mean that is worse than the best by more cannot be the best. */
  readonly margin: number;
  /** By row: whether it may be the best. */
  readonly contends: readonly boolean[];
}

/** Configs whose noise is pooled, at least. */
const LEAST_POOLED = 10;
const POOLED_SHARE = 0.1;

/** Undefined where nothing can be said: for fewer than two configs or replicates. */
export function bestSet(results: BalancedResults, goal: Goal, folds: number | null = null): BestSet | undefined {
  const { configs, replicates } = results;
  if (configs < 2 || replicates < 2) return undefined;
  const means = rowMeans(results);
  const worse = goal === 'maximize' ? -1 : 1;
  const ranked = [...means.keys()].sort((a, b) => worse * (means[a]! - means[b]!) || a - b);
  const best = ranked[0]!;
  const pooled = ranked.slice(0, Math.max(LEAST_POOLED, Math.ceil(POOLED_SHARE * configs)));
  const degreesOfFreedom = (pooled.length - 1) * (replicates - 1);
  const variance = residualSquares(results, means, pooled) / degreesOfFreedom;
  const standardError = Math.sqrt(2 * variance * varianceOfMean(replicates, folds));
  const margin = upperPoint((1 - CONFIDENCE) / (configs - 1), degreesOfFreedom) * standardError;
  const contends = Array.from(means, (mean) => worse * (mean - means[best]!) <= margin);
  return { best, means, standardError, degreesOfFreedom, margin, contends };
}

/**
 * The two-sided interval of how much better than row `other` the best is, which holds for all differences to `other` at
 * once, and so for that of the best, whichever it is.
 */
export function leadOver(other: number, set: BestSet): { readonly lead: number; readonly half: number } {
  const { best, means, standardError, degreesOfFreedom } = set;
  const critical = upperPoint((1 - CONFIDENCE) / 2 / (means.length - 1), degreesOfFreedom);
  return { lead: Math.abs(means[best]! - means[other]!), half: critical * standardError };
}

function rowMeans({ configs, replicates, values }: BalancedResults): Float64Array {
  return Float64Array.from({ length: configs }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < replicates; column += 1) sum += values[row * replicates + column]!;
    return sum / replicates;
  });
}

/** The sum of squares that neither configs nor replicates explain, over some rows. */
function residualSquares(
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
