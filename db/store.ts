/** The single writer of the database: sweeps, runs, and the coordinator's writes, each call all or nothing. */

import type Database from 'better-sqlite3';
import { type BigIntStats, realpathSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TrialPlace } from '../src/coordinator/core/order.ts';
import type { Vitals } from '../src/dashboard/snapshot.ts';
import type { AnySweep } from '../src/definition/resolved.ts';
import { SweepError } from '../src/errors.ts';
import type { FailureKind, ResumePoint } from '../src/executor/executor.ts';
import { faultPoint } from '../src/faults.ts';
import { dropAnalysis, refreshAnalysis } from './analysis.ts';
import { Checkpoints } from './checkpoints.ts';
import { databaseError, isSqliteError, onDatabase, passes } from './database-error.ts';
import { openForWriting } from './database.ts';
import { acquireLock, isLocked, lockFile } from './lock.ts';
import type { Lock } from './lock.ts';
import { sweepNameProblem } from './names.ts';
import { readLosses } from './losses.ts';
import { noSuchSweep } from './no-such-sweep.ts';
import { type OpenIn, othersWithOpen } from './open-files.ts';
import { checkQueryName, noSuchQuery, readSavedQueries } from './saved-queries.ts';
import { type Death, type Judge, type Recovery, recover } from './recover.ts';
import { extendSweep, insertSweep, selectSweep, sweepColumns } from './sweep-rows.ts';
import type { ExtentOf, Origin } from './sweep-rows.ts';
import { TrialWriter } from './trial-writer.ts';
import { createSweepViews, dropSweepViews } from './views.ts';
import type { TrialRecord, Write } from './writes.ts';

export interface FoundSweep {
  readonly id: number;
  readonly name: string;
  readonly hash: string;
  readonly definition: unknown;
}

export interface RunFacts {
  readonly pid: number;
  readonly workers: number;
  readonly backend: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly host: string;
}

export type CommandName = 'pause' | 'resume' | 'stop';

export interface SweepCommand {
  readonly id: number;
  readonly command: CommandName;
}

export class Store {
  readonly file: string;
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #checkpoints: Checkpoints;
  readonly #trials: TrialWriter;
  /** Without symbolic links: SQLite's log lies beside the file that they lead to. */
  readonly #realFile: string;
  readonly #opened: BigIntStats;

  private constructor(file: string, now: () => number) {
    this.file = resolve(file);
    this.#now = now;
    this.#db = openForWriting(this.file);
    this.#checkpoints = new Checkpoints(this.#db, now);
    this.#trials = new TrialWriter(this.#db, this.#checkpoints, now);
    this.#realFile = realpathSync(this.file);
    this.#opened = statSync(this.#realFile, { bigint: true });
  }

  /** Creates the file where there is none; `now` gives milliseconds since 1970. @throws SweepError `database` */
  static open(file: string, now: () => number = Date.now): Store {
    return new Store(file, now);
  }

  /**
   * @param extentOf may be left out where all budgets are in epochs; how many rows the data have is not known then
   * @throws SweepError `conflict` where a sweep of that name exists. Returns the new sweep's id.
   */
  createSweep(sweep: AnySweep, origin: Origin, order: readonly TrialPlace[], extentOf?: ExtentOf): number {
    return this.#change(() => {
      this.#checkFree(sweep.name);
      return insertSweep(this.#db, sweep, origin, { order, extentOf, now: this.#now() });
    });
  }

  /**
   * Replaces a sweep's definition by one that has all its configs, with their ordinals, and all its replicates; the rest
   * of it only a coordinator that starts later sees. Results stay as they are, and the new trials run after the old ones.
   * @param order of the new trials
   * @param extentOf of all configs; may be left out as in `createSweep`
   * @throws SweepError `conflict` while a coordinator holds the sweep
   */
  extendSweep(id: number, sweep: AnySweep, origin: Origin, order: readonly TrialPlace[], extentOf?: ExtentOf): void {
    this.#whileHolding(id, sweep.name, () => {
      this.#change(() => {
        extendSweep(this.#db, id, sweep, origin, { order, extentOf });
        // Its baseline and its number of trials may be others now.
        dropAnalysis(this.#db, id);
      });
    });
  }

  findSweep(name: string): FoundSweep | undefined {
    const row = this.#db
      .prepare<[string], { id: number; name: string; hash: string; definition: string }>(
        'SELECT id, name, hash, definition FROM sweep WHERE name = ?',
      )
      .get(name);
    return row && { ...row, definition: JSON.parse(row.definition) as unknown };
  }

  loadSweep(id: number): AnySweep {
    return selectSweep(this.#db, id);
  }

  /** In the order of execution. */
  trials(id: number): TrialRecord[] {
    const losses = readLosses(this.#db, id, null);
    return this.#db
      .prepare<[number], Omit<TrialRecord, 'losses'>>(
        `SELECT id, config, replicate, state, attempts, iif(state = 'queued', epochs, 0) AS epochs
         FROM trial WHERE sweep = ? ORDER BY position, id`,
      )
      .all(id)
      .map((trial) => ({ ...trial, losses: losses.get(trial.id) ?? [] }));
  }

  /** The newest checkpoint of a trial that is whole. */
  checkpoint(trial: number): ResumePoint | undefined {
    return onDatabase(this.file, () => this.#checkpoints.read(trial));
  }

  /** The caller holds the sweep's lock, so a run that has not ended is one whose process died. Returns the run's id. */
  startRun(id: number, { pid, workers, backend, versions, host }: RunFacts): number {
    return this.#change(() => {
      this.#db.prepare("UPDATE run SET outcome = 'lost' WHERE sweep = ? AND outcome IS NULL").run(id);
      const { lastInsertRowid } = this.#db
        .prepare(
          'INSERT INTO run (sweep, pid, host, workers, backend, versions, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        )
        .run(id, pid, host, workers, backend, JSON.stringify(versions), this.#now());
      return Number(lastInsertRowid);
    });
  }

  endRun(run: number, outcome: string): void {
    this.#change(() => {
      this.#db.prepare('UPDATE run SET outcome = ?, ended_at = ? WHERE id = ?').run(outcome, this.#now(), run);
    });
  }

  /** In the place of what was recorded of the sweep before. */
  recordVitals(id: number, run: number, { at, ...facts }: Vitals): void {
    this.#change(() => {
      this.#db
        .prepare('INSERT OR REPLACE INTO vitals (sweep, run, measured_at, facts) VALUES (?, ?, ?, ?)')
        .run(id, run, at, JSON.stringify(facts));
    });
  }

  /**
   * One immediate transaction, all or nothing.
   * @throws SweepError `internal` on an illegal transition or an epoch that is there already, `database` where the file
   * cannot be written to; after either, the store can be used on.
   */
  write(writes: readonly Write[]): void {
    if (writes.length === 0) return;
    this.#change(() => {
      this.#trials.apply(writes);
      faultPoint('commit');
    });
  }

  /**
   * Closes what a dead coordinator left running; the caller holds the sweep's lock. A trial is queued again, to go on from
   * its newest checkpoint that is whole, or has failed, where its losses convict it.
   * @param previous how that coordinator ended; null where nobody knows
   */
  recover(id: number, previous: Death | null, judge: Judge): Recovery {
    const parts = { db: this.#db, trials: this.#trials, checkpoints: this.#checkpoints };
    return this.#change(() => recover(parts, id, previous, judge));
  }

  /**
   * Brings the analysis that is kept of a sweep up to date with its results; does nothing where it is.
   * @throws SweepError `database` where the file cannot be written to
   */
  analyse(id: number): void {
    onDatabase(this.file, () => refreshAnalysis(this.#db, id, this.#now()));
  }

  /** In the place of one of this name. @throws SweepError `usage` where the name cannot be one */
  saveQuery(name: string, query: string): void {
    checkQueryName(name);
    this.#change(() => {
      this.#db
        .prepare('INSERT OR REPLACE INTO saved_query (name, query, saved_at) VALUES (?, ?, ?)')
        .run(name, query, this.#now());
    });
  }

  /** @throws SweepError `usage` where no query was saved under this name */
  forgetQuery(name: string): void {
    const { changes } = this.#change(() => this.#db.prepare('DELETE FROM saved_query WHERE name = ?').run(name));
    if (changes === 0) throw noSuchQuery(name, readSavedQueries(this.#db));
  }

  /** Queues failed trials again, all or those of some kinds; their epochs go, their attempts stay. Returns how many. */
  retry(id: number, kinds?: readonly FailureKind[]): number {
    return this.#change(() => {
      const failed = this.#db
        .prepare<[number, string], number>(
          `SELECT id FROM trial WHERE sweep = ? AND state = 'failed'
           AND failure_kind IN (SELECT value FROM json_each(?)) ORDER BY id`,
        )
        .pluck()
        .all(id, JSON.stringify(kinds ?? ['diverged', 'error', 'out_of_memory', 'crashed', 'stalled', 'timed_out']));
      const queue = this.#db.prepare("UPDATE trial SET state = 'queued', failure_kind = NULL WHERE id = ?");
      for (const trial of failed) {
        queue.run(trial);
        this.#trials.rewind(trial, 0);
      }
      return failed.length;
    });
  }

  /** Nothing of the sweep is to be started until `unpause`, by no coordinator. */
  pause(id: number): void {
    this.#change(() => {
      this.#db.prepare('UPDATE sweep SET paused_at = ? WHERE id = ? AND paused_at IS NULL').run(this.#now(), id);
    });
  }

  unpause(id: number): void {
    this.#change(() => {
      this.#db.prepare('UPDATE sweep SET paused_at = NULL WHERE id = ?').run(id);
    });
  }

  isPaused(id: number): boolean {
    return onDatabase(this.file, () =>
      Boolean(
        this.#db
          .prepare<[number], number>('SELECT count(*) FROM sweep WHERE id = ? AND paused_at IS NOT NULL')
          .pluck()
          .get(id),
      ),
    );
  }

  addCommand(id: number, command: CommandName): void {
    this.#change(() => {
      this.#db
        .prepare('INSERT INTO command (sweep, command, created_at) VALUES (?, ?, ?)')
        .run(id, command, this.#now());
    });
  }

  /** What other processes have asked for since the last call, oldest first. Takes no write lock when there is nothing. */
  takeCommands(id: number): SweepCommand[] {
    const open = this.#db
      .prepare<[number], SweepCommand>(
        'SELECT id, command FROM command WHERE sweep = ? AND taken_at IS NULL ORDER BY id',
      )
      .all(id);
    const last = open.at(-1);
    if (last) {
      this.#change(() => {
        this.#db
          .prepare('UPDATE command SET taken_at = ? WHERE sweep = ? AND id <= ? AND taken_at IS NULL')
          .run(this.#now(), id, last.id);
      });
    }
    return open;
  }

  /** Deletes a sweep with all its results and views. @throws SweepError `conflict` while a coordinator holds it. */
  removeSweep(name: string): void {
    const { id } = this.#sweepNamed(name);
    this.#whileHolding(id, name, () => {
      this.#change(() => {
        this.#db.exec(dropSweepViews(name));
        this.#db.prepare('DELETE FROM sweep WHERE id = ?').run(id);
      });
    });
    // The id is never used again, so nobody can be about to lock this file.
    rmSync(lockFile(this.file, id), { force: true });
  }

  /** @throws SweepError `conflict` while a coordinator holds the sweep, or where the new name is taken. */
  renameSweep(oldName: string, newName: string): void {
    const wrong = sweepNameProblem(newName);
    if (wrong !== undefined) throw new SweepError('usage', { message: wrong });
    const { id } = this.#sweepNamed(oldName);
    this.#whileHolding(id, oldName, () => {
      this.#change(() => {
        this.#checkFree(newName);
        this.#db.prepare('UPDATE sweep SET name = ? WHERE id = ?').run(newName, id);
        this.#db.exec(dropSweepViews(oldName));
        for (const columns of sweepColumns(this.#db, id)) this.#db.exec(createSweepViews(columns));
      });
    });
  }

  /** How many other sweeps of this database coordinators hold now. */
  otherLiveSweeps(id: number): number {
    return onDatabase(
      this.file,
      () =>
        this.#db
          .prepare<[number], number>('SELECT DISTINCT sweep FROM run WHERE outcome IS NULL AND sweep <> ?')
          .pluck()
          .all(id)
          .filter((other) => isLocked(this.file, other)).length,
    );
  }

  /** Whether the file still lies where it was opened. SQLite would go on with one that was removed or replaced. */
  isThere(): boolean {
    try {
      const { dev, ino } = statSync(this.#realFile, { bigint: true });
      return dev === this.#opened.dev && ino === this.#opened.ino;
    } catch {
      return false;
    }
  }

  /** Size of the log beside the file: far above its 4 MB where a reader keeps SQLite from emptying it. */
  walBytes(): number {
    return statSync(`${this.#realFile}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Other processes that have the database open, one of which may keep the log from being emptied; [] where that cannot be known. */
  blockingReaders(): OpenIn[] {
    return othersWithOpen(`${this.#realFile}-shm`);
  }

  /** Afterwards the database is one file: a copy of it is whole, although readers may still have it open. */
  close(): void {
    try {
      // What readers keep SQLite from doing on the last close; a reader in mid-query only postpones it.
      if (this.#db.open) this.#db.pragma('wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // On a full disk all that was committed stays in the log.
      if (passes(error) === undefined) throw databaseError(error, this.file);
    } finally {
      this.#db.close();
    }
  }

  #change<Result>(work: () => Result): Result {
    try {
      return this.#db.transaction(work).immediate();
    } catch (error) {
      // A constraint is the last guard against a defect of ours: the transaction is rolled back, and it is named.
      if (isSqliteError(error) && error.code.startsWith('SQLITE_CONSTRAINT')) {
        throw new SweepError('internal', {
          message: `the database refused a change: ${error.message}`,
          position: { file: this.file },
        });
      }
      throw databaseError(error, this.file);
    }
  }

  #whileHolding(id: number, name: string, work: () => void): void {
    const lock: Lock | undefined = acquireLock(this.file, id);
    if (!lock) {
      throw new SweepError('conflict', {
        message: `sweep ${name} must not be running, but it is`,
        hint: 'stop its run first',
      });
    }
    try {
      work();
    } finally {
      lock.release();
    }
  }

  #checkFree(name: string): void {
    if (this.findSweep(name)) {
      throw new SweepError('conflict', {
        position: { file: this.file },
        message: `a sweep's name must be new, but there is a sweep ${name} already`,
        hint: 'choose another name',
      });
    }
  }

  #sweepNamed(name: string): FoundSweep {
    const found = this.findSweep(name);
    if (!found) throw noSuchSweep(name, this.#names());
    return found;
  }

  #names(): string[] {
    return onDatabase(this.file, () =>
      this.#db.prepare<[], string>('SELECT name FROM sweep ORDER BY id').pluck().all(),
    );
  }
}
