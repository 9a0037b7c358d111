/** From a loaded definition to a sweep in the database: a new one, or the one of that name, extended where it is to be. */

import type { FoundSweep, Store } from '../../db/store.ts';
import type { Origin } from '../../db/sweep-rows.ts';
import type { TrialRecord } from '../../db/writes.ts';
import { counted } from '../counted.ts';
import { canonicalJson } from '../definition/hash.ts';
import type { LoadedDefinition } from '../definition/load.ts';
import type { AnySweep } from '../definition/resolved.ts';
import { paramsKey } from '../definition/sweep-differences.ts';
import { type Problem, SweepError } from '../errors.ts';
import { recordedVersions } from '../setup-verdict.ts';
import { orderTrials } from './core/order.ts';
import { hasEnded } from './core/trial-states.ts';
import { extend, ordinalsByParams } from './extend.ts';
import { type SweepPlan, planSweep } from './plan.ts';

export interface PreparedSweep {
  /** Database id. */
  readonly id: number;
  /** As it is in the database: its configs may have other ordinals than those of the loaded definition. */
  readonly sweep: AnySweep;
  readonly trials: readonly TrialRecord[];
  /** Nothing is left to run. */
  readonly ended: boolean;
  /** What is new where it has been extended, in a line. */
  readonly extended?: string;
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

/**
 * Errors: `SweepError` of code `conflict` when the name is taken by a sweep that this definition does not extend, or
 * when it changes a sweep that a coordinator runs.
 */
export function prepareSweep(
  store: Store,
  loaded: LoadedDefinition,
  plan: SweepPlan,
  options: PrepareOptions,
): PreparedSweep {
  const existing = store.findSweep(loaded.sweep.name);
  const found = existing ? goOn(store, loaded, plan, existing, options) : createSweep(store, loaded, plan);
  const trials = store.trials(found.id);
  const ended = trials.every(({ state }) => hasEnded(state));
  // Its coordinator may have been killed after the last result.
  if (ended) store.analyse(found.id);
  return { ...found, trials, ended };
}

type FoundOrMade = Pick<PreparedSweep, 'id' | 'sweep' | 'extended'>;

function originOf({ file, document, hash }: LoadedDefinition): Origin {
  return { definition: document, hash, file, versions: recordedVersions() };
}

function createSweep(store: Store, loaded: LoadedDefinition, plan: SweepPlan): FoundOrMade {
  const { sweep } = loaded;
  const leading = Array.from({ length: sweep.included }, (_, config) => config);
  const order = orderTrials(sweep.configs.length, sweep.replicates.count, sweep.seed, leading);
  const id = store.createSweep(sweep, originOf(loaded), order, (config) => plan.extentOf(config));
  return { id, sweep };
}

/** Takes over what the definition has more than the stored sweep. */
function goOn(
  store: Store,
  loaded: LoadedDefinition,
  plan: SweepPlan,
  { id, hash, definition }: FoundSweep,
  options: PrepareOptions,
): FoundOrMade {
  const stored = store.loadSweep(id);
  const extension = extend(stored, loaded.sweep);
  if (extension.type === 'other') throw conflict(store, loaded.sweep.name, extension.differences, options);
  // What says the same in other words is taken over, too: the order of values, the name of a file, `optimal_error`.
  const isWrittenSo = hash === loaded.hash && canonicalJson(definition) === canonicalJson(loaded.document);
  if (extension.type === 'same' && isWrittenSo) return { id, sweep: stored };
  const { sweep, order } = extension.type === 'same' ? { sweep: stored, order: [] } : extension;
  const places = ordinalsByParams(loaded.sweep);
  store.extendSweep(id, sweep, originOf(loaded), order, (config) =>
    plan.extentOf(places.get(paramsKey(sweep.configs[config]!.params))!),
  );
  return { id, sweep, ...(order.length > 0 ? { extended: describeExtension(stored, sweep, order.length) } : {}) };
}

/** `extended by 3 configs and 2 replicates: 48 new trials` */
function describeExtension(stored: AnySweep, sweep: AnySweep, trials: number): string {
  const configs = sweep.configs.length - stored.configs.length;
  const replicates = sweep.replicates.count - stored.replicates.count;
  const parts = [
    ...(configs > 0 ? [counted(configs, 'config')] : []),
    ...(replicates > 0 ? [counted(replicates, 'replicate')] : []),
  ];
  return `extended by ${parts.join(' and ')}: ${counted(trials, 'new trial')}`;
}

/** More differences than this are counted only. */
const MOST_SHOWN = 5;

function conflict(store: Store, name: string, differences: readonly string[], options: PrepareOptions): SweepError {
  const more = differences.length - MOST_SHOWN;
  const lines = [...differences.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])];
  return new SweepError('conflict', [
    { message: `sweep ${name} in ${store.file} can be extended, but not changed where it has results:` },
    ...lines.map((line) => ({ message: `  ${line}` })),
    { message: `To run this one beside it: ${options.commandFor(freeName(store, name))}` },
  ]);
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
