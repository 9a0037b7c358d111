/** A definition without mistakes to everything that a run needs. Pure. */

import { objectiveOf, sweepWarnings } from './check-sweep.ts';
import type { ReadDefinition } from './read.ts';
import { resolveModel } from './resolve-model.ts';
import { resolveTrain } from './resolve-train.ts';
import { resolveData, resolveSplit, type FoundFile } from './resolve.ts';
import type { ResolvedSweep } from './resolved.ts';

/** `files` maps the names of files in the definition to what was found there. */
export function resolveSweep(
  { rest, expansion, sections }: ReadDefinition,
  files: ReadonlyMap<string, FoundFile>,
): ResolvedSweep {
  const [first] = sections;
  if (!first) throw new Error('a definition without mistakes must have a config');
  const objective = objectiveOf(rest, first);
  const replicates =
    typeof rest.replicates === 'number' ? { count: rest.replicates, vary: ['training' as const] } : rest.replicates;
  return {
    name: rest.name,
    seed: rest.seed,
    parameters: Object.keys(rest.search ?? {}),
    configs: sections.map(({ data, model, train }, ordinal) => ({
      ordinal,
      params: Object.fromEntries(expansion.configs[ordinal]?.point ?? []),
      data: resolveData(data, train.loss.name, files),
      model: resolveModel(model, files),
      train: resolveTrain(train, resolveSplit(data.split), objective.metric),
    })),
    included: expansion.included,
    baseline: expansion.baseline,
    replicates,
    metrics: rest.metrics,
    objective,
    record: rest.record,
    warnings: sweepWarnings(rest, sections),
  };
}
