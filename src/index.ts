/** The public API: write definitions in TypeScript, run sweeps from a program, read their results and write reports. */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Reader } from '../db/reader.ts';
import { Store } from '../db/store.ts';
import type { BackendName } from '../workers/protocol.ts';
import { chooseBackend } from './cli/run/choose-backend.ts';
import { workerCount } from './cli/run/run-limits.ts';
import { sweepFiles, planDefinition, prepareSweep } from './coordinator/prepare.ts';
import { takeOver } from './coordinator/take-over.ts';
import type { SweepDefinition } from './definition-types.ts';
import { loadDefinition } from './definition/load.ts';
import { SweepError } from './errors.ts';
import { defaultMemoryLimit } from './memory-limit.ts';
import { reportFileOf, writeReport as writeReportTo } from './report/write-report.ts';
import { type FinalOutcome, describeDeaths, superviseRun } from './supervise-run.ts';

export type { DefinitionValue, SweepDefinition } from './definition-types.ts';
export type { ModelModule, TensorFlow, TrialContext, TrialDecision, TrialModule } from './module-types.ts';
export { SweepError, formatProblem } from './errors.ts';
export type { Position, Problem, SweepErrorCode } from './errors.ts';
export type { QueryParameters, QueryResult, SqlValue } from '../db/query.ts';
export type { SweepOverview, TrialReference } from '../db/reader.ts';
export type { LeaderboardRow, Snapshot } from './dashboard/snapshot.ts';
export type { Analysis } from './statistics/analysis-rows.ts';
export { Reader };

/**
 * Gives a definition its type, so that an editor completes it:
 * `export default defineSweep({ name: 'moons', data: { ... }, ... })`.
 */
export function defineSweep<const Definition extends SweepDefinition>(definition: Definition): Definition {
  return definition;
}

export interface RunSweepOptions {
  /** Database file; `nightsweep.db` in the current folder unless given. */
  readonly database?: string;
  /** One for each core unless given. */
  readonly workers?: number;
  /** Native where set-up has built it, else wasm. */
  readonly backend?: BackendName;
  /** Changes to the definition, such as `train.epochs=5`. */
  readonly set?: readonly string[];
  /** Another name for the sweep. */
  readonly name?: string;
  /** When to stop with trials left. */
  readonly deadline?: Date;
  /** Same bits on every x64 processor, at some cost. */
  readonly portable?: boolean;
  /** Aborting stops after the running chunk. */
  readonly signal?: AbortSignal;
}

export interface RunSweepResult {
  readonly sweep: string;
  /** Absolute path. */
  readonly database: string;
  /** `finished`: every trial has ended. Else a later call goes on. */
  readonly outcome: FinalOutcome;
}

/**
 * Runs a definition's file, or goes on with it, in a process of its own.
 * Errors: `SweepError`; code `internal` when that process died again and again, with what was committed kept.
 */
export async function runSweep(file: string, options: RunSweepOptions = {}): Promise<RunSweepResult> {
  const { set, name, deadline, signal, portable = false } = options;
  const database = resolve(options.database ?? 'nightsweep.db');
  const loaded = await loadDefinition(file, { set, name });
  const plan = planDefinition(loaded);
  const { sweep } = loaded;
  const trials = sweep.configs.length * sweep.replicates.count;
  const asked = options.workers === undefined ? undefined : String(options.workers);
  const workers = workerCount(asked, availableParallelism(), trials);
  const store = Store.open(database);
  let prepared;
  try {
    prepared = prepareSweep(store, loaded, plan, { commandFor: (other) => `runSweep(..., { name: '${other}' })` });
  } finally {
    store.close();
  }
  if (prepared.ended) return { sweep: sweep.name, database, outcome: 'finished' };
  await takeOver({ database, sweep: { id: prepared.id, name: sweep.name }, onWait: () => {} });
  const log = `${database}.${sweep.name}.log`;
  const supervision = superviseRun(
    {
      database,
      sweep: prepared.id,
      workers,
      backend: options.backend ?? chooseBackend().backend,
      deadline: deadline?.getTime() ?? null,
      files: sweepFiles(sweep),
      checkpointSeconds: 0.5,
      memoryLimit: defaultMemoryLimit(),
      share: options.workers === undefined,
      log,
      portable,
    },
    () => {},
  );
  const stop = (): void => supervision.stop('chunk');
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  const end = await supervision.ended;
  signal?.removeEventListener('abort', stop);
  if (end.type === 'failed') throw end.error;
  if (end.type === 'gave_up') {
    throw new SweepError('internal', {
      message: `the coordinator's process is not started again: ${end.reason} (${describeDeaths(end.deaths)})`,
      hint: `the log is ${log}; run it again to go on`,
    });
  }
  return { sweep: sweep.name, database, outcome: end.type === 'stopped' ? 'stopped' : end.outcome };
}

export interface WriteReportOptions {
  /** Database file; `nightsweep.db` in the current folder unless given. */
  readonly database?: string;
  /** HTML file, `SWEEP-report.html` in the current folder unless given; an older report is overwritten, nothing else. */
  readonly file?: string;
}

/** Writes the report of a sweep. Errors: `SweepError`, such as `usage` where there is no such sweep. */
export async function writeReport(
  sweep: string,
  { database = 'nightsweep.db', file = reportFileOf(sweep) }: WriteReportOptions = {},
): Promise<{ readonly file: string; readonly bytes: number }> {
  const reader = Reader.open(database);
  try {
    return { file: resolve(file), bytes: await writeReportTo(reader, sweep, { file, database, now: Date.now() }) };
  } finally {
    reader.close();
  }
}

/** Opens a database of results for reading; close it when done. Errors: `SweepError` of code `database`. */
export function openResults(database = 'nightsweep.db'): Reader {
  return Reader.open(database);
}
