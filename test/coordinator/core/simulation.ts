/** Worker threads in miniature for tests of the core: carries out its commands and reports in an order drawn by the test. */

import type { LossCause, TrialRecord } from '../../../db/writes.ts';
import { type CoreCommand, type CoreEvent, type Decision, decide } from '../../../src/coordinator/core/decide.ts';
import { type CoreState, type Stop, createCore, isDone } from '../../../src/coordinator/core/state.ts';
import type { AttemptEnd, CohortEnd, CohortEvent, EpochRow, FailureKind } from '../../../src/executor/executor.ts';

interface FakeCohort {
  readonly id: number;
  readonly width: number;
  readonly backlog: number[];
  /** Running trials by slot. */
  readonly slots: Map<number, FakeSlot>;
  started: boolean;
  stop: Stop | undefined;
}

interface FakeSlot {
  readonly trial: number;
  epoch: number;
  /** The last epoch whose row was reported. */
  reported: number;
}

/** What becomes of a trial that harms its thread at most: how often it fails in which way before it completes. */
export type ThreadFate = 'completes' | { readonly kind: FailureKind; readonly times: number };

/** What becomes of a trial; `kills`: its process dies at epoch `at`. */
export type Fate = ThreadFate | { readonly kills: LossCause; readonly at: number };

/** Epochs that a trial trains. */
export const LENGTH = 6;

export interface SimulationOptions {
  readonly trials: readonly TrialRecord[];
  readonly programs: number;
  readonly workers: number;
  readonly widest: number;
  readonly fate: (trial: number) => Fate;
  /** An integer in [0, bound): all that happens by chance. */
  readonly draw: (bound: number) => number;
}

export class Simulation {
  readonly state: CoreState;
  readonly events: CoreEvent[] = [];
  readonly decisions: Decision[] = [];
  /** What took the process down, once it is dead: it does nothing any more. */
  death: LossCause | undefined;
  readonly #options: SimulationOptions;
  readonly #cohorts = new Map<number, FakeCohort>();
  readonly #failures = new Map<number, number>();
  readonly #commit: (decision: Decision) => void;

  constructor(options: SimulationOptions, commit: (decision: Decision) => void) {
    this.#options = options;
    this.#commit = commit;
    const { programs, workers, widest } = options;
    this.state = createCore({
      trials: options.trials,
      programOf: ({ config }) => config % programs,
      widest: Array.from({ length: programs }, () => widest),
      workers,
      run: 1,
    });
    this.send({ type: 'begin' });
  }

  get done(): boolean {
    return isDone(this.state);
  }

  /** Whether any cohort runs. */
  get busy(): boolean {
    return this.#cohorts.size > 0;
  }

  send(event: CoreEvent): void {
    this.events.push(event);
    const decision = decide(this.state, event);
    this.decisions.push(decision);
    this.#commit(decision);
    for (const command of decision.commands) this.#carryOut(command);
  }

  /** Lets one cohort, drawn by chance, do one thing. */
  step(): void {
    const cohorts = [...this.#cohorts.values()];
    const cohort = cohorts[this.#options.draw(cohorts.length)];
    if (!cohort) throw new Error('the core waits, but nothing runs');
    if (!cohort.started) {
      cohort.started = true;
      this.#report(cohort, {
        type: 'cohort_started',
        worker: 1,
        backend: 'simulated',
        fingerprint: 'simulated',
        metrics: ['train_loss'],
      });
      return;
    }
    if (cohort.stop) return this.#stop(cohort);
    const next = cohort.backlog[0];
    if (next !== undefined && cohort.slots.size < cohort.width) return this.#place(cohort, next);
    if (cohort.slots.size === 0) return this.#end(cohort, { reason: 'finished' });
    if (this.#options.draw(3) === 0 && cohort.backlog.length < 2) {
      return this.#report(cohort, { type: 'wants_trials', count: 1 + this.#options.draw(4) });
    }
    this.#train(cohort);
  }

  #stop(cohort: FakeCohort): void {
    if (cohort.stop === 'chunk') for (const slot of cohort.slots.values()) this.#checkpoint(cohort, slot);
    this.#end(cohort, { reason: 'stopped' });
  }

  #place(cohort: FakeCohort, trial: number): void {
    cohort.backlog.shift();
    const slot = Array.from({ length: cohort.width }, (_, index) => index).find((index) => !cohort.slots.has(index))!;
    const company = [...cohort.slots.values()].map((other) => other.trial);
    // Now and then a checkpoint is refused.
    const from = this.#options.draw(20) === 0 ? 0 : this.state.trials.get(trial)!.epochs;
    cohort.slots.set(slot, { trial, epoch: from, reported: from });
    const place = { slot, width: cohort.width, layout: 'stacked', company, resumed_from: from };
    this.#report(cohort, { type: 'trial_started', trial, ...place });
  }

  #train(cohort: FakeCohort): void {
    const entries = [...cohort.slots.entries()];
    const [index, slot] = entries[this.#options.draw(entries.length)]!;
    const { trial } = slot;
    slot.epoch += 1;
    const fate = this.#options.fate(trial);
    if (typeof fate === 'object' && 'kills' in fate && slot.epoch >= fate.at) {
      this.death = fate.kills;
      return;
    }
    if (slot.epoch < LENGTH) {
      if (this.#options.draw(2) === 0) return this.#checkpoint(cohort, slot);
      const { epoch } = slot;
      return this.#report(cohort, { type: 'progress', trial, epoch, train_loss: 1, rows: [] });
    }
    const failures = this.#failures.get(trial) ?? 0;
    if (fate === 'completes' || 'kills' in fate || failures >= fate.times) {
      const end = { state: 'completed', stop_reason: 'epochs', epochs: LENGTH, kept_epoch: LENGTH } as const;
      return this.#endTrial(cohort, index, end);
    }
    this.#failures.set(trial, failures + 1);
    const { kind } = fate;
    if (kind === 'diverged' || kind === 'error') {
      this.#endTrial(cohort, index, { state: 'failed', kind, epochs: LENGTH, message: 'by fate' });
    } else {
      this.#end(cohort, { reason: 'failed', kind, message: 'by fate' });
    }
  }

  /** Reports the rows that were held back, with a checkpoint if there are any. */
  #checkpoint(cohort: FakeCohort, slot: FakeSlot): void {
    const { trial, epoch } = slot;
    const rows = heldBack(slot);
    if (rows.length === 0) return;
    slot.reported = epoch;
    const checkpoint = Uint8Array.of(epoch);
    this.#report(cohort, { type: 'progress', trial, epoch, train_loss: 1, rows, checkpoint });
  }

  #endTrial(cohort: FakeCohort, index: number, end: AttemptEnd): void {
    const slot = cohort.slots.get(index)!;
    const { trial, epoch } = slot;
    cohort.slots.delete(index);
    this.#report(cohort, { type: 'progress', trial, epoch, train_loss: 1, rows: heldBack(slot) });
    this.#report(cohort, { type: 'trial_ended', trial, end, seconds: 1, metrics: [0.5] });
  }

  #report(cohort: FakeCohort, event: CohortEvent): void {
    this.send({ type: 'cohort', cohort: cohort.id, event });
  }

  #end(cohort: FakeCohort, end: CohortEnd): void {
    this.#cohorts.delete(cohort.id);
    this.send({ type: 'cohort_ended', cohort: cohort.id, end });
  }

  #carryOut(command: CoreCommand): void {
    if (command.type === 'start_cohort') {
      const { cohort: id, width, trials } = command;
      this.#cohorts.set(id, { id, width, backlog: [...trials], slots: new Map(), started: false, stop: undefined });
      return;
    }
    const cohort = this.#cohorts.get(command.cohort);
    if (command.type === 'add_trials') cohort?.backlog.push(...command.trials);
    else if (cohort) cohort.stop = command.when;
  }
}

/** A slot's rows since the last reported one. */
function heldBack({ epoch, reported }: FakeSlot): EpochRow[] {
  return Array.from({ length: epoch - reported }, (_, row) => ({ epoch: reported + 1 + row, values: [1] }));
}
