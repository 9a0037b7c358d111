/** Keeps what is costly to make while its source has not changed; where it changes all the time, long enough to pay for it. */

/** What cost c is kept for 20 c at least: looking on must not slow the sweep down. */
const KEPT_PER_COST = 20;

export interface Kept<Value> {
  readonly value: Value;
  /** The source has changed since. */
  readonly stale: boolean;
}

export class Paced<Value> {
  readonly #now: () => number;
  #kept: { key: number; version: number; value: Value; until: number } | undefined;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Of the newest key only, such as a sweep's id. @param version changes with the source */
  get(key: number, version: number, make: () => Value): Kept<Value> {
    const kept = this.#kept;
    if (kept?.key === key && (kept.version === version || this.#now() < kept.until)) {
      return { value: kept.value, stale: kept.version !== version };
    }
    const before = this.#now();
    const value = make();
    const after = this.#now();
    this.#kept = { key, version, value, until: after + KEPT_PER_COST * (after - before) };
    return { value, stale: false };
  }
}
