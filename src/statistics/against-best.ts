/** Comparisons of configs with the best, as rows. Pure. */

import type { Goal } from '../metrics.ts';
import type { ComparisonRow } from './analysis-rows.ts';
import type { BalancedResults } from './balanced.ts';
import type { BestSet } from './best-set.ts';
import { conclude } from './conclusion.ts';

/** Of all configs of the balanced part but the best one. */
export function comparisonsWithBest(
  { configs }: BalancedResults,
  { best, pairs, margins, pValues }: BestSet,
  goal: Goal,
): ComparisonRow[] {
  return Array.from(configs).flatMap((config, row): ComparisonRow[] => {
    if (row === best) return [];
    const { difference } = pairs[row]!;
    const [margin, p] = [margins[row]!, pValues[row]!];
    return [
      {
        config,
        reference: 'best',
        other: configs[best]!,
        ...pairs[row]!,
        interval: margin === null ? null : [difference - margin, difference + margin],
        p_value: null,
        p_adjusted: p,
        conclusion: conclude(difference, p, goal),
      },
    ];
  });
}
