/** Counts values that are compared with recorded ones, and how far apart they are. */

export interface Comparison {
  readonly values: number;
  /** Largest |difference|. */
  readonly largest: number;
  /** Values outside their tolerance, and the first of them for a message. */
  readonly wrong: number;
  readonly first: string | undefined;
}

export class Comparer {
  #values = 0;
  #largest = 0;
  #wrong = 0;
  #first: string | undefined;

  /** @param tolerance 3e-5 + 1e-4 |expected| unless it is said otherwise */
  compare(what: string, found: number, expected: number, tolerance = 3e-5 + 1e-4 * Math.abs(expected)): void {
    const difference = found === expected ? 0 : Math.abs(found - expected);
    this.#values += 1;
    this.#largest = Math.max(this.#largest, difference);
    if (difference <= tolerance) return;
    this.#wrong += 1;
    this.#first ??= `${what}: ${found} instead of ${expected}`;
  }

  result(): Comparison {
    return { values: this.#values, largest: this.#largest, wrong: this.#wrong, first: this.#first };
  }
}
