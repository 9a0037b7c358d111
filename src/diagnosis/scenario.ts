/**
 * The four scenarios of bias and variance. Pure.
 *
 * Source: A. Ng, "Machine Learning Yearning", chapters 20 to 24: bias is the error on the training part above the one that
 * cannot be avoided, variance is what the error on the dev part adds. His examples of train and dev error: 1 and 11 % or 1
 * and 16 %, high variance; 15 and 16 %, high bias; 15 and 30 %, both; .5 and 1 %, neither.
 */

import type { Scenario } from './diagnosis.ts';

/**
 * From where on bias and variance are high, as a share: the geometric middle, rounded, between the largest difference
 * that the examples call low, 1 point, and the smallest that they call high, 15 points.
 */
export const HIGH = 0.04;

/** @param bias and variance as shares: of rows, or of the error of a model that predicts the mean */
export function scenarioOf(bias: number, variance: number): Scenario {
  if (bias > HIGH) return variance > HIGH ? 'both' : 'high_bias';
  return variance > HIGH ? 'high_variance' : 'neither';
}
