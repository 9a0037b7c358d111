/** The memory limit of the coordinator's process: when to drain and restart, and when to give up at once. */

import { writeFileSync } from 'node:fs';

/** Above the limit by this factor there is no time for the end of a chunk. */
const INTOLERABLE = 1.25;
/** Seconds above the limit after a stop was asked for. */
const DRAIN_SECONDS = 10;
/** Mebibytes: what a worker may keep in JavaScript objects at most. */
const LARGEST_HEAP = 4096;

export type MemoryAdvice = 'go on' | 'drain' | 'give up';

/** Judges one measurement after another. Pure but for what it remembers. */
export class MemoryGuard {
  readonly #limit: number;
  #drainingSince: number | undefined;

  /** @param limit bytes of resident memory */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param now seconds of a clock that stands still while the machine sleeps */
  judge(resident: number, now: number): MemoryAdvice {
    if (resident > INTOLERABLE * this.#limit) return 'give up';
    if (resident <= this.#limit) return this.#drainingSince === undefined ? 'go on' : 'drain';
    this.#drainingSince ??= now;
    return now - this.#drainingSince > DRAIN_SECONDS ? 'give up' : 'drain';
  }
}

/** Mebibytes of V8's heap for each worker: its share of the process's memory. */
export function heapLimit(memoryLimit: number, workers: number): number {
  return Math.max(64, Math.min(LARGEST_HEAP, Math.floor(memoryLimit / workers / 2 ** 20)));
}

/** Lets Linux's OOM killer take this process before its supervisor and before others. Elsewhere there is nothing to do. */
export function offerToOomKiller(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // Not Linux, or not allowed: the supervisor then shares the risk.
  }
}
