/** Comparisons of all configs with the best, as rows. Pure. */

import type { Goal } from '../metrics.ts';
import type { ComparisonRow } from './analysis-rows.ts';
import { balancedPart, type BalancedResults } from './balanced.ts';
import { bestSet, type BestSet } from './best-set.ts';
import type { Objectives } from './objectives.ts';
import { conclude } from './conclusion.ts';
import { isClaimed } from './student.ts';
import { pairedDifference } from './paired.ts';

/** What is compared with the best, and how. */
export interface Standings {
  readonly part: BalancedResults;
  readonly set: BestSet;
}

/** Undefined where too little is known: fewer than two configs with two replicates each. */
export function standingsOf(objectives: Objectives, goal: Goal, folds: number | null): Standings | undefined {
  const part = balancedPart(objectives);
  const set = bestSet(part, goal, folds);
  return set && { part, set };
}

/** Whether the results cannot tell each compared config from the best, by ordinal. */
export function tiedWithBest({ part, set }: Standings): ReadonlyMap<number, boolean> {
  return new Map(Array.from(part.configs, (config, row) => [config, !isClaimed(set.pValues[row]!)]));
}

/** All compared configs but the best one. */
export function comparisonsWithBest({ part, set }: Standings, goal: Goal): ComparisonRow[] {
  const { configs, replicates, values } = part;
  const rowOf = (row: number): Float64Array => values.subarray(row * replicates, (row + 1) * replicates);
  const best = rowOf(set.best);
  const rows: ComparisonRow[] = [];
  for (const [row, config] of configs.entries()) {
    if (row === set.best) continue;
    const pair = pairedDifference(rowOf(row), best);
    const { difference } = pair;
    rows.push({
      config,
      reference: 'best',
      other: configs[set.best]!,
      ...pair,
      interval: set.margin === null ? null : [difference - set.margin, difference + set.margin],
      p_value: null,
      p_adjusted: set.pValues[row]!,
      conclusion: conclude(difference, set.pValues[row]!, goal),
    });
  }
  return rows;
}
