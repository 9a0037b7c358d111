/** Collects the mistakes found in data, so that a user sees all of them at once, but not thousands. */

import { SweepError, type Problem } from '../../src/errors.ts';

const SHOWN = 10;

export class ProblemList {
  readonly #shown: Problem[] = [];
  #count = 0;

  /** A problem is made only when it will be shown: finding the place of a cell is slow. */
  add(make: () => Problem): void {
    this.#count += 1;
    if (this.#shown.length < SHOWN) this.#shown.push(make());
  }

  /** @throws SweepError 'data' with the first ten problems and the number of the others, if there is any */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#shown.length;
    throw new SweepError('data', more > 0 ? [...this.#shown, { message: `and ${more} more` }] : this.#shown);
  }
}
