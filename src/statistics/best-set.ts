/**
 * Which configs the results can tell from the best, given that the best was found by the same results.
 *
 * Tukey's comparison of every pair at once: where all are equal, the leader is ahead of any other one by more than `margin`
 * in at most 5 % of all sweeps, however many configs there are; and so is any config of any other in any sweep where
 * some are equal. Whoever looks for the best afterwards, and compares with that, has looked at some of these pairs.
 * Replicates share their seeds, so they are blocks of a two-way layout; what neither explains is noise.
 * Source: Tukey, "The Problem of Multiple Comparisons", 1953; why not Hsu's: docs/decisions/0017.
 *
 * The residual variance is pooled over the leading tenth of the configs: bad ones are often far noisier, or not noisy
 * at all. To choose them by their means does not bias it, as means and residuals of normal numbers are independent.
 * Pure.
 */

import type { Goal } from '../metrics.ts';
import type { BalancedResults } from './balanced.ts';
import { residualSquares, rowMeans } from './two-way.ts';
import { CONFIDENCE, varianceOfMean } from './student.ts';
import { StudentizedRange } from './studentized-range.ts';
import { equalDifferencesP, isOnlyRounding } from './zero-variance.ts';

export interface BestSet {
  /** Row of the best. */
  readonly best: number;
  readonly means: Float64Array;
  /** Of one mean; 0 where no noise is seen. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Half the width of the simultaneous interval of each difference of two means; null where no noise is seen. */
  readonly margin: number | null;
  /** By row: p-value of the difference from the best, for all pairs at once; 1 for the best itself. */
  readonly pValues: Float64Array;
}

/** Configs whose noise is pooled, at least. */
const LEAST_POOLED = 10;
const POOLED_SHARE = 0.1;

export interface BestSetOptions {
  readonly goal: Goal;
  /** Of the cross-validation that replicates are; null where they are not. */
  readonly folds: number | null;
  /** The config that counts as the best where it is among these; else the one with the best mean, the first of several. */
  readonly favourite?: number | null;
}

/** Undefined where nothing can be said: for fewer than two configs or replicates. */
export function bestSet(results: BalancedResults, options: BestSetOptions): BestSet | undefined {
  const { goal, folds, favourite = null } = options;
  const { configs, replicates } = results;
  if (configs.length < 2 || replicates < 2) return undefined;
  const means = rowMeans(results);
  const worse = goal === 'maximize' ? -1 : 1;
  const ranked = [...means.keys()].sort((a, b) => worse * (means[a]! - means[b]!) || a - b);
  const known = favourite === null ? -1 : configs.indexOf(favourite);
  const best = known < 0 ? ranked[0]! : known;
  const pooled = ranked.slice(0, Math.max(LEAST_POOLED, Math.ceil(POOLED_SHARE * configs.length)));
  const degreesOfFreedom = (pooled.length - 1) * (replicates - 1);
  const residual = Math.sqrt(residualSquares(results, means, pooled) / degreesOfFreedom);
  const size = Math.abs(means[best]!);
  const behind = means.map((mean) => Math.abs(mean - means[best]!));
  if (isOnlyRounding(residual, size)) {
    const pValues = behind.map((lead) => (isOnlyRounding(lead, size) ? 1 : equalDifferencesP(replicates)));
    return { best, means, standardError: 0, degreesOfFreedom, margin: null, pValues };
  }
  const standardError = residual * Math.sqrt(varianceOfMean(replicates, folds));
  const range = new StudentizedRange(means.length, degreesOfFreedom);
  const margin = range.upperPoint(1 - CONFIDENCE) * standardError;
  const pValues = behind.map((lead) => range.upperTail(lead / standardError));
  return { best, means, standardError, degreesOfFreedom, margin, pValues };
}
