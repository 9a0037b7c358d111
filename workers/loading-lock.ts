/** Lets threads of one process load the native library one after another: its set of attribute names has no lock. */

import { threadId } from 'node:worker_threads';

const FREE = 0;
/** A thread that dies while it loads may not let go: wait no longer than loading can take. */
const LONGEST_LOADING_MILLISECONDS = 120_000;

export class LoadingLock {
  readonly #holder: Int32Array;

  /** @param holder Int32[1], shared by all threads: 0 free, else the id of the thread that holds it */
  constructor(holder: SharedArrayBuffer) {
    this.#holder = new Int32Array(holder);
  }

  /** Takes it where it is free. */
  tryTake(): boolean {
    return Atomics.compareExchange(this.#holder, 0, FREE, threadId) === FREE;
  }

  /** Waits until it is free, and takes it; after a long time goes on without it. */
  take(): void {
    while (!this.tryTake()) {
      const holder = Atomics.load(this.#holder, 0);
      if (Atomics.wait(this.#holder, 0, holder, LONGEST_LOADING_MILLISECONDS) === 'timed-out') return;
    }
  }

  release(): void {
    if (Atomics.compareExchange(this.#holder, 0, threadId, FREE) === threadId) Atomics.notify(this.#holder, 0, 1);
  }
}
