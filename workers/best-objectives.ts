/** The best results of a worker thread: whose final state may be the sweep's best, and is worth handing over. */

import type { MetricName } from '../src/metrics.ts';

export class BestObjectives {
  readonly #best = new Map<MetricName, number>();

  /**
   * Whether no value before was better; it counts among them from now on. As good is enough: which of equal ones is the
   * sweep's best does not depend on who was first.
   * @param sign 1 where lower is better, -1 where higher is
   */
  reaches(objective: MetricName, value: number, sign: 1 | -1): boolean {
    const best = this.#best.get(objective);
    if (best !== undefined && best * sign < value * sign) return false;
    this.#best.set(objective, value);
    return true;
  }
}
