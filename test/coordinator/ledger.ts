/** A database in miniature for tests: applies writes to trials and throws on whatever a real one must refuse. */

import { lossesOf } from '../../db/losses.ts';
import type { Loss, LossCause, TrialRecord, TrialState, Write } from '../../db/writes.ts';
import { convicted } from '../../src/coordinator/core/suspects.ts';
import type { FailureKind } from '../../src/executor/executor.ts';

interface Attempt {
  outcome: string | null;
  readonly alone: number;
  loss_cause: LossCause | null;
  /** Null until it has a slot. */
  resumed_from_epoch: number | null;
}

interface Entry {
  state: TrialState;
  failure: FailureKind | null;
  /** Attempts since the ledger began. */
  count: number;
  /** From new to old; of those before the ledger began only the losses. */
  readonly attempts: Attempt[];
  /** Recorded ones. */
  epochs: number[];
  /** The epoch of the newest one, 0 where there is none. */
  checkpoint: number;
}

export class Ledger {
  readonly trials = new Map<number, Entry>();

  constructor(records: readonly TrialRecord[]) {
    for (const { id, state, epochs, losses } of records) {
      const attempts = losses.map(({ cause, alone }) => attemptOf(alone, 'lost', cause, epochs));
      const recorded = Array.from({ length: epochs }, (_, index) => index + 1);
      this.trials.set(id, { state, failure: null, count: 0, attempts, epochs: recorded, checkpoint: epochs });
    }
  }

  write(writes: readonly Write[]): void {
    for (const write of writes) this.#apply(write);
  }

  /** Ends what was running when a coordinator died, of `cause` where that is known. */
  recover(cause: LossCause | null): void {
    for (const entry of this.trials.values()) {
      if (entry.state !== 'running') continue;
      const failure = convicted(lossesOf(entry.attempts, entry.checkpoint, cause));
      if (failure) end(entry, 'failed', failure);
      else lose(entry, 'lost', cause);
    }
  }

  /** As a coordinator finds it after its predecessor died of a cause that nobody knows. */
  records(records: readonly TrialRecord[]): TrialRecord[] {
    this.recover(null);
    return records.map((record) => {
      const { state, count, attempts, checkpoint } = this.#entry(record.id);
      const losses: readonly Loss[] = state === 'queued' ? lossesOf(attempts, checkpoint, null) : [];
      return { ...record, state, attempts: record.attempts + count, epochs: checkpoint, losses };
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
      case 'attempt_started':
        entry.state = 'running';
        entry.count += 1;
        entry.attempts.unshift(attemptOf(write.alone, null, null, null));
        return;
      case 'attempt_placed':
        place(entry, write);
        return;
      case 'attempt_noted':
        return;
      case 'epochs':
        record(entry, write);
        return;
      case 'trial_ended':
        end(entry, write.end.state, write.end.state === 'failed' ? write.end.kind : null);
        return;
      case 'attempt_lost':
        lose(entry, write.outcome, write.cause ?? null);
    }
  }
}

function attemptOf(alone: boolean, outcome: string | null, cause: LossCause | null, from: number | null): Attempt {
  return { outcome, alone: alone ? 1 : 0, loss_cause: cause, resumed_from_epoch: from };
}

function place(entry: Entry, { trial, resumed_from }: Extract<Write, { type: 'attempt_placed' }>): void {
  const attempt = entry.attempts[0]!;
  if (attempt.resumed_from_epoch !== null) throw new Error(`trial ${trial} was placed twice`);
  if (resumed_from > entry.checkpoint) throw new Error(`trial ${trial} cannot go on from epoch ${resumed_from}`);
  attempt.resumed_from_epoch = resumed_from;
  rewind(entry, resumed_from);
}

function record(entry: Entry, { trial, rows, checkpoint }: Extract<Write, { type: 'epochs' }>): void {
  for (const { epoch } of rows) {
    const last = entry.epochs.at(-1) ?? 0;
    if (epoch !== last + 1) throw new Error(`epoch ${epoch} of trial ${trial} came after ${last}`);
    entry.epochs.push(epoch);
  }
  if (!checkpoint) return;
  if (checkpoint.epoch !== (entry.epochs.at(-1) ?? 0)) {
    throw new Error(`the checkpoint of trial ${trial} must reach as far as its rows`);
  }
  entry.checkpoint = checkpoint.epoch;
}

function end(entry: Entry, state: 'completed' | 'failed', failure: FailureKind | null): void {
  Object.assign(entry, { state, failure, checkpoint: 0 });
  entry.attempts[0]!.outcome = state;
}

/** What has no checkpoint is lost with an attempt. */
function lose(entry: Entry, outcome: string, cause: LossCause | null): void {
  entry.state = 'queued';
  Object.assign(entry.attempts[0]!, { outcome, loss_cause: cause });
  rewind(entry, entry.checkpoint);
}

function rewind(entry: Entry, epoch: number): void {
  entry.epochs = entry.epochs.filter((each) => each <= epoch);
  entry.checkpoint = Math.min(entry.checkpoint, epoch);
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
