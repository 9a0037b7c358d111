/** A database in miniature for tests: applies writes to trials and throws on whatever a real one must refuse. */

import type { TrialRecord, TrialState, Write } from '../../db/writes.ts';

interface Entry {
  state: TrialState;
  attempts: number;
  placed: boolean;
  epochs: number[];
}

export class Ledger {
  readonly trials = new Map<number, Entry>();

  constructor(records: readonly TrialRecord[]) {
    for (const { id, state, attempts } of records) this.trials.set(id, { state, attempts, placed: false, epochs: [] });
  }

  write(writes: readonly Write[]): void {
    for (const write of writes) this.#apply(write);
  }

  /** As a coordinator finds it after its predecessor died. */
  records(records: readonly TrialRecord[]): TrialRecord[] {
    return records.map((record) => {
      const entry = this.#entry(record.id);
      if (entry.state === 'running') Object.assign(entry, { state: 'queued', epochs: [] });
      return { ...record, state: entry.state, attempts: entry.attempts };
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
        Object.assign(entry, { state: 'running', attempts: entry.attempts + 1, placed: false, epochs: [] });
        return;
      case 'attempt_placed':
        if (entry.placed) throw new Error(`trial ${write.trial} was placed twice`);
        entry.placed = true;
        return;
      case 'attempt_noted':
        return;
      case 'epochs':
        for (const { epoch } of write.rows) {
          if (epoch <= (entry.epochs.at(-1) ?? 0)) throw new Error(`epoch ${epoch} of trial ${write.trial} came twice`);
          entry.epochs.push(epoch);
        }
        return;
      case 'trial_ended':
        entry.state = write.end.state;
        return;
      case 'attempt_lost':
        Object.assign(entry, { state: 'queued', epochs: [] });
    }
  }
}

/** `count` queued trials, `configs` per replicate. */
export function queuedTrials(count: number, configs: number): TrialRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    config: index % configs,
    replicate: Math.floor(index / configs),
    state: 'queued',
    attempts: 0,
  }));
}
