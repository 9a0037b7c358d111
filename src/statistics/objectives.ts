/** The objectives of a sweep as a matrix of configs and replicates. Pure. */

export interface Objectives {
  readonly replicates: number;
  /** At `config * replicates + replicate`; NaN where there is no result. */
  readonly objectives: Float64Array;
}

/** Mean and spread of some numbers. */
export interface Summary {
  readonly n: number;
  /** NaN for none. */
  readonly mean: number;
  /** Sample standard deviation; null for fewer than two. */
  readonly std: number | null;
}

/**
 * Of the numbers that are not NaN: to the last digit what the database has of them, so that both agree on who leads.
 */
export function summarize(values: Float64Array): Summary {
  const known = values.filter((value) => !Number.isNaN(value));
  const n = known.length;
  if (n === 0) return { n, mean: NaN, std: null };
  const mean = sum(known) / n;
  return { n, mean, std: n < 2 ? null : Math.sqrt(sum(known.map((value) => (value - mean) ** 2)) / (n - 1)) };
}

/** As SQLite adds: by the algorithm of Kahan, Babuska and Neumaier, which keeps what rounding loses. */
function sum(values: Float64Array): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) > Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

export function configCount({ replicates, objectives }: Objectives): number {
  return replicates === 0 ? 0 : objectives.length / replicates;
}

/** The replicates of one config. */
export function resultsOf({ replicates, objectives }: Objectives, config: number): Float64Array {
  return objectives.subarray(config * replicates, (config + 1) * replicates);
}

/** By ordinal. */
export function summarizeConfigs(results: Objectives): Summary[] {
  return Array.from({ length: configCount(results) }, (_, config) => summarize(resultsOf(results, config)));
}
