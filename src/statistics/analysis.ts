/** What the results of a sweep say: all claims together, since each depends on how many are made. Pure. */

import { comparisonsWithBaseline } from './against-baseline.ts';
import { comparisonsWithBest, standingsOf, tiedWithBest } from './against-best.ts';
import type { Analysis, AnalysisInput } from './analysis-rows.ts';
import { configRows } from './config-rows.ts';
import { mainEffects } from './main-effects.ts';
import { configCount, resultsOf, summarize, type Summary } from './objectives.ts';

export function analyse(input: AnalysisInput): Analysis {
  const { goal, baseline, folds } = input;
  const summaries = Array.from({ length: configCount(input) }, (_, config) => summarize(resultsOf(input, config)));
  const standings = standingsOf(input, goal, folds);
  return {
    trials: summaries.reduce((sum, { n }) => sum + n, 0),
    best: bestConfig(summaries, goal),
    configs: configRows(input, summaries, standings ? tiedWithBest(standings) : new Map()),
    comparisons: [
      ...(baseline === null ? [] : comparisonsWithBaseline(input, baseline, goal, folds)),
      ...(standings ? comparisonsWithBest(standings, goal) : []),
    ],
    mainEffects: mainEffects(input, summaries),
    importance: [],
    warnings: [],
  };
}

/** The lowest ordinal of several; null where there is no result. */
function bestConfig(summaries: readonly Summary[], goal: AnalysisInput['goal']): number | null {
  const sign = goal === 'maximize' ? 1 : -1;
  let best: number | null = null;
  for (const [config, { n, mean }] of summaries.entries()) {
    if (n > 0 && (best === null || sign * mean > sign * summaries[best]!.mean)) best = config;
  }
  return best;
}
