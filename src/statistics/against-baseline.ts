/** Comparisons of all configs with the baseline, as rows. Pure. */

import type { Goal } from '../metrics.ts';
import type { ComparisonRow } from './analysis-rows.ts';
import { conclude } from './conclusion.ts';
import { holm } from './holm.ts';
import { configCount, resultsOf, type Objectives } from './objectives.ts';
import { pairedDifference, pairedP, type PairedDifference } from './paired.ts';
import { CONFIDENCE, upperPoint, varianceOfMean } from './student.ts';

/**
 * A paired t test for each config that shares a replicate with the baseline; claims are by Holm's correction, which
 * holds for all configs at once. The intervals hold for all at once by Bonferroni's: a little wider than Holm's claims
 * would need, for which there are no such intervals, so one of them may reach 0 though the claim stands.
 */
export function comparisonsWithBaseline(
  objectives: Objectives,
  baseline: number,
  goal: Goal,
  folds: number | null,
): ComparisonRow[] {
  const reference = resultsOf(objectives, baseline);
  const pairs: { readonly config: number; readonly pair: PairedDifference }[] = [];
  for (let config = 0; config < configCount(objectives); config += 1) {
    if (config === baseline) continue;
    const pair = pairedDifference(resultsOf(objectives, config), reference);
    if (pair.n > 0) pairs.push({ config, pair });
  }
  const pValues = Float64Array.from(pairs, ({ pair }) => pairedP(pair, folds) ?? NaN);
  const tests = pValues.reduce((count, p) => count + (Number.isNaN(p) ? 0 : 1), 0);
  const critical = criticalValues((1 - CONFIDENCE) / 2 / tests);
  const adjusted = holm(pValues);
  return pairs.map(({ config, pair }, index) => ({
    config,
    reference: 'baseline',
    other: baseline,
    ...pair,
    interval: simultaneousInterval(pair, folds, critical),
    p_value: known(pValues[index]!),
    p_adjusted: known(adjusted[index]!),
    conclusion: Number.isNaN(adjusted[index]!) ? null : conclude(pair.difference, adjusted[index]!, goal),
  }));
}

function simultaneousInterval(
  { n, difference, std }: PairedDifference,
  folds: number | null,
  critical: (degreesOfFreedom: number) => number,
): ComparisonRow['interval'] {
  if (!std) return null;
  const half = critical(n - 1) * std * Math.sqrt(varianceOfMean(n, folds));
  return [difference - half, difference + half];
}

/** Of Student's t by degrees of freedom: a sweep has few different ones. */
function criticalValues(probability: number): (degreesOfFreedom: number) => number {
  const values = new Map<number, number>();
  return (degreesOfFreedom) => {
    const value = values.get(degreesOfFreedom) ?? upperPoint(probability, degreesOfFreedom);
    values.set(degreesOfFreedom, value);
    return value;
  };
}

function known(pValue: number): number | null {
  return Number.isNaN(pValue) ? null : pValue;
}
