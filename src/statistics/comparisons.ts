/** All comparisons of a sweep, with the baseline and with the best, and what they come to together. Pure. */

import type { Goal } from '../metrics.ts';
import { comparisonsWithBaseline } from './against-baseline.ts';
import { comparisonsWithBest } from './against-best.ts';
import type { ComparisonRow } from './analysis-rows.ts';
import { balancedPart } from './balanced.ts';
import { bestSet } from './best-set.ts';
import type { Objectives, Summary } from './objectives.ts';

export interface ComparedAs {
  readonly goal: Goal;
  /** Ordinal; null for none. */
  readonly baseline: number | null;
  /** Of the cross-validation that replicates are; null where they are not. */
  readonly folds: number | null;
}

export interface Comparisons {
  /** Best by mean over all results, lowest ordinal of several; null without a result. */
  readonly best: number | null;
  readonly rows: readonly ComparisonRow[];
  /** By ordinal: whether the results cannot tell it from the best; only where that can be said. */
  readonly tied: ReadonlyMap<number, boolean>;
  /** So many replicates are compared with the best; 0 where nothing is. */
  readonly replicates: number;
}

/** @param summaries of the objectives, by ordinal */
export function compareConfigs(objectives: Objectives, summaries: readonly Summary[], as: ComparedAs): Comparisons {
  const { goal, baseline, folds } = as;
  const best = bestConfig(summaries, goal);
  const withBaseline = baseline === null ? [] : comparisonsWithBaseline(objectives, baseline, goal, folds);
  const part = balancedPart(objectives, best);
  const set = bestSet(part, { goal, folds, favourite: best });
  if (!set) return { best, rows: withBaseline, tied: new Map(), replicates: 0 };
  const withBest = comparisonsWithBest(part, set, goal);
  const rows = [...withBaseline, ...withBest];
  const leader = part.configs[set.best]!;
  const tied = new Map([
    [leader, true],
    ...withBest.map(({ config, conclusion }) => [config, conclusion === 'unclear'] as const),
  ]);
  if (baseline !== null && tied.has(baseline) && leadOverBaseline(rows, leader, baseline, goal)?.claim) {
    tied.set(baseline, false);
  }
  return { best, rows, tied, replicates: part.replicates };
}

function bestConfig(summaries: readonly Summary[], goal: Goal): number | null {
  const sign = goal === 'maximize' ? 1 : -1;
  let best: number | null = null;
  for (const [config, { n, mean }] of summaries.entries()) {
    if (n > 0 && (best === null || sign * mean > sign * summaries[best]!.mean)) best = config;
  }
  return best;
}

export interface LeadOverBaseline {
  /** How much better the best is, in the objective's unit. */
  readonly by: number;
  readonly interval: readonly [number, number] | null;
  /** Whether it is better, chance considered; null where that cannot be said. */
  readonly claim: boolean | null;
}

/**
 * Whether the best is better than the baseline. Two comparisons are about this pair: that of all configs with the
 * baseline, and that of all with the best. Each keeps its promise for all its claims, so what either claims is claimed,
 * with the interval of the one that does, or the narrower one where neither does.
 * Undefined where neither is there.
 */
export function leadOverBaseline(
  rows: readonly ComparisonRow[],
  best: number,
  baseline: number,
  goal: Goal,
): LeadOverBaseline | undefined {
  const planned = rows.find(({ reference, config }) => reference === 'baseline' && config === best);
  const found = rows.find(
    ({ reference, config, other }) => reference === 'best' && config === baseline && other === best,
  );
  const row = moreTelling(planned, found);
  if (!row) return undefined;
  // The one is about the best, the other about the baseline.
  const sign = (goal === 'maximize') === (row === planned) ? 1 : -1;
  const ends = row.interval?.map((end) => sign * end).toSorted((a, b) => a - b);
  return {
    by: sign * row.difference,
    interval: ends ? [ends[0]!, ends[1]!] : null,
    claim: row.conclusion === null ? null : row.conclusion === (row === planned ? 'better' : 'worse'),
  };
}

function moreTelling(planned: ComparisonRow | undefined, found: ComparisonRow | undefined): ComparisonRow | undefined {
  if (!planned || !found) return planned ?? found;
  if (planned.conclusion === 'better') return planned;
  return found.conclusion === 'worse' || width(found) < width(planned) ? found : planned;
}

function width({ interval }: ComparisonRow): number {
  return interval ? interval[1] - interval[0] : Infinity;
}
