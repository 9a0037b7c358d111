/**
 * When the next frame may be drawn: at most ten in any second (a token bucket of two, refilled by eight a second), and for
 * what merely changed at most two. So a key is answered at once, and looking on costs the sweep next to nothing.
 */

const MOST = 2;
const PER_MILLISECOND = 8 / 1000;
/** Milliseconds between two frames that no key waits for. */
const DATA_GAP = 500;

export class FramePace {
  #tokens = MOST;
  #at: number;
  #drawnAt = -Infinity;

  /** Times are in milliseconds, of any clock that never goes back. */
  constructor(now: number) {
    this.#at = now;
  }

  /** Milliseconds until a frame may be drawn. */
  wait(urgent: boolean, now: number): number {
    if (!urgent) return Math.max(0, this.#drawnAt + DATA_GAP - now);
    this.#refill(now);
    return Math.max(0, Math.ceil((1 - this.#tokens) / PER_MILLISECOND));
  }

  /** A frame is drawn now; one out of turn, such as for a new size, is paid for afterwards. */
  drawn(now: number): void {
    this.#refill(now);
    this.#tokens -= 1;
    this.#drawnAt = now;
  }

  /** Milliseconds since the last frame. */
  age(now: number): number {
    return now - this.#drawnAt;
  }

  #refill(now: number): void {
    this.#tokens = Math.min(MOST, this.#tokens + (now - this.#at) * PER_MILLISECOND);
    this.#at = now;
  }
}
