/** An executor in virtual time: trials last and end as a function says, so that a whole night runs in a moment. Deterministic. */

import type { TrialTask } from '../../workers/train/program.ts';
import type {
  AttemptEnd,
  CohortEnd,
  CohortEvent,
  CohortTask,
  EpochRow,
  Executor,
  FailureKind,
  ResumePoint,
  RunningCohort,
  WorkerUse,
} from './executor.ts';

/** What an attempt comes to. */
export interface SimulatedAttempt {
  readonly epochs: number;
  readonly secondsPerEpoch: number;
  /** `completes`, ends with a failure of its own, or takes its cohort down with it at its last epoch. */
  readonly outcome: 'completes' | 'diverges' | 'throws' | { readonly breaks: FailureKind };
  /** What a metric, such as `test_accuracy`, is after an epoch; 1 / epoch, where this is left out. */
  readonly measure?: (metric: string, epoch: number) => number;
}

export interface SimulatedExecutorOptions {
  readonly workers: number;
  /** `attempt` counts from 1 within this executor. */
  readonly simulate: (trial: TrialTask, attempt: number) => SimulatedAttempt;
  /** Virtual seconds of a chunk, at whose end events are sent and slots refilled. */
  readonly chunkSeconds?: number;
}

/** Virtual seconds between two checkpoints where the task does not say. */
const CHECKPOINT_SECONDS = 0.5;
const FINGERPRINT = 'simulated';

interface Slot {
  readonly trial: TrialTask;
  readonly attempt: SimulatedAttempt;
  readonly since: number;
  /** The epoch after which it went on. */
  readonly from: number;
  epoch: number;
  /** The last epoch whose row was reported. */
  reported: number;
}

/**
 * Virtual time that all cohorts of an executor share: the earliest thing happens next, ties in the order of asking.
 * The agenda is short: each cohort waits for one thing at a time.
 */
class VirtualClock {
  now = 0;
  readonly #agenda: { readonly at: number; readonly run: () => void }[] = [];
  #turning = false;

  after(seconds: number, run: () => void): void {
    const at = this.now + seconds;
    const behind = this.#agenda.findLastIndex((other) => other.at <= at);
    this.#agenda.splice(behind + 1, 0, { at, run });
    if (!this.#turning) {
      this.#turning = true;
      setImmediate(() => this.#turn());
    }
  }

  // One thing per turn of the event loop, so that whoever listens has reacted before the next one happens.
  #turn(): void {
    const next = this.#agenda.shift();
    if (!next) {
      this.#turning = false;
      return;
    }
    this.now = next.at;
    next.run();
    setImmediate(() => this.#turn());
  }
}

export class SimulatedExecutor implements Executor {
  readonly workers: number;
  readonly #clock = new VirtualClock();
  readonly #options: SimulatedExecutorOptions;
  readonly #attempts = new Map<number, number>();
  readonly #free: number[];
  readonly #running = new Set<SimulatedCohort>();

  constructor(options: SimulatedExecutorOptions) {
    this.workers = options.workers;
    this.#options = options;
    this.#free = Array.from({ length: options.workers }, (_, index) => options.workers - index);
  }

  /** Virtual seconds since the start. */
  get now(): number {
    return this.#clock.now;
  }

  start(task: CohortTask, listen: (event: CohortEvent) => void): RunningCohort {
    const worker = this.#free.pop();
    if (worker === undefined) throw new Error(`At most ${this.workers} cohorts can run at the same time.`);
    const simulate = (trial: TrialTask): SimulatedAttempt => {
      const attempt = (this.#attempts.get(trial.trial) ?? 0) + 1;
      this.#attempts.set(trial.trial, attempt);
      return this.#options.simulate(trial, attempt);
    };
    const cohort = new SimulatedCohort(task, worker, this.#clock, simulate, this.#options.chunkSeconds ?? 1, listen);
    this.#running.add(cohort);
    const free = (): void => {
      this.#running.delete(cohort);
      this.#free.push(worker);
    };
    void cohort.ended.then(free);
    return cohort;
  }

  use(): readonly WorkerUse[] {
    return [];
  }

  async close(): Promise<void> {
    const running = [...this.#running];
    for (const cohort of running) cohort.stop('now');
    await Promise.all(running.map((cohort) => cohort.ended));
  }
}

class SimulatedCohort implements RunningCohort {
  readonly ended: Promise<CohortEnd>;
  readonly #backlog: TrialTask[];
  readonly #slots: (Slot | undefined)[];
  readonly #clock: VirtualClock;
  readonly #simulate: (trial: TrialTask) => SimulatedAttempt;
  readonly #chunkSeconds: number;
  readonly #listen: (event: CohortEvent) => void;
  readonly #settle: (end: CohortEnd) => void;
  readonly #metrics: readonly string[];
  readonly #checkpointSeconds: number;
  #checkpointedAt: number;
  #stopping = false;
  #over = false;

  constructor(
    task: CohortTask,
    worker: number,
    clock: VirtualClock,
    simulate: (trial: TrialTask) => SimulatedAttempt,
    chunkSeconds: number,
    listen: (event: CohortEvent) => void,
  ) {
    this.#backlog = [...task.trials];
    this.#slots = Array.from({ length: task.width }, () => undefined);
    this.#clock = clock;
    this.#simulate = simulate;
    this.#chunkSeconds = chunkSeconds;
    this.#listen = listen;
    const { promise, resolve } = settleable<CohortEnd>();
    this.ended = promise;
    this.#settle = resolve;
    const { metrics } = task.program;
    this.#metrics = metrics;
    this.#checkpointSeconds = task.checkpointSeconds ?? CHECKPOINT_SECONDS;
    this.#checkpointedAt = clock.now;
    clock.after(0, () => {
      if (this.#over) return;
      listen({ type: 'cohort_started', worker, backend: 'simulated', fingerprint: FINGERPRINT, metrics });
      this.#fill();
    });
  }

  add(trials: readonly TrialTask[]): void {
    this.#backlog.push(...trials);
  }

  stop(when: 'chunk' | 'now'): void {
    if (this.#over) return;
    if (when === 'chunk') this.#stopping = true;
    else this.#end({ reason: 'stopped' });
  }

  fail(kind: FailureKind, message: string): void {
    if (!this.#over) this.#end({ reason: 'failed', kind, message });
  }

  #end(end: CohortEnd): void {
    this.#over = true;
    this.#settle(end);
  }

  #company(): number[] {
    return this.#slots.flatMap((slot) => (slot ? [slot.trial.trial] : []));
  }

  #fill(): void {
    if (this.#stopping) return this.#leave();
    this.#slots.forEach((occupied, slot) => {
      const trial = occupied ? undefined : this.#backlog.shift();
      if (!trial) return;
      this.#place(trial, slot);
    });
    if (this.#company().length === 0) return this.#end({ reason: 'finished' });
    if (this.#backlog.length === 0) this.#listen({ type: 'wants_trials', count: Math.ceil(this.#slots.length / 2) });
    this.#clock.after(this.#chunkSeconds, () => this.#chunk());
  }

  /** Stops so that nothing is trained twice. */
  #leave(): void {
    for (const slot of this.#slots) if (slot && slot.epoch > slot.reported) this.#report(slot, 'checkpoint');
    this.#end({ reason: 'stopped' });
  }

  #place(task: TrialTask, slot: number): void {
    const { trial, resume } = task;
    const company = this.#company();
    const from = resume ? resumeEpoch(resume) : 0;
    const attempt = this.#simulate(task);
    this.#slots[slot] = { trial: task, attempt, since: this.#clock.now, from, epoch: from, reported: from };
    const width = this.#slots.length;
    this.#listen({ type: 'trial_started', trial, slot, width, layout: 'simulated', company, resumed_from: from });
    if (resume && from === 0) this.#listen({ type: 'trial_noted', trial, note: 'Its checkpoint is of another kind.' });
  }

  #chunk(): void {
    if (this.#over) return;
    const due = this.#clock.now - this.#checkpointedAt >= this.#checkpointSeconds;
    if (due) this.#checkpointedAt = this.#clock.now;
    for (const [index, slot] of this.#slots.entries()) {
      if (slot) this.#advance(slot, index, due);
      if (this.#over) return;
    }
    this.#fill();
  }

  #advance(slot: Slot, index: number, due: boolean): void {
    const { trial, attempt, since, from } = slot;
    const seconds = this.#clock.now - since;
    slot.epoch = Math.min(attempt.epochs, from + Math.floor(seconds / attempt.secondsPerEpoch));
    if (slot.epoch < attempt.epochs) {
      if (slot.epoch > slot.reported) this.#report(slot, due ? 'checkpoint' : 'epoch');
      return;
    }
    const { outcome } = attempt;
    if (typeof outcome === 'object') return this.fail(outcome.breaks, `simulated: ${outcome.breaks}`);
    this.#report(slot, 'rows');
    this.#slots[index] = undefined;
    const end = simulatedEnd(outcome, slot.epoch);
    this.#listen({ type: 'trial_ended', trial: trial.trial, end, seconds, metrics: this.#values(attempt, slot.epoch) });
  }

  /** Tells how far a slot is: the epoch alone, or with its rows, or with these and a checkpoint. */
  #report(slot: Slot, what: 'epoch' | 'rows' | 'checkpoint'): void {
    const { trial, attempt, epoch, reported } = slot;
    const rows = what === 'epoch' ? [] : this.#rows(attempt, reported + 1, epoch);
    if (what !== 'epoch') slot.reported = epoch;
    const checkpoint = what === 'checkpoint' ? { checkpoint: checkpointOf(epoch) } : {};
    this.#listen({ type: 'progress', trial: trial.trial, epoch, train_loss: 1 / epoch, rows, ...checkpoint });
  }

  /** The rows of the epochs from `first` to `last`. */
  #rows(attempt: SimulatedAttempt, first: number, last: number): EpochRow[] {
    return Array.from({ length: last - first + 1 }, (_, row) => ({
      epoch: first + row,
      values: this.#values(attempt, first + row),
    }));
  }

  #values({ measure = (_, epoch) => 1 / epoch }: SimulatedAttempt, epoch: number): number[] {
    return this.#metrics.map((metric) => measure(metric, epoch));
  }
}

function simulatedEnd(outcome: 'completes' | 'diverges' | 'throws', epochs: number): AttemptEnd {
  if (outcome === 'completes') return { state: 'completed', stop_reason: 'epochs', epochs, kept_epoch: epochs };
  const kind = outcome === 'diverges' ? 'diverged' : 'error';
  return { state: 'failed', kind, epochs, message: `simulated: ${outcome}` };
}

/** All that a simulated trial must know to go on. */
function checkpointOf(epoch: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ epoch }));
}

/** The epoch after which a trial goes on: 0 where another kind of worker made the checkpoint. */
function resumeEpoch({ fingerprint, bytes }: ResumePoint): number {
  if (fingerprint !== FINGERPRINT) return 0;
  return (JSON.parse(new TextDecoder().decode(bytes)) as { epoch: number }).epoch;
}

function settleable<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
