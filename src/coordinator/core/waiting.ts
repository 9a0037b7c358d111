/** The trials that wait for a worker, per program, in the order in which they are to run. Pure data structure. */

/** What the queue must know about a trial. */
export interface Waiter {
  readonly id: number;
  /** Index of its program. */
  readonly program: number;
  readonly replicate: number;
  /** Place in the sweep's order. */
  readonly position: number;
}

/** Per program a list with the foremost trial last, so that taking it costs nothing. */
export class WaitingTrials<T extends Waiter> {
  readonly #lists = new Map<number, T[]>();

  constructor(trials: Iterable<T>) {
    for (const trial of trials) this.#list(trial.program).push(trial);
    for (const list of this.#lists.values()) list.sort((a, b) => b.position - a.position);
  }

  /** Puts a trial back to its own place. */
  putBack(trial: T): void {
    const list = this.#list(trial.program);
    const behind = list.findLastIndex((other) => other.position > trial.position);
    list.splice(behind + 1, 0, trial);
  }

  /** Takes the foremost `count` trials of a program, or all when there are fewer. */
  take(program: number, count: number): T[] {
    const list = this.#list(program);
    const taken = list.splice(Math.max(0, list.length - count)).reverse();
    if (list.length === 0) this.#lists.delete(program);
    return taken;
  }

  count(program: number): number {
    return this.#lists.get(program)?.length ?? 0;
  }

  /** The programs that have waiting trials. */
  programs(): number[] {
    return [...this.#lists.keys()];
  }

  /** The foremost trial of a program; undefined when none waits. */
  foremost(program: number): T | undefined {
    return this.#lists.get(program)?.at(-1);
  }

  #list(program: number): T[] {
    let list = this.#lists.get(program);
    if (!list) this.#lists.set(program, (list = []));
    return list;
  }
}
