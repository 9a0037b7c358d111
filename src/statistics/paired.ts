/** Two configs in the replicates that both have: these share seeds, so that their differences are what counts. Pure. */

import { summarize } from './objectives.ts';
import { twoSidedP, varianceOfMean } from './student.ts';
import { equalDifferencesP, isOnlyRounding } from './zero-variance.ts';

export interface PairedDifference {
  /** Replicates in which both have a result. */
  readonly n: number;
  /** Mean of the differences; NaN for none. */
  readonly difference: number;
  /** Of the differences; null for n < 2; 0 where they differ by rounding only. */
  readonly std: number | null;
  /** Cohen's d for paired samples: `difference / std`; null where `std` is null or 0. */
  readonly effect_size: number | null;
}

/** @param first by replicate, NaN where there is no result @param second as long */
export function pairedDifference(first: Float64Array, second: Float64Array): PairedDifference {
  const { n, mean, std } = summarize(first.map((value, replicate) => value - second[replicate]!));
  if (std === null) return { n, difference: mean, std, effect_size: null };
  const size = first.reduce(
    (largest, value) => (Number.isNaN(value) ? largest : Math.max(largest, Math.abs(value))),
    0,
  );
  if (isOnlyRounding(std, size)) return { n, difference: mean, std: 0, effect_size: null };
  return { n, difference: mean, std, effect_size: mean / std };
}

/** Two-sided p-value of the paired t test: that there is no difference; null for fewer than two replicates. */
export function pairedP({ n, difference, std }: PairedDifference, folds: number | null): number | null {
  if (std === null) return null;
  if (std === 0) return difference === 0 ? 1 : equalDifferencesP(n);
  return twoSidedP(difference / (std * Math.sqrt(varianceOfMean(n, folds))), n - 1);
}
