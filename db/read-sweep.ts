/** Queries on one sweep that displays and commands share: its counts, its best configs, its failures, what runs. */

import type Database from 'better-sqlite3';
import type { FailureRow, LeaderboardRow, RunningTrial, Snapshot } from '../src/dashboard/snapshot.ts';
import type { Params } from '../src/definition/resolved.ts';
import type { Goal, MetricName } from '../src/metrics.ts';
import { noSuchSweep } from './no-such-sweep.ts';
import type { TrialState } from './writes.ts';

export type StateCounts = Snapshot['states'];

/** A sweep's row. `createdAt` is in milliseconds since 1970. */
export interface SweepFacts {
  readonly id: number;
  readonly name: string;
  readonly objective: MetricName;
  readonly goal: Goal;
  readonly parameters: readonly string[];
  readonly metrics: readonly MetricName[];
  readonly configs: number;
  readonly replicates: number;
  readonly baseline: number | null;
  readonly epochsPlanned: number;
  readonly seed: number;
  readonly file: string;
  readonly hash: string;
  readonly createdAt: number;
  /** Nothing is to be started since then; null unless it is paused. */
  readonly pausedAt: number | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly definition: unknown;
}

export interface Progress {
  readonly states: StateCounts;
  readonly trials: number;
  /** Epochs of finished trials and of the running ones so far. */
  readonly epochs: number;
}

/** The newest incarnation of a sweep's coordinator. */
export interface RunRow {
  readonly workers: number;
  readonly backend: string;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly outcome: string | null;
  readonly trials: number;
  readonly epochs: number;
}

// Columns that hold JSON are read as the types that the store wrote.
type JsonColumn = 'parameters' | 'metrics' | 'versions' | 'warnings' | 'definition';
type SweepRow = Omit<SweepFacts, JsonColumn> & Readonly<Record<JsonColumn, string>>;

const SWEEP_QUERY = `
  SELECT id, name, objective, goal, parameters, metrics, replicates, baseline, epochs_planned AS epochsPlanned, seed,
    file, hash, created_at AS createdAt, paused_at AS pausedAt, versions, definition, json_extract(resolved, '$.warnings') AS warnings,
    (SELECT count(*) FROM config WHERE sweep = sweep.id) AS configs
  FROM sweep`;

function sweepFacts(row: SweepRow): SweepFacts {
  return {
    ...row,
    parameters: JSON.parse(row.parameters) as string[],
    metrics: JSON.parse(row.metrics) as MetricName[],
    versions: JSON.parse(row.versions) as Record<string, string>,
    warnings: JSON.parse(row.warnings) as string[],
    definition: JSON.parse(row.definition) as unknown,
  };
}

/** From old to new. */
export function readSweeps(db: Database.Database): SweepFacts[] {
  return db.prepare<[], SweepRow>(`${SWEEP_QUERY} ORDER BY id`).all().map(sweepFacts);
}

export function readSweep(db: Database.Database, name: string): SweepFacts | undefined {
  const row = db.prepare<[string], SweepRow>(`${SWEEP_QUERY} WHERE name = ?`).get(name);
  return row && sweepFacts(row);
}

/** `id` is one that the store has given. */
export function sweepOf(db: Database.Database, id: number): SweepFacts {
  return sweepFacts(db.prepare<[number], SweepRow>(`${SWEEP_QUERY} WHERE id = ?`).get(id)!);
}

/** @throws SweepError `usage` that names the nearest sweep where there is none of this name. */
export function sweepNamed(db: Database.Database, name: string): SweepFacts {
  const sweep = readSweep(db, name);
  if (sweep) return sweep;
  throw noSuchSweep(name, db.prepare<[], string>('SELECT name FROM sweep ORDER BY id').pluck().all());
}

export function readProgress(db: Database.Database, sweep: number): Progress {
  const states: Record<TrialState, number> = {
    queued: 0,
    running: 0,
    paused: 0,
    completed: 0,
    pruned: 0,
    failed: 0,
    cancelled: 0,
  };
  let trials = 0;
  let epochs = 0;
  const rows = db
    .prepare<[number], { state: TrialState; trials: number; epochs: number }>(
      'SELECT state, count(*) AS trials, sum(epochs) AS epochs FROM trial WHERE sweep = ? GROUP BY state',
    )
    .all(sweep);
  for (const row of rows) {
    states[row.state] = row.trials;
    trials += row.trials;
    epochs += row.epochs;
  }
  return { states, trials, epochs };
}

/** By its first configs: all of them would be too many to look at each time. */
export function mayStopEarly(db: Database.Database, sweep: number): boolean {
  const row = db
    .prepare<[number], number>(
      `SELECT EXISTS (SELECT 1 FROM config WHERE sweep = ? AND ordinal < 20
         AND json_extract(resolved, '$.train.early_stopping') IS NOT NULL)`,
    )
    .pluck()
    .get(sweep);
  return row === 1;
}

interface LeaderboardQueryRow {
  readonly config: number;
  readonly params: string;
  readonly n: number;
  readonly mean: number;
  readonly std: number | null;
}

/** The first `limit` configs with a result, best first, and the baseline behind them where it is not among them; equal means share a rank. */
export function readLeaderboard(db: Database.Database, sweep: SweepFacts, limit: number): LeaderboardRow[] {
  const direction = sweep.goal === 'maximize' ? 'DESC' : 'ASC';
  const rows = db
    .prepare<[number, number], LeaderboardQueryRow>(
      `SELECT ordinal AS config, params, n, mean, std FROM config
       WHERE sweep = ? AND mean IS NOT NULL ORDER BY mean ${direction}, ordinal LIMIT ?`,
    )
    .all(sweep.id, limit);
  let rank = 0;
  let previous: number | undefined;
  const best = rows.map(({ config, params, n, mean, std }, index) => {
    if (mean !== previous) rank = index + 1;
    previous = mean;
    return { rank, config, params: parseParams(params), n, mean, std, is_baseline: config === sweep.baseline };
  });
  if (best.length < limit || best.some(({ is_baseline }) => is_baseline)) return best;
  return [...best, ...readBaseline(db, sweep)];
}

/** The baseline's row, where it has a result. */
function readBaseline(db: Database.Database, sweep: SweepFacts): LeaderboardRow[] {
  const better = sweep.goal === 'maximize' ? '>' : '<';
  const row = db
    .prepare<[number, number | null], LeaderboardQueryRow & { rank: number }>(
      `SELECT ordinal AS config, params, n, mean, std,
         (SELECT count(*) FROM config AS other WHERE other.sweep = base.sweep AND other.mean ${better} base.mean) + 1 AS rank
       FROM config AS base WHERE sweep = ? AND ordinal = ? AND mean IS NOT NULL`,
    )
    .get(sweep.id, sweep.baseline);
  return row ? [{ ...row, params: parseParams(row.params), is_baseline: true }] : [];
}

/** A remark on the newest attempts of some trials, such as why they run op by op. */
export interface NoteRow {
  readonly note: string;
  readonly trials: number;
  /** In order. */
  readonly configs: readonly number[];
}

export function readNotes(db: Database.Database, sweep: number): NoteRow[] {
  return db
    .prepare<[number], Omit<NoteRow, 'configs'> & { readonly configs: string }>(
      `SELECT note, sum(trials) AS trials, json_group_array(config ORDER BY config) AS configs FROM (
         SELECT note, config, count(*) AS trials
         FROM trial JOIN attempt ON attempt.trial = trial.id AND number = attempts
         WHERE trial.sweep = ? AND note IS NOT NULL GROUP BY note, config
       ) GROUP BY note ORDER BY note`,
    )
    .all(sweep)
    .map(({ configs, ...row }) => ({ ...row, configs: JSON.parse(configs) as number[] }));
}

/** Newest first, by place in the order of execution. */
export function readFailures(db: Database.Database, sweep: number, limit: number): FailureRow[] {
  return db
    .prepare<[number, number], FailureRow>(
      `SELECT trial.id AS trial, config, replicate, trial.failure_kind AS kind, trial.epochs AS epoch,
         ifnull(message, '') AS message
       FROM trial JOIN attempt ON attempt.trial = trial.id AND number = attempts
       WHERE trial.sweep = ? AND trial.state = 'failed' ORDER BY trial.id DESC LIMIT ?`,
    )
    .all(sweep, limit);
}

export function readRunning(db: Database.Database, sweep: number): RunningTrial[] {
  return db
    .prepare<[number], Omit<RunningTrial, 'params'> & { params: string }>(
      `SELECT trial.id AS trial, trial.config, replicate, params, trial.epochs AS epoch, config.epochs, worker, slot,
         (SELECT train_loss FROM epoch WHERE epoch.trial = trial.id ORDER BY epoch DESC LIMIT 1) AS train_loss
       FROM trial
       JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
       JOIN attempt ON attempt.trial = trial.id AND number = attempts
       WHERE trial.sweep = ? AND trial.state = 'running' ORDER BY trial.id`,
    )
    .all(sweep)
    .map((row) => ({ ...row, params: parseParams(row.params) }));
}

export function readNewestRun(db: Database.Database, sweep: number): RunRow | undefined {
  return db
    .prepare<[number], RunRow>(
      `SELECT workers, backend, started_at, ended_at, outcome, trials, epochs FROM run
       WHERE sweep = ? ORDER BY id DESC LIMIT 1`,
    )
    .get(sweep);
}

/** Seconds of all runs of a sweep up to `now`, or to the end of the newest that ended; of one that was killed nobody knows. */
export function readRunSeconds(db: Database.Database, sweep: number, now: number | null): number {
  const query = `
    SELECT coalesce(sum(coalesce(ended_at, CASE WHEN id = (SELECT max(id) FROM run WHERE sweep = ?) THEN ? END) - started_at), 0) / 1000.0
    FROM run WHERE sweep = ?`;
  return db.prepare<[number, number | null, number], number>(query).pluck().get(sweep, now, sweep) ?? 0;
}

/** `text` was written by the store from a config's params. */
export function parseParams(text: string): Params {
  return JSON.parse(text) as Params;
}
