/** A database in miniature for tests: applies writes to trials and throws on whatever a real one must refuse. */

import type { Loss, LossCause, TrialRecord, TrialState, Write } from '../../db/writes.ts';
import { convicted } from '../../src/coordinator/core/suspects.ts';
import type { FailureKind } from '../../src/executor/executor.ts';

interface Entry {
  state: TrialState;
  attempts: number;
  placed: boolean;
  /** Epochs that have a row. */
  epochs: number[];
  /** Epoch of the newest checkpoint. */
  checkpoint: number;
  /** Of the running attempt. */
  alone: boolean;
  advanced: boolean;
  losses: readonly Loss[];
  failure: FailureKind | null;
}

export class Ledger {
  readonly trials = new Map<number, Entry>();

  constructor(records: readonly TrialRecord[]) {
    for (const { id, state, attempts, epochs, losses } of records) {
      const rows = Array.from({ length: epochs }, (_, index) => index + 1);
      const attempt = { placed: false, alone: false, advanced: false };
      this.trials.set(id, { state, attempts, ...attempt, epochs: rows, checkpoint: epochs, losses, failure: null });
    }
  }

  write(writes: readonly Write[]): void {
    for (const write of writes) this.#apply(write);
  }

  /** Ends what was running when a coordinator died, of `cause` where that is known. */
  recover(cause: LossCause | null): void {
    for (const entry of this.trials.values()) {
      if (entry.state !== 'running') continue;
      entry.losses = entry.advanced ? [] : [{ cause, alone: entry.alone }, ...entry.losses];
      const failure = convicted(entry.losses);
      dropBeyond(entry, entry.checkpoint);
      Object.assign(entry, failure ? { state: 'failed', failure } : { state: 'queued' });
    }
  }

  /** As the next coordinator finds it. */
  records(records: readonly TrialRecord[]): TrialRecord[] {
    return records.map((record) => {
      const { state, attempts, checkpoint: epochs, losses } = this.#entry(record.id);
      return { ...record, state, attempts, epochs, losses };
    });
  }

  states(): TrialState[] {
    return [...this.trials.values()].map((entry) => entry.state);
  }

  #entry(trial: number): Entry {
    const entry = this.trials.get(trial);
    if (!entry) throw new Error(`no trial ${trial}`);
    return entry;
  }

  #apply(write: Write): void {
    const entry = this.#entry(write.trial);
    const needs = write.type === 'attempt_started' ? 'queued' : 'running';
    if (entry.state !== needs) throw new Error(`${write.type} for trial ${write.trial}, which is ${entry.state}`);
    switch (write.type) {
      case 'attempt_started': {
        const { alone } = write;
        Object.assign(entry, { state: 'running', attempts: entry.attempts + 1, placed: false, alone, advanced: false });
        return;
      }
      case 'attempt_placed':
        if (entry.placed) throw new Error(`trial ${write.trial} was placed twice`);
        entry.placed = true;
        if (write.resumed_from > entry.checkpoint) throw new Error(`trial ${write.trial} resumed from nowhere`);
        dropBeyond(entry, write.resumed_from);
        return;
      case 'attempt_noted':
        return;
      case 'epochs':
        for (const { epoch } of write.rows) {
          if (epoch !== (entry.epochs.at(-1) ?? 0) + 1) {
            throw new Error(`epoch ${epoch} of trial ${write.trial} came after ${entry.epochs.at(-1)}`);
          }
          entry.epochs.push(epoch);
        }
        if (!write.checkpoint) return;
        if (write.checkpoint.epoch !== entry.epochs.at(-1)) {
          throw new Error(`a checkpoint of trial ${write.trial} does not reach as far as its rows`);
        }
        Object.assign(entry, { checkpoint: write.checkpoint.epoch, advanced: true, losses: [] });
        return;
      case 'trial_ended':
        entry.state = write.end.state;
        if (write.end.state === 'failed') entry.failure = write.end.kind;
        if (write.end.epochs !== entry.epochs.length) {
          throw new Error(`trial ${write.trial} ended with ${entry.epochs.length} rows of ${write.end.epochs}`);
        }
        return;
      case 'attempt_lost':
        dropBeyond(entry, entry.checkpoint);
        entry.state = 'queued';
    }
  }
}

/** What a trial has beyond the epoch from which it goes on. */
function dropBeyond(entry: Entry, epoch: number): void {
  entry.checkpoint = epoch;
  entry.epochs = entry.epochs.filter((row) => row <= epoch);
}

/** `count` queued trials, `configs` per replicate. */
export function queuedTrials(count: number, configs: number): TrialRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    config: index % configs,
    replicate: Math.floor(index / configs),
    state: 'queued',
    attempts: 0,
    epochs: 0,
    losses: [],
  }));
}
