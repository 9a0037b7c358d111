/** A definition without mistakes to everything that a run needs. Pure. */

import { objectiveOf, sweepWarnings } from './check-sweep.ts';
import type { ReadDefinition } from './read.ts';
import { resolveData, resolveModel, resolveTrain, type FoundFile } from './resolve.ts';
import type { ResolvedSweep } from './resolved.ts';

/** `files` maps what `data.file` says to what was found there. */
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
      model: resolveModel(model),
      train: resolveTrain(train, objective.metric),
    })),
    included: expansion.included,
    baseline: expansion.baseline,
    replicates,
    metrics: rest.metrics,
    objective,
    record: { epochs: rest.record.epochs },
    warnings: sweepWarnings(rest, sections),
  };
}
