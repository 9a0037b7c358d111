/** Commits what waits to be written, and goes on trying while the disk is full or another process holds the database. */

import type { Write } from '../../db/writes.ts';

/** Milliseconds to the first further try, and between tries at most. */
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 5000;
/** Milliseconds without success after which nothing more should be produced that waits. */
const HOLD_AFTER = 5000;

export interface PatientCommitOptions {
  /** One transaction, all or nothing. */
  readonly commit: (writes: readonly Write[]) => void;
  /** Whether an error of `commit` may pass by itself. */
  readonly passes: (error: unknown) => boolean;
  readonly onCommitted: (writes: readonly Write[]) => void;
  /** The first try has failed. */
  readonly onBlocked: (error: unknown) => void;
  /** It has lasted: what produces writes should hold. */
  readonly onLasting: () => void;
  /** All that waited is committed. */
  readonly onFreed: () => void;
  /** A later try has failed with an error that does not pass. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export class PatientCommit {
  readonly #options: PatientCommitOptions;
  readonly #now: () => number;
  #pending: Write[] = [];
  #blocked: { readonly since: number; delay: number; isLasting: boolean; error: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PatientCommitOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The error for which it waits; undefined when the last try succeeded. */
  get blockedBy(): unknown {
    return this.#blocked?.error;
  }

  add(writes: readonly Write[]): void {
    this.#pending.push(...writes);
  }

  /** Whether all is committed; if not, it is tried again. Throws errors that do not pass. */
  flush(): boolean {
    return this.#blocked ? false : this.#try();
  }

  /** Tries no more. What is not committed is lost with the process, and trained again. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #try(): boolean {
    const writes = this.#pending;
    if (writes.length > 0) {
      try {
        this.#options.commit(writes);
      } catch (error) {
        if (!this.#options.passes(error)) throw error;
        this.#wait(error);
        return false;
      }
      this.#pending = [];
      this.#options.onCommitted(writes);
    }
    return true;
  }

  #wait(error: unknown): void {
    const first = !this.#blocked;
    const blocked = (this.#blocked ??= { since: this.#now(), delay: FIRST_DELAY, isLasting: false, error });
    this.#timer = setTimeout(() => this.#retry(), blocked.delay);
    blocked.delay = Math.min(LONGEST_DELAY, 2 * blocked.delay);
    blocked.error = error;
    if (first) this.#options.onBlocked(error);
    if (!blocked.isLasting && this.#now() - blocked.since >= HOLD_AFTER) {
      blocked.isLasting = true;
      this.#options.onLasting();
    }
  }

  #retry(): void {
    try {
      if (!this.#try()) return;
      this.#blocked = undefined;
      this.#options.onFreed();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
