/** What the results of a sweep say: all claims together, since each depends on how many are made. Pure. */

import type { Analysis, AnalysisInput } from './analysis-rows.ts';
import { compareConfigs } from './comparisons.ts';
import { configRows } from './config-rows.ts';
import { mainEffects } from './main-effects.ts';
import { summarizeConfigs } from './objectives.ts';

export function analyse(input: AnalysisInput): Analysis {
  const summaries = summarizeConfigs(input);
  const { best, rows, tied } = compareConfigs(input, summaries, input);
  return {
    trials: summaries.reduce((sum, { n }) => sum + n, 0),
    best,
    configs: configRows(input, summaries, tied),
    comparisons: rows,
    mainEffects: mainEffects(input, summaries),
    importance: [],
    warnings: [],
  };
}
