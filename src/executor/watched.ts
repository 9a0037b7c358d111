/** An executor whose cohorts are watched: one that is silent for too long, or takes too long, is ended as failed. */

import { type CohortLimits, Watchdog } from '../coordinator/watchdog.ts';
import type { AnyCohortTask, CohortEvent, Executor, RunningCohort, WorkerUse } from './executor.ts';

/** Milliseconds between looks at the clock. */
const LOOK_INTERVAL = 1000;
/** Milliseconds in which a thread ends that was told to, unless native code holds it. */
const END_PATIENCE = 10_000;

export interface WatchedOptions {
  readonly limitsOf: (task: AnyCohortTask) => CohortLimits;
  /** A worker is held by native code and cannot be ended: only the process can. */
  readonly onHung: (message: string) => void;
}

export class WatchedExecutor implements Executor {
  readonly workers: number;
  readonly #executor: Executor;
  readonly #options: WatchedOptions;
  readonly #watchdog = new Watchdog();
  readonly #running = new Map<number, RunningCohort>();
  readonly #timer: NodeJS.Timeout;

  constructor(executor: Executor, options: WatchedOptions) {
    this.workers = executor.workers;
    this.#executor = executor;
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_INTERVAL);
  }

  start(task: AnyCohortTask, listen: (event: CohortEvent) => void): RunningCohort {
    const { cohort } = task;
    this.#watchdog.started(cohort, this.#options.limitsOf(task), seconds());
    const running = this.#executor.start(task, (event) => {
      this.#watchdog.heard(cohort, event, seconds());
      listen(event);
    });
    this.#running.set(cohort, running);
    void running.ended.then(() => {
      this.#watchdog.ended(cohort);
      this.#running.delete(cohort);
    });
    return running;
  }

  use(): readonly WorkerUse[] {
    return this.#executor.use();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#executor.close();
  }

  #look(): void {
    for (const { cohort, kind, message } of this.#watchdog.overdue(seconds())) {
      const running = this.#running.get(cohort);
      if (!running) continue;
      running.fail(kind, message);
      const hung = setTimeout(() => this.#options.onHung(message), END_PATIENCE);
      void running.ended.then(() => clearTimeout(hung));
    }
  }
}

/** Of a clock that stands still while the machine sleeps. */
function seconds(): number {
  return performance.now() / 1000;
}
