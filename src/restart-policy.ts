/** When a coordinator that died is started again, and when that is given up. Pure: the clock is an argument. */

/** How a child's life went, as far as it matters here. */
export interface ChildLife {
  /** Milliseconds on a clock that only goes forward. */
  readonly endedAt: number;
  /** Whether it got as far as training. */
  readonly ran: boolean;
  /** Whether any trial trained an epoch or ended. */
  readonly progressed: boolean;
  /** Whether it was trying trials apart from the others, to find the one that takes coordinators down. */
  readonly bisecting: boolean;
}

export type RestartDecision =
  | { readonly type: 'restart'; readonly afterMilliseconds: number }
  | { readonly type: 'give_up'; readonly reason: string };

const HOUR = 3_600_000;
const MOST_PER_HOUR = 10;
const MOST_FALSE_STARTS = 3;
/** More than a bisection of all trials in flight takes: if nothing ever gets on, no trial is to blame. */
const MOST_BARREN = 20;
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 30_000;

export class RestartPolicy {
  /** When the deaths that count happened, within the last hour. */
  #counted: number[] = [];
  #falseStarts = 0;
  #barren = 0;

  /** What follows from one more death. */
  afterDeath({ endedAt, ran, progressed, bisecting }: ChildLife): RestartDecision {
    this.#falseStarts = ran ? 0 : this.#falseStarts + 1;
    if (this.#falseStarts >= MOST_FALSE_STARTS) {
      return { type: 'give_up', reason: `it died ${MOST_FALSE_STARTS} times in a row before it could train` };
    }
    this.#barren = progressed ? 0 : this.#barren + 1;
    if (this.#barren >= MOST_BARREN) {
      return { type: 'give_up', reason: `it died ${MOST_BARREN} times in a row without any trial getting on` };
    }
    if (!bisecting) {
      this.#counted = [...this.#counted.filter((at) => endedAt - at < HOUR), endedAt];
      // The first death leads to the first restart.
      if (this.#counted.length > MOST_PER_HOUR) {
        return { type: 'give_up', reason: `it died more than ${MOST_PER_HOUR} times within an hour` };
      }
    }
    if (ran) return { type: 'restart', afterMilliseconds: 0 };
    return {
      type: 'restart',
      afterMilliseconds: Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#falseStarts - 1)),
    };
  }
}
