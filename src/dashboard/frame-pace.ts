/**
 * When the next frame may be drawn: at most ten in any second (a token bucket of two, refilled by eight a second). Data wait
 * until both are there, so that one is left for a key, which is answered at once.
 */

const MOST = 2;
const PER_MILLISECOND = 8 / 1000;

export class FramePace {
  #tokens = MOST;
  #at: number;

  /** Times are in milliseconds, of any clock that never goes back. */
  constructor(now: number) {
    this.#at = now;
  }

  /** Milliseconds until a frame may be drawn. */
  wait(urgent: boolean, now: number): number {
    this.#refill(now);
    const needed = urgent ? 1 : MOST;
    return Math.max(0, Math.ceil((needed - this.#tokens) / PER_MILLISECOND));
  }

  /** A frame is drawn now; one out of turn, such as for a new size, is paid for afterwards. */
  drawn(now: number): void {
    this.#refill(now);
    this.#tokens -= 1;
  }

  #refill(now: number): void {
    this.#tokens = Math.min(MOST, this.#tokens + (now - this.#at) * PER_MILLISECOND);
    this.#at = now;
  }
}
