/** A definition without mistakes to everything that a run needs. Pure. */

import { ownObjective } from './check-own-trial.ts';
import { countWarnings, objectiveOf, sweepWarnings } from './check-sweep.ts';
import type { ReadDefinition } from './read.ts';
import { resolveModel, resolveModule } from './resolve-model.ts';
import { resolveTrain } from './resolve-train.ts';
import { resolveData, resolveSplit, type FoundFile } from './resolve.ts';
import type { AnySweep, ResolvedLimits } from './resolved.ts';
import type { Rest } from './schema/definition.ts';

/** `files` maps the names of files in the definition to what was found there. */
export function resolveSweep(read: ReadDefinition, files: ReadonlyMap<string, FoundFile>): AnySweep {
  const { rest, expansion } = read;
  const identity = (ordinal: number) => ({
    ordinal,
    params: Object.fromEntries(expansion.configs[ordinal]?.point ?? []),
  });
  const replicates =
    typeof rest.replicates === 'number' ? { count: rest.replicates, vary: ['training' as const] } : rest.replicates;
  const common = {
    name: rest.name,
    seed: rest.seed,
    parameters: Object.keys(rest.search ?? {}),
    included: expansion.included,
    baseline: expansion.baseline,
    replicates,
    metrics: rest.metrics,
    record: rest.record,
    limits: limitsOf(rest),
  };
  if ('trials' in read) {
    const objective = ownObjective(rest);
    if (!objective) throw new Error('a definition without mistakes must have an objective');
    const configs = read.trials.map((trial, ordinal) => ({ ...identity(ordinal), trial: resolveModule(trial, files) }));
    return { ...common, configs, objective, warnings: countWarnings(rest, configs.length) };
  }
  const { sections } = read;
  const [first] = sections;
  if (!first) throw new Error('a definition without mistakes must have a config');
  const objective = objectiveOf(rest, first);
  return {
    ...common,
    configs: sections.map(({ data, model, train }, ordinal) => ({
      ...identity(ordinal),
      data: resolveData(data, train.loss.name, files),
      model: resolveModel(model, files),
      train: resolveTrain(train, resolveSplit(data.split), objective.metric),
    })),
    objective,
    warnings: sweepWarnings(rest, sections),
  };
}

function limitsOf({ limits }: Rest): ResolvedLimits {
  const { timeout = null, stall_timeout = null, epochs = null } = limits;
  return { seconds: timeout, stall_seconds: stall_timeout, epochs };
}
