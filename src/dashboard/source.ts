/** Where snapshots come from: the database, read every so often, under the coordinator's fresher numbers. */

import type { RunningTrial, Snapshot } from './snapshot.ts';

/** What is needed of the database's reader. */
export interface SnapshotReader {
  /** Changes whenever something has been committed. */
  dataVersion(): number;
  /** Throws a SweepError where there is no such sweep. */
  snapshot(sweep: string, limits: { readonly best: number }): Snapshot;
}

/** Where a running trial is, from the coordinator's memory: rows may reach the database half a second later. */
export type FreshTrial = Pick<RunningTrial, 'trial' | 'epoch' | 'train_loss'>;

export interface SnapshotListener {
  snapshot(snapshot: Snapshot): void;
  /** Reading failed; the source tries again. */
  failed(error: unknown): void;
}

const INTERVAL = 1000;
/** Rows of best configs: as many as a tall terminal shows. */
const MOST_BEST = 60;
/** Whether a coordinator still lives shows in no commit: so it is read again now and then in any case. */
const LONGEST_INTERVAL = 2000;
/** A read that costs c is followed by a pause of 50 c: looking on must not slow the sweep down. */
const PAUSE_PER_COST = 50;

export class SnapshotSource {
  readonly #reader: SnapshotReader;
  readonly #sweep: string;
  readonly #listener: SnapshotListener;
  #newest: Snapshot | undefined;
  #fresh: readonly FreshTrial[] = [];
  #timer: NodeJS.Timeout | undefined;
  #version: number | undefined;
  #readAt = -Infinity;
  /** Why it could not be read the last time: said once, not at every try. */
  #failure: string | undefined;

  constructor(reader: SnapshotReader, sweep: string, listener: SnapshotListener) {
    this.#reader = reader;
    this.#sweep = sweep;
    this.#listener = listener;
  }

  /** Reads now and from now on. */
  start(): void {
    const before = performance.now();
    if (this.#mayHaveChanged(before)) this.read();
    const cost = performance.now() - before;
    this.#timer = setTimeout(() => this.start(), Math.max(INTERVAL, PAUSE_PER_COST * cost));
  }

  /** Reads once, out of turn: for the last frame. */
  read(): void {
    try {
      this.#newest = this.#reader.snapshot(this.#sweep, { best: MOST_BEST });
      this.#failure = undefined;
    } catch (error) {
      const failure = String(error);
      if (failure !== this.#failure) this.#listener.failed(error);
      this.#failure = failure;
      return;
    }
    this.#listener.snapshot(overlay(this.#newest, this.#fresh));
  }

  /** Lays the coordinator's newest numbers over what the database knows. */
  refresh(fresh: readonly FreshTrial[]): void {
    this.#fresh = fresh;
    if (this.#newest) this.#listener.snapshot(overlay(this.#newest, fresh));
  }

  #mayHaveChanged(now: number): boolean {
    const version = this.#readVersion();
    const isDue = now - this.#readAt >= LONGEST_INTERVAL;
    if (version === this.#version && version !== undefined && !isDue) return false;
    this.#version = version;
    this.#readAt = now;
    return true;
  }

  /** Undefined where it cannot be read: reading the rest tells why. */
  #readVersion(): number | undefined {
    try {
      return this.#reader.dataVersion();
    } catch {
      return undefined;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** The snapshot with every running trial at the later of both epochs, and the totals that follow. */
export function overlay(snapshot: Snapshot, fresh: readonly FreshTrial[]): Snapshot {
  const byTrial = new Map(fresh.map((trial) => [trial.trial, trial]));
  let ahead = 0;
  const running = snapshot.running.map((trial) => {
    const newer = byTrial.get(trial.trial);
    if (!newer || newer.epoch <= trial.epoch) return trial;
    ahead += newer.epoch - trial.epoch;
    return { ...trial, epoch: newer.epoch, train_loss: newer.train_loss };
  });
  if (ahead === 0) return snapshot;
  return {
    ...snapshot,
    running,
    epochs_done: snapshot.epochs_done + ahead,
    run_epochs: snapshot.run_epochs + ahead,
  };
}
