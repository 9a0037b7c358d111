/**
 * Which configs the results can tell from the best, given that the best was found by the same results.
 *
 * Tukey's comparison of every pair at once: where all are equal, any of them is ahead of any other by more than a
 * margin in at most 5 % of all sweeps, however many there are. Whoever looks for the best first, and then compares with
 * it, has looked at some of these pairs. Replicates share their seeds, so they are blocks of a two-way layout; what
 * neither configs nor replicates explain is noise.
 * Source: Tukey, "The Problem of Multiple Comparisons", 1953; why not Hsu's: docs/decisions/0017.
 *
 * The noise is pooled over the leading tenth of the configs: bad ones are often far noisier, or not noisy at all. To
 * choose them by their means does not bias it, as means and residuals of normal numbers are independent. Where the
 * differences of a pair scatter more than that, the pair's own noise counts: one config that is noisier than its
 * neighbours would otherwise lead, or trail, by luck in far more than 5 %.
 * Pure.
 */

import type { Goal } from '../metrics.ts';
import type { BalancedResults } from './balanced.ts';
import { pairedDifference, type PairedDifference } from './paired.ts';
import { CONFIDENCE, varianceOfMean } from './student.ts';
import { StudentizedRange } from './studentized-range.ts';
import { residualSquares, rowMeans, rowOf } from './two-way.ts';
import { equalDifferencesP, isOnlyRounding } from './zero-variance.ts';

export interface BestSet {
  /** Row of the best. */
  readonly best: number;
  /** By row: its results minus those of the best. */
  readonly pairs: readonly PairedDifference[];
  /**
   * By row: half the width of the simultaneous interval of the difference from the best; null where no noise is seen.
   */
  readonly margins: readonly (number | null)[];
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
  /**
   * The config that counts as the best where it is among these; else the one with the best mean, the first of several.
   */
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
  const noise = Math.sqrt(residualSquares(results, means, pooled) / degreesOfFreedom);
  const ofMean = Math.sqrt(varianceOfMean(replicates, folds));
  const range = new StudentizedRange(configs.length, degreesOfFreedom);
  const critical = range.upperPoint(1 - CONFIDENCE);
  const size = Math.abs(means[best]!);
  const pairs = Array.from(means, (_, row) => pairedDifference(rowOf(results, row), rowOf(results, best)));
  const judged = pairs.map(({ difference, std }) => {
    // A difference of two independent results has twice the variance of one of them.
    const largest = Math.max(noise, std! / Math.SQRT2);
    if (isOnlyRounding(largest, size)) {
      return { margin: null, p: isOnlyRounding(Math.abs(difference), size) ? 1 : equalDifferencesP(replicates) };
    }
    const standardError = largest * ofMean;
    return { margin: critical * standardError, p: range.upperTail(Math.abs(difference) / standardError) };
  });
  return {
    best,
    pairs,
    margins: judged.map(({ margin }) => margin),
    pValues: Float64Array.from(judged, ({ p }) => p),
  };
}
