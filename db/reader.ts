/** The read-only side of the database, for displays and commands; no call leaves a snapshot open behind it. */

import type Database from 'better-sqlite3';
import { resolve } from 'node:path';
import type { LeaderboardRow, Snapshot } from '../src/dashboard/snapshot.ts';
import { SweepError } from '../src/errors.ts';
import type { Analysis } from '../src/statistics/analysis-rows.ts';
import { analyse } from '../src/statistics/analysis.ts';
import { readAnalysisInput } from './analysis.ts';
import { onDatabase } from './database-error.ts';
import { openForReading } from './database.ts';
import { isLocked } from './lock.ts';
import { readFailureKinds } from './read-events.ts';
import { queryParameters, runQuery } from './query.ts';
import type { QueryParameters, QueryResult } from './query.ts';
import {
  mayStopEarly,
  readFailures,
  readNotes,
  readLeaderboard,
  readNewestRun,
  readProgress,
  readRunning,
  readRunSeconds,
  readSweep,
  readSweeps,
  sweepNamed,
} from './read-sweep.ts';
import type { NoteRow, Progress, SweepFacts } from './read-sweep.ts';
import { findTrial, readTrial } from './read-trial.ts';
import type { TrialFacts } from './read-trial.ts';
import { type ViewColumns, describeView, readViews } from './read-views.ts';
import { readVitals } from './read-vitals.ts';
import { type SavedQuery, readSavedQueries } from './saved-queries.ts';
import type { ColumnDocument } from './view-documents.ts';

/** A trial by its number, or by its place in a sweep. */
export type TrialReference = number | { readonly sweep: string; readonly config: number; readonly replicate: number };

export interface SweepOverview extends SweepFacts, Progress {
  /** Whether a coordinator holds the sweep now. */
  readonly live: boolean;
}

const DEFAULT_BEST = 10;
const DEFAULT_FAILURES = 20;
const LAST_EPOCHS = 5;

export class Reader {
  readonly file: string;
  readonly #db: Database.Database;
  /** By id of the sweep. */
  readonly #progress = new Map<number, { readonly version: number; readonly progress: Progress }>();

  private constructor(file: string) {
    this.file = resolve(file);
    this.#db = openForReading(this.file);
  }

  /** @throws SweepError `database` where there is no such file, or where it is not ours to read. */
  static open(file: string): Reader {
    return new Reader(file);
  }

  /** From old to new. */
  sweeps(): SweepOverview[] {
    return this.read(() => readSweeps(this.#db).map((sweep) => this.#overview(sweep)));
  }

  /** @throws SweepError `usage` that names the nearest sweep where there is none of this name. */
  sweepNamed(name: string): SweepOverview {
    return this.read(() => this.#overview(sweepNamed(this.#db, name)));
  }

  /** Seconds that a sweep's runs have taken, those of a live one included. @throws as `sweepNamed` does. */
  runSeconds(name: string): number {
    return this.read(() => {
      const { id } = sweepNamed(this.#db, name);
      return readRunSeconds(this.#db, id, isLocked(this.file, id) ? Date.now() : null);
    });
  }

  /** As which trials of a sweep have failed, such as `diverged`. @throws as `sweepNamed` does. */
  failureKinds(name: string): readonly string[] {
    return this.read(() => readFailureKinds(this.#db, sweepNamed(this.#db, name).id).map(({ kind }) => kind));
  }

  hasSweep(name: string): boolean {
    return this.read(() => readSweep(this.#db, name) !== undefined);
  }

  /** Changes whenever another connection has committed something: a display need not look again before. */
  dataVersion(): number {
    return this.read(() => Number(this.#db.pragma('data_version', { simple: true })));
  }

  /** What a display shows now. Cheap: counts come from an index of trials, and only the epochs of running trials are touched. */
  snapshot(name: string, { best = DEFAULT_BEST, failures = DEFAULT_FAILURES } = {}): Snapshot {
    return this.read(() => {
      const sweep = sweepNamed(this.#db, name);
      const { states, trials, epochs } = this.#progressOf(sweep.id);
      const run = readNewestRun(this.#db, sweep.id);
      const live = isLocked(this.file, sweep.id);
      return {
        sweep: sweep.name,
        database: this.file,
        objective: sweep.objective,
        goal: sweep.goal,
        parameters: sweep.parameters,
        configs: sweep.configs,
        replicates: sweep.replicates,
        states,
        trials,
        epochs_done: epochs,
        epochs_planned: sweep.epochsPlanned,
        early_stopping: mayStopEarly(this.#db, sweep.id),
        live,
        workers: run?.workers ?? null,
        backend: run?.backend ?? null,
        started_at: run?.started_at ?? null,
        ended_at: run?.ended_at ?? null,
        run_trials: run?.trials ?? 0,
        run_epochs: run?.epochs ?? 0,
        vitals: live ? readVitals(this.#db, sweep.id, Date.now()) : null,
        running: readRunning(this.#db, sweep.id),
        best: readLeaderboard(this.#db, sweep, best),
        failures: readFailures(this.#db, sweep.id, failures),
        notice: sweep.pausedAt === null ? null : `paused; to go on: nightsweep resume ${sweep.name}`,
      };
    });
  }

  /** Remarks on the sweep's attempts. */
  notes(name: string): readonly NoteRow[] {
    return this.read(() => readNotes(this.#db, sweepNamed(this.#db, name).id));
  }

  /** Configs with a result, best first. */
  leaderboard(name: string, limit = Number.MAX_SAFE_INTEGER): LeaderboardRow[] {
    return this.read(() => readLeaderboard(this.#db, sweepNamed(this.#db, name), limit));
  }

  /** With its attempts and its last epochs. @throws SweepError `usage` where there is no such trial. */
  trial(reference: TrialReference): TrialFacts {
    return this.read(() => {
      let id: number | undefined;
      if (typeof reference === 'number') id = reference;
      else {
        const sweep = sweepNamed(this.#db, reference.sweep);
        id = findTrial(this.#db, sweep.id, reference.config, reference.replicate);
        if (id === undefined) {
          throw new SweepError('usage', {
            message: `there is no trial ${sweep.name}/${reference.config}/${reference.replicate}`,
            hint: `${sweep.name} has configs 0 to ${sweep.configs - 1} and replicates 0 to ${sweep.replicates - 1}`,
          });
        }
      }
      const trial = readTrial(this.#db, id, LAST_EPOCHS);
      if (!trial)
        throw new SweepError('usage', {
          message: `there is no trial ${id}`,
          hint: 'trials are named SWEEP/CONFIG/REPLICATE',
        });
      return trial;
    });
  }

  /** Of the results as they are now; what is kept in the database may be older. @throws as `sweepNamed` does. */
  analysis(name: string): Analysis {
    return analyse(this.read(() => readAnalysisInput(this.#db, sweepNamed(this.#db, name))));
  }

  views(): ViewColumns[] {
    return this.read(() => readViews(this.#db));
  }

  /** The columns of a view in words. @throws SweepError `usage` where there is no such view */
  view(name: string): readonly ColumnDocument[] {
    return this.read(() => describeView(this.#db, name));
  }

  /**
   * @param parameters a value for each that the query has, and no others
   * @throws SweepError `usage` where `sql` is not one statement that only reads, or does not have these parameters.
   */
  query(sql: string, parameters?: QueryParameters): QueryResult {
    return runQuery(this.#db, this.file, sql, parameters);
  }

  /** The names of the parameters of `sql`, in their order. @throws SweepError `usage` where it is no query */
  queryParameters(sql: string): string[] {
    return queryParameters(this.#db, this.file, sql);
  }

  /** Those of the user's, by name. */
  savedQueries(): SavedQuery[] {
    return this.read(() => readSavedQueries(this.#db));
  }

  close(): void {
    this.#db.close();
  }

  #overview(sweep: SweepFacts): SweepOverview {
    return { ...sweep, ...this.#progressOf(sweep.id), live: isLocked(this.file, sweep.id) };
  }

  /** Counted anew only when something has changed: it takes a look at the index entry of every trial. */
  #progressOf(sweep: number): Progress {
    const version = this.dataVersion();
    const known = this.#progress.get(sweep);
    if (known?.version === version) return known.progress;
    const progress = readProgress(this.#db, sweep);
    this.#progress.set(sweep, { version, progress });
    return progress;
  }

  /** One short transaction, so that all parts of an answer are of the same moment. The connection is for use inside a `read` only. */
  read<Result>(work: (db: Database.Database) => Result): Result {
    return onDatabase(this.file, () => this.#db.transaction(() => work(this.#db))());
  }
}
