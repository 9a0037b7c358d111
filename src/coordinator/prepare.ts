/** From a loaded definition to a sweep in the database: a new one, or the one of that name to go on with. */

import type { Store } from '../../db/store.ts';
import type { TrialRecord } from '../../db/writes.ts';
import { differences } from '../definition/differences.ts';
import type { LoadedDefinition } from '../definition/load.ts';
import { isMap } from '../definition/mistake.ts';
import type { AnySweep } from '../definition/resolved.ts';
import { type Problem, SweepError } from '../errors.ts';
import { recordedVersions } from '../setup-verdict.ts';
import { orderTrials } from './core/order.ts';
import { hasEnded } from './core/trial-states.ts';
import { type SweepPlan, planSweep } from './plan.ts';

export interface PreparedSweep {
  /** Database id. */
  readonly id: number;
  readonly trials: readonly TrialRecord[];
  /** Nothing is left to run. */
  readonly ended: boolean;
}

/** Plans the sweep, so that mistakes which only its data show are found before anything is written. */
export function planDefinition({ sweep, locate }: LoadedDefinition): SweepPlan {
  try {
    return planSweep(sweep);
  } catch (error) {
    if (!(error instanceof SweepError)) throw error;
    const placed = error.problems.map((problem): Problem =>
      problem.position || problem.path === undefined ? problem : { ...problem, position: locate(problem.path) },
    );
    throw new SweepError(error.code, placed);
  }
}

export interface PrepareOptions {
  /** The command that runs this definition under another name. */
  readonly commandFor: (name: string) => string;
}

/** Errors: `SweepError` of code `conflict` when the name is taken by another definition. */
export function prepareSweep(
  store: Store,
  loaded: LoadedDefinition,
  plan: SweepPlan,
  options: PrepareOptions,
): PreparedSweep {
  const { sweep } = loaded;
  const existing = store.findSweep(sweep.name);
  if (existing && existing.hash !== loaded.hash) throw conflict(store, loaded, existing.definition, options);
  const id = existing?.id ?? createSweep(store, loaded, plan);
  const trials = store.trials(id);
  return { id, trials, ended: trials.every(({ state }) => hasEnded(state)) };
}

function createSweep(store: Store, { file, document, sweep, hash }: LoadedDefinition, plan: SweepPlan): number {
  const versions = recordedVersions();
  const order = orderTrials(sweep.configs.length, sweep.replicates.count, sweep.seed, sweep.included);
  return store.createSweep(sweep, { definition: document, hash, file, versions }, order, (config) =>
    plan.lastEpoch(config),
  );
}

function conflict(store: Store, loaded: LoadedDefinition, stored: unknown, options: PrepareOptions): SweepError {
  const { name } = loaded.sweep;
  const { definition, files } = loaded.document;
  const changes = [...differences(partOf(stored, 'definition'), definition), ...changedFiles(stored, files)];
  return new SweepError('conflict', [
    {
      message: `sweep ${name} in ${store.file} must have the same definition to go on, but has another one:`,
    },
    ...(changes.length > 0 ? changes : ['defaults that have changed between versions']).map((change) => ({
      message: `  ${change}`,
    })),
    { message: `To run this one beside it: ${options.commandFor(freeName(store, name))}` },
  ]);
}

/** Files of the same name whose content is not what it was. */
function changedFiles(stored: unknown, files: Readonly<Record<string, string>>): string[] {
  const before = partOf(stored, 'files');
  return Object.entries(files).flatMap(([name, sha256]) => {
    const known = isMap(before) ? before[name] : undefined;
    if (typeof known !== 'string' || known === sha256) return [];
    return [`${name} has changed: its SHA-256 was ${known.slice(0, 12)}..., and is ${sha256.slice(0, 12)}...`];
  });
}

function partOf(document: unknown, key: 'definition' | 'files'): unknown {
  return isMap(document) ? document[key] : undefined;
}

function freeName(store: Store, name: string): string {
  for (let number = 2; ; number += 1) {
    if (!store.findSweep(`${name}-${number}`)) return `${name}-${number}`;
  }
}

/** Where the files of a sweep lie, its data and its modules, by their SHA-256. */
export function sweepFiles(sweep: AnySweep): Record<string, string> {
  const modules = sweep.configs.flatMap((config) => {
    const found = 'trial' in config ? config.trial : config.model;
    return 'module' in found ? [[found.sha256, found.module] as const] : [];
  });
  const data = sweep.configs.flatMap((config) => {
    if ('trial' in config || !('file' in config.data.source)) return [];
    const { source } = config.data;
    return [[source.sha256, source.file] as const];
  });
  return Object.fromEntries([...modules, ...data]);
}
