/** Intervals and tests from Student's t distribution and its square's, F. Pure. */

import betainc from '@stdlib/math-base-special-betainc';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** Of all intervals and claims that are shown. */
export const CONFIDENCE = 0.95;

/** The value that Student's t with these degrees of freedom exceeds with the given probability. */
export function upperPoint(probability: number, degreesOfFreedom: number): number {
  // By symmetry from the lower tail: 1 - p would lose the digits of a small p.
  return -quantile(probability, degreesOfFreedom);
}

/** The probability that Student's t is at least this far from 0, to either side; small ones keep their digits. */
export function twoSidedP(t: number, degreesOfFreedom: number): number {
  return betainc(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 1 / 2, true, false);
}

/** The probability that an F ratio is at least this large where only luck is at work. */
export function upperTailF(f: number, degreesOfFreedom: number, errorDegrees: number): number {
  return betainc(
    errorDegrees / (errorDegrees + degreesOfFreedom * f),
    errorDegrees / 2,
    degreesOfFreedom / 2,
    true,
    false,
  );
}

/** Half the width of the two-sided interval for a mean whose standard error has these degrees of freedom. */
export function halfWidth(standardError: number, degreesOfFreedom: number): number {
  return upperPoint((1 - CONFIDENCE) / 2, degreesOfFreedom) * standardError;
}

/**
 * Of the mean of `n` numbers with sample standard deviation `std`; null for fewer than two.
 * @param folds of a cross-validation that the numbers come from: they share training rows, so their variance is
 * corrected
 */
export function meanInterval(
  mean: number,
  std: number | null,
  n: number,
  folds: number | null = null,
): readonly [number, number] | null {
  if (std === null || n < 2) return null;
  const half = halfWidth(std * Math.sqrt(varianceOfMean(n, folds)), n - 1);
  return [mean - half, mean + half];
}

/**
 * The variance of a mean of `n` numbers in units of the variance of one of them. Numbers from the folds of a
 * cross-validation are not independent: the share of held-out rows comes on top.
 * Source: Nadeau and Bengio, "Inference for the Generalization Error", Machine Learning 52, 2003.
 */
export function varianceOfMean(n: number, folds: number | null): number {
  return 1 / n + (folds === null ? 0 : 1 / (folds - 1));
}

/** Whether a claim with this p-value is made. */
export function isClaimed(pValue: number): boolean {
  return pValue < 1 - CONFIDENCE;
}
