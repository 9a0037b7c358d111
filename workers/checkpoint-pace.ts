/** When a cohort's checkpoints are due: rarely enough that neither making nor storing them is felt. Pure. */

const DEFAULT_SECONDS = 0.5;

/** Making them takes this share of the time at most. */
const LARGEST_SHARE = 1 / 40;

/** Bytes of checkpoints that the database is given in a second at most, on average. */
const BYTES_PER_SECOND = 512 * 1024;

export class CheckpointPace {
  readonly #seconds: number;
  /** Of the last ones; of the cohort's begin before there are any. */
  #madeAt: number;
  /** Seconds that the last ones took. */
  #cost = 0;

  /**
   * @param seconds between checkpoints at least; 0: always due; Infinity: never
   * @param now in milliseconds, as every time here
   */
  constructor(seconds = DEFAULT_SECONDS, now: number) {
    this.#seconds = seconds;
    this.#madeAt = now;
  }

  /** @param bytes of all the checkpoints to be made */
  isDue(now: number, bytes: number): boolean {
    if (this.#seconds === 0) return true;
    const interval = Math.max(this.#seconds, this.#cost / LARGEST_SHARE, bytes / BYTES_PER_SECOND);
    return now - this.#madeAt >= interval * 1000;
  }

  get isOff(): boolean {
    return this.#seconds === Infinity;
  }

  made(from: number, to: number): void {
    this.#madeAt = to;
    this.#cost = (to - from) / 1000;
  }
}
