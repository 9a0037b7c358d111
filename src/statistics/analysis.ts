/** What the results of a sweep say: all claims together, since each depends on how many are made. Pure. */

import type { Analysis, AnalysisInput } from './analysis-rows.ts';
import { compareConfigs } from './comparisons.ts';
import { configRows } from './config-rows.ts';
import { importance } from './importance.ts';
import { mainEffects } from './main-effects.ts';
import { summarizeConfigs } from './objectives.ts';
import { designWarnings } from './warnings.ts';

export function analyse(input: AnalysisInput): Analysis {
  const summaries = summarizeConfigs(input);
  const compared = compareConfigs(input, summaries, input);
  const configs = configRows(input, summaries, compared.tied);
  return {
    trials: summaries.reduce((sum, { n }) => sum + n, 0),
    best: compared.best,
    configs,
    comparisons: compared.rows,
    mainEffects: mainEffects(input, summaries),
    importance: importance(input, summaries),
    warnings: designWarnings(input, configs, compared),
  };
}
