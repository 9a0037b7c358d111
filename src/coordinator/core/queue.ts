/** The trials that are to run: side by side, or each in a cohort of its own. Pure data structure. */

import { type Waiter, WaitingTrials } from './waiting.ts';

/** What the queue must know about a trial. */
export interface QueuedTrial extends Waiter {
  /** To be tried without company, because a cohort broke around it. */
  readonly alone: boolean;
}

export class TrialQueue<T extends QueuedTrial> {
  readonly sociable: WaitingTrials<T>;
  /** First come, first served. */
  readonly #alone: T[] = [];

  /** `trials` mind no company. */
  constructor(trials: Iterable<T>) {
    this.sociable = new WaitingTrials(trials);
  }

  get isEmpty(): boolean {
    return this.#alone.length === 0 && this.sociable.programs().length === 0;
  }

  /** Puts a trial back to its own place, or at the end of those that run alone. */
  putBack(trial: T): void {
    if (trial.alone) this.#alone.push(trial);
    else this.sociable.putBack(trial);
  }

  takeAlone(): T | undefined {
    return this.#alone.shift();
  }
}
