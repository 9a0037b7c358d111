/** What each level of a searched parameter comes to, over all configs that have it. Pure. */

import type { AnalysisInput, MainEffectRow } from './analysis-rows.ts';
import { levelsOf } from './levels.ts';
import { resultsOf, summarize, type Objectives, type Summary } from './objectives.ts';
import { meanInterval } from './student.ts';

/**
 * A replicate counts where at least this share of a level's configs have a result in it: one that has just begun says
 * little.
 */
const LEAST_SHARE = 0.5;

/**
 * The mean of a level is that over its configs' means, and so each config counts alike. Its interval is about
 * replicates: in each, the level's configs have a mean, and these means are what Student's t is of. So it says what
 * other seeds would give for the same configs, not what other configs with this level would. A result counts as its
 * config's mean plus what sets this replicate apart, which is the same where none is missing.
 * @param summaries by ordinal
 */
export function mainEffects(input: AnalysisInput, summaries: readonly Summary[]): MainEffectRow[] {
  const overall = meanOver(summaries.filter(({ n }) => n > 0));
  return input.parameters.flatMap((parameter) => {
    const { levels, levelOf } = levelsOf(parameter, input.params, input.written[parameter] ?? [], 'line');
    const members: number[][] = levels.map(() => []);
    for (const [config, level] of levelOf.entries()) if (summaries[config]!.n > 0) members[level]!.push(config);
    return levels.flatMap(({ label, position, value }, level): MainEffectRow[] => {
      const configs = members[level]!;
      if (configs.length === 0) return [];
      const own = configs.map((config) => summaries[config]!);
      const mean = meanOver(own);
      const { n, std } = summarize(blockMeans(input, configs, own));
      return [
        {
          parameter,
          level,
          label,
          value: value === undefined ? position : value,
          configs: configs.length,
          trials: own.reduce((sum, each) => sum + each.n, 0),
          mean,
          interval: meanInterval(mean, std, n, input.folds),
          effect: mean - overall,
        },
      ];
    });
  });
}

function meanOver(summaries: readonly Summary[]): number {
  return summaries.reduce((sum, { mean }) => sum + mean / summaries.length, 0);
}

/** By how much each replicate sets some configs apart from their means; NaN where too few of them have a result. */
function blockMeans(objectives: Objectives, configs: readonly number[], summaries: readonly Summary[]): Float64Array {
  const sums = new Float64Array(objectives.replicates);
  const counts = new Float64Array(objectives.replicates);
  for (const [index, config] of configs.entries()) {
    for (const [replicate, value] of resultsOf(objectives, config).entries()) {
      if (Number.isNaN(value)) continue;
      sums[replicate]! += value - summaries[index]!.mean;
      counts[replicate]! += 1;
    }
  }
  return sums.map((sum, replicate) =>
    counts[replicate]! >= LEAST_SHARE * configs.length ? sum / counts[replicate]! : NaN,
  );
}
