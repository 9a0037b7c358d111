/** Which parameters matter: exactly where the configs form a grid, else as a forest of trees sees it. Pure. */

import { anova } from './anova.ts';
import type { AnalysisInput, ImportanceRow } from './analysis-rows.ts';
import type { BalancedResults } from './balanced.ts';
import { fanova } from './fanova.ts';
import { gridOf } from './grid.ts';
import { resultsOf, type Summary } from './objectives.ts';

/** @param summaries by ordinal */
export function importance(input: AnalysisInput, summaries: readonly Summary[]): ImportanceRow[] {
  const known = [...summaries.keys()].filter((config) => summaries[config]!.n > 0);
  // A baseline beside the grid, such as one without any regularisation, must not spoil it.
  for (const configs of [known, known.filter((config) => config !== input.baseline)]) {
    const grid = gridOf(configs.map(paramsOf), input.parameters);
    const results = grid && completeBlocks(input, configs);
    if (grid && results) return anova(grid, results, input.folds);
  }
  const means = Float64Array.from(known, (config) => summaries[config]!.mean);
  return fanova({ ...input, params: known.map(paramsOf), means });

  function paramsOf(config: number): AnalysisInput['params'][number] {
    return input.params[config] ?? {};
  }
}

/** The replicates in which all of some configs have a result; undefined where there is none. */
function completeBlocks(input: AnalysisInput, configs: readonly number[]): BalancedResults | undefined {
  const complete = Array.from({ length: input.replicates }, (_, replicate) => replicate).filter((replicate) =>
    configs.every((config) => !Number.isNaN(resultsOf(input, config)[replicate]!)),
  );
  if (complete.length === 0) return undefined;
  const values = configs.flatMap((config) => complete.map((replicate) => resultsOf(input, config)[replicate]!));
  return {
    configs: Int32Array.from(configs),
    replicates: complete.length,
    values: Float64Array.from(values),
  };
}
