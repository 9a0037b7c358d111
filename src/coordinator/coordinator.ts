/** The loop around the core: hears the executor, lets the core decide, commits what it writes, carries out what it commands. */

import type { Write } from '../../db/writes.ts';
import type { AnyCohortTask, Executor, RunningCohort } from '../executor/executor.ts';
import { type CoreCommand, type CoreEvent, decide } from './core/decide.ts';
import { type CoreState, type Stop, isDone } from './core/state.ts';
import type { SweepPlan } from './plan.ts';

/** Milliseconds that rows may wait for company in a transaction. */
const COMMIT_INTERVAL = 250;

export interface CoordinatorOptions {
  readonly core: CoreState;
  readonly plan: SweepPlan;
  readonly executor: Executor;
  /** One transaction, all or nothing. */
  readonly commit: (writes: readonly Write[]) => void;
  /** What has just been committed. */
  readonly onCommitted?: (writes: readonly Write[]) => void;
}

export class Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #cohorts = new Map<number, RunningCohort>();
  #pending: Write[] = [];
  #timer: NodeJS.Timeout | undefined;
  #urgent: NodeJS.Immediate | undefined;
  #over = false;
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
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
  }

  #apply(event: CoreEvent): void {
    if (this.#over) return;
    try {
      const { writes, commands } = decide(this.#options.core, event);
      this.#pending.push(...writes);
      if (commands.length > 0) this.#commit();
      else if (writes.some((write) => write.type === 'trial_ended'))
        this.#urgent ??= setImmediate(() => this.#guardedCommit());
      else if (writes.length > 0) this.#timer ??= setTimeout(() => this.#guardedCommit(), COMMIT_INTERVAL);
      for (const command of commands) this.#carryOut(command);
      if (isDone(this.#options.core)) this.#finish();
    } catch (error) {
      this.fail(error);
    }
  }

  #guardedCommit(): void {
    try {
      this.#commit();
    } catch (error) {
      this.fail(error);
    }
  }

  #commit(): void {
    this.#cancelTimers();
    const writes = this.#pending;
    if (writes.length === 0) return;
    this.#options.commit(writes);
    this.#pending = [];
    this.#options.onCommitted?.(writes);
  }

  #cancelTimers(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#urgent);
    this.#timer = undefined;
    this.#urgent = undefined;
  }

  #carryOut(command: CoreCommand): void {
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
        this.#cohorts.get(command.cohort)?.add(this.#tasks(command.trials));
        return;
      case 'stop_cohort':
        this.#cohorts.get(command.cohort)?.stop(command.when);
    }
  }

  #tasks(trials: readonly number[]): ReturnType<SweepPlan['task']>[] {
    return trials.map((id) => {
      const { config, replicate } = this.#options.core.trials.get(id)!;
      return this.#options.plan.task(id, config, replicate);
    });
  }

  #finish(): void {
    this.#commit();
    this.#over = true;
    this.#settle?.resolve();
  }

  /** Gives up. The database stays as it was at the last commit, from which a later run goes on. */
  fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimers();
    for (const cohort of this.#cohorts.values()) cohort.stop('now');
    this.#settle?.reject(error);
  }
}
