/** Keeps the stored analysis of a sweep near its results while it runs, and in step with them when it ends. */

import type { Worker } from 'node:worker_threads';
import { passes } from '../../db/database-error.ts';
import type { Store } from '../../db/store.ts';
import { ownThreadFile, startThread } from '../own-thread.ts';
import type { AnalysisDone, AnalysisThreadData } from './analysis-thread.ts';

/** Milliseconds before the first time, and between two times at least. */
const LEAST_PAUSE = 10_000;
/** Of the time, at most. */
const SHARE = 0.01;

export interface UpkeepOptions {
  readonly store: Store;
  /** Its id. */
  readonly sweep: number;
  /** It could not be stored, and is not tried again in this run; results do not depend on it. */
  readonly onTrouble: (message: string) => void;
}

export class AnalysisUpkeep {
  readonly #options: UpkeepOptions;
  #thread: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Resolves the refresh that goes on. */
  #done: () => void = () => {};
  #isOver = false;
  #hasFailed = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#after(LEAST_PAUSE);
  }

  /** Once, in a thread, so that commits need not wait for it; resolves when it is done, or was given up. */
  refresh(): Promise<void> {
    const { store, sweep } = this.#options;
    // Opening a file that is gone would make another one.
    if (this.#isOver || !store.isThere()) return Promise.resolve();
    this.#thread ??= this.#start({ database: store.file, sweep });
    const thread = this.#thread;
    return new Promise((resolve) => {
      this.#done = resolve;
      thread.postMessage(null);
    });
  }

  /** For the last time; the run has ended, whatever comes of it. */
  async end(): Promise<void> {
    const { store, sweep } = this.#options;
    await this.#stop();
    try {
      if (!this.#hasFailed && store.isThere()) store.analyse(sweep);
    } catch (error) {
      if (passes(error) === undefined) this.#giveUp(error);
    }
  }

  #after(milliseconds: number): void {
    this.#timer = setTimeout(() => void this.#timedRefresh(), milliseconds);
    this.#timer.unref();
  }

  async #timedRefresh(): Promise<void> {
    const begin = performance.now();
    await this.refresh();
    if (!this.#isOver) this.#after(Math.max(LEAST_PAUSE, (performance.now() - begin) / SHARE));
  }

  #start(data: AnalysisThreadData): Worker {
    const thread = startThread(ownThreadFile(new URL('./analysis-thread.js', import.meta.url)), data);
    thread.on('message', ({ trouble }: AnalysisDone) => {
      if (trouble !== undefined) this.#giveUp(trouble);
      this.#done();
    });
    thread.on('error', (error) => this.#giveUp(error));
    thread.on('exit', () => this.#done());
    return thread;
  }

  #giveUp(error: unknown): void {
    this.#hasFailed = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onTrouble(`the analysis of the results could not be stored: ${reason}`);
    void this.#stop();
  }

  async #stop(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#thread?.terminate();
  }
}
