/** Worker threads in miniature for tests of the core: carries out its commands and reports in an order drawn by the test. */

import type { TrialRecord } from '../../../db/writes.ts';
import { type CoreCommand, type CoreEvent, type Decision, decide } from '../../../src/coordinator/core/decide.ts';
import { type CoreState, createCore, isDone } from '../../../src/coordinator/core/state.ts';
import type { AttemptEnd, CohortEvent, FailureKind } from '../../../src/executor/executor.ts';

interface FakeCohort {
  readonly id: number;
  readonly width: number;
  readonly backlog: number[];
  /** Running trials by slot, with the epoch they reached. */
  readonly slots: Map<number, { trial: number; epoch: number }>;
  started: boolean;
  stop: boolean;
}

/** What becomes of a trial: how often it fails in which way before it completes. */
export type Fate = { readonly kind: FailureKind; readonly times: number } | 'completes';

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
    if (cohort.stop) return this.#end(cohort, { type: 'cohort_ended', cohort: cohort.id, end: { reason: 'stopped' } });
    const next = cohort.backlog[0];
    if (next !== undefined && cohort.slots.size < cohort.width) return this.#place(cohort, next);
    if (cohort.slots.size === 0) {
      return this.#end(cohort, { type: 'cohort_ended', cohort: cohort.id, end: { reason: 'finished' } });
    }
    if (this.#options.draw(3) === 0 && cohort.backlog.length < 2) {
      return this.#report(cohort, { type: 'wants_trials', count: 1 + this.#options.draw(4) });
    }
    this.#train(cohort);
  }

  #place(cohort: FakeCohort, trial: number): void {
    cohort.backlog.shift();
    const slot = Array.from({ length: cohort.width }, (_, index) => index).find((index) => !cohort.slots.has(index))!;
    const company = [...cohort.slots.values()].map((other) => other.trial);
    cohort.slots.set(slot, { trial, epoch: 0 });
    this.#report(cohort, { type: 'trial_started', trial, slot, width: cohort.width, layout: 'stacked', company });
  }

  #train(cohort: FakeCohort): void {
    const entries = [...cohort.slots.entries()];
    const [slot, running] = entries[this.#options.draw(entries.length)]!;
    const { trial } = running;
    running.epoch += 1;
    if (running.epoch < 3) {
      const row = { epoch: running.epoch, values: [1 / running.epoch] };
      this.#report(cohort, { type: 'progress', trial, epoch: running.epoch, train_loss: 1, rows: [row] });
      return;
    }
    const fate = this.#options.fate(trial);
    const failures = this.#failures.get(trial) ?? 0;
    if (fate === 'completes' || failures >= fate.times) {
      this.#endTrial(cohort, slot, trial, { state: 'completed', stop_reason: 'epochs', epochs: 2, kept_epoch: 2 });
      return;
    }
    this.#failures.set(trial, failures + 1);
    const { kind } = fate;
    if (kind === 'diverged' || kind === 'error') {
      this.#endTrial(cohort, slot, trial, { state: 'failed', kind, epochs: 2, message: 'by fate' });
    } else {
      this.#end(cohort, {
        type: 'cohort_ended',
        cohort: cohort.id,
        end: { reason: 'failed', kind, message: 'by fate' },
      });
    }
  }

  #endTrial(cohort: FakeCohort, slot: number, trial: number, end: AttemptEnd): void {
    cohort.slots.delete(slot);
    this.#report(cohort, { type: 'trial_ended', trial, end, seconds: 1, metrics: [0.5] });
  }

  #report(cohort: FakeCohort, event: CohortEvent): void {
    this.send({ type: 'cohort', cohort: cohort.id, event });
  }

  #end(cohort: FakeCohort, event: CoreEvent): void {
    this.#cohorts.delete(cohort.id);
    this.send(event);
  }

  #carryOut(command: CoreCommand): void {
    if (command.type === 'start_cohort') {
      const { cohort: id, width, trials } = command;
      this.#cohorts.set(id, { id, width, backlog: [...trials], slots: new Map(), started: false, stop: false });
      return;
    }
    const cohort = this.#cohorts.get(command.cohort);
    if (command.type === 'add_trials') cohort?.backlog.push(...command.trials);
    else if (cohort) cohort.stop = true;
  }
}
