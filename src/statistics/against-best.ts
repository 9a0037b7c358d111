/** Comparisons of configs with the best, as rows. Pure. */

import type { Goal } from '../metrics.ts';
import type { ComparisonRow } from './analysis-rows.ts';
import type { BalancedResults } from './balanced.ts';
import type { BestSet } from './best-set.ts';
import { conclude } from './conclusion.ts';
import { pairedDifference } from './paired.ts';

/** Of all configs of the balanced part but the best one. */
export function comparisonsWithBest(part: BalancedResults, set: BestSet, goal: Goal): ComparisonRow[] {
  const resultsOf = (row: number): Float64Array =>
    part.values.subarray(row * part.replicates, (row + 1) * part.replicates);
  const { best, margin, pValues } = set;
  return Array.from(part.configs).flatMap((config, row): ComparisonRow[] => {
    if (row === best) return [];
    const pair = pairedDifference(resultsOf(row), resultsOf(best));
    const { difference } = pair;
    return [
      {
        config,
        reference: 'best',
        other: part.configs[best]!,
        ...pair,
        interval: margin === null ? null : [difference - margin, difference + margin],
        p_value: null,
        p_adjusted: pValues[row]!,
        conclusion: conclude(difference, pValues[row]!, goal),
      },
    ];
  });
}
