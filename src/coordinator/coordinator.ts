/** The loop around the core: hears the executor, lets the core decide, commits what it writes, carries out what it commands. */

import type { Write } from '../../db/writes.ts';
import type { AnyCohortTask, Executor, ResumePoint, RunningCohort } from '../executor/executor.ts';
import { faultPoint } from '../faults.ts';
import { type CoreCommand, type CoreEvent, decide } from './core/decide.ts';
import { type CoreState, type HoldReason, type Stop, isDone } from './core/state.ts';
import { PatientCommit } from './patient-commit.ts';
import type { SweepPlan } from './plan.ts';

/** Milliseconds that rows may wait for company in a transaction, and that checkpoints may, whose loss costs training. */
const COMMIT_INTERVAL = 250;
const CHECKPOINT_INTERVAL = 20;

export interface CoordinatorOptions {
  readonly core: CoreState;
  readonly plan: SweepPlan;
  readonly executor: Executor;
  /** One transaction, all or nothing. */
  readonly commit: (writes: readonly Write[]) => void;
  /** Whether an error of `commit` may pass by itself, so that it is tried again; none, where this is left out. */
  readonly passes?: (error: unknown) => boolean;
  /** Nothing is committed at the moment for this error; undefined when it goes on. */
  readonly onBlocked?: (error: unknown) => void;
  /** Where a trial that has a checkpoint goes on. */
  readonly resumePoint?: (trial: number) => ResumePoint | undefined;
  /** What every cohort is told. */
  readonly cohortOptions?: Pick<AnyCohortTask, 'checkpointSeconds' | 'limits'>;
  /** What has just been committed. */
  readonly onCommitted?: (writes: readonly Write[]) => void;
}

/** What may only happen when its intent is on disk. */
type Intended = Exclude<CoreCommand, { type: 'stop_cohort' }>;

export class Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #cohorts = new Map<number, RunningCohort>();
  readonly #writes: PatientCommit;
  /** Commands that must not be carried out before their intents are committed. */
  #waiting: Intended[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When `timer` is due, in milliseconds of `performance.now()`. */
  #due = 0;
  #urgent: NodeJS.Immediate | undefined;
  #over = false;
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    const { commit, passes = () => false, onCommitted = () => {}, onBlocked = () => {} } = options;
    this.#writes = new PatientCommit({
      commit,
      passes,
      onCommitted,
      onBlocked,
      onLasting: () => this.#apply({ type: 'hold', reason: 'disk' }),
      onFreed: () => {
        onBlocked(undefined);
        this.#carryOutWaiting();
        this.#apply({ type: 'release', reason: 'disk' });
      },
      onError: (error) => this.fail(error),
    });
  }

  /** Resolves when every trial has ended or all was stopped; rejects when the store refuses or on a defect. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#apply({ type: 'begin' });
    });
  }

  stop(when: Stop): void {
    this.#apply({ type: 'stop', when });
    // Nobody waits for room on a disk who wants to stop at once.
    const error = this.#writes.blockedBy;
    if (when === 'now' && error !== undefined) this.fail(error);
  }

  /** Running cohorts end after their chunk, and nothing is started until `release`. */
  hold(reason: HoldReason): void {
    this.#apply({ type: 'hold', reason });
  }

  release(reason: HoldReason): void {
    this.#apply({ type: 'release', reason });
  }

  /** So many cohorts may run from now on. */
  share(workers: number): void {
    this.#apply({ type: 'share', workers });
  }

  #apply(event: CoreEvent): void {
    if (this.#over) return;
    try {
      const { writes, commands } = decide(this.#options.core, event);
      this.#writes.add(writes);
      for (const command of commands) {
        if (command.type === 'stop_cohort') this.#stopCohort(command.cohort, command.when);
        else this.#waiting.push(command);
      }
      if (commands.length > 0) this.#commit();
      else if (writes.some((write) => write.type === 'trial_ended'))
        this.#urgent ??= setImmediate(() => this.#guardedCommit());
      else if (writes.some((write) => write.type === 'epochs' && write.checkpoint))
        this.#commitWithin(CHECKPOINT_INTERVAL);
      else if (writes.length > 0) this.#commitWithin(COMMIT_INTERVAL);
      if (isDone(this.#options.core)) this.#finish();
    } catch (error) {
      this.fail(error);
    }
  }

  #commitWithin(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    if (this.#timer && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#guardedCommit(), milliseconds);
  }

  #guardedCommit(): void {
    try {
      this.#commit();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Whether all is committed; what waited for it has then been started. */
  #commit(): boolean {
    this.#cancelTimers();
    if (!this.#writes.flush()) return false;
    this.#carryOutWaiting();
    return true;
  }

  #carryOutWaiting(): void {
    const commands = this.#waiting;
    this.#waiting = [];
    for (const command of commands) this.#carryOut(command);
  }

  #stopCohort(cohort: number, when: Stop): void {
    const running = this.#cohorts.get(cohort);
    if (running) return running.stop(when);
    const starts = (command: Intended): boolean => command.type === 'start_cohort' && command.cohort === cohort;
    if (!this.#waiting.some(starts)) return;
    this.#waiting = this.#waiting.filter((command) => !starts(command));
    queueMicrotask(() => this.#apply({ type: 'cohort_ended', cohort, end: { reason: 'stopped' } }));
  }

  #cancelTimers(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#urgent);
    this.#timer = undefined;
    this.#urgent = undefined;
  }

  #carryOut(command: Intended): void {
    switch (command.type) {
      case 'start_cohort': {
        const { cohort, program, width } = command;
        const trials = this.#tasks(command.trials);
        // The plan's tasks are those of its program.
        const task = {
          version: 1,
          cohort,
          program: this.#options.plan.programs[program]!,
          width,
          trials,
          ...this.#options.cohortOptions,
        } as AnyCohortTask;
        const running = this.#options.executor.start(task, (event) => this.#apply({ type: 'cohort', cohort, event }));
        this.#cohorts.set(cohort, running);
        void running.ended.then((end) => {
          this.#cohorts.delete(cohort);
          this.#apply({ type: 'cohort_ended', cohort, end });
        });
        return;
      }
      case 'add_trials':
        if (command.trials.length > 0) faultPoint('refill');
        this.#cohorts.get(command.cohort)?.add(this.#tasks(command.trials));
    }
  }

  #tasks(trials: readonly number[]): ReturnType<SweepPlan['task']>[] {
    return trials.map((id) => {
      const { config, replicate, epochs } = this.#options.core.trials.get(id)!;
      const resume = epochs > 0 ? this.#options.resumePoint?.(id) : undefined;
      return { ...this.#options.plan.task(id, config, replicate), ...(resume ? { resume } : {}) };
    });
  }

  #finish(): void {
    if (!this.#commit()) return;
    this.#over = true;
    this.#settle?.resolve();
  }

  /** Commits what can be committed at this moment, for a process that is about to end. */
  tryCommit(): void {
    this.#guardedCommit();
  }

  /** Gives up. The database stays as it was at the last commit, from which a later run goes on. */
  fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimers();
    this.#writes.close();
    for (const cohort of this.#cohorts.values()) cohort.stop('now');
    this.#settle?.reject(error);
  }
}
