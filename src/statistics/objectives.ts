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

/** Of the numbers that are not NaN. */
export function summarize(values: Float64Array): Summary {
  let n = 0;
  let mean = 0;
  let squares = 0;
  // Welford's update: exact for equal numbers, and stable for nearly equal ones.
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    n += 1;
    const ahead = value - mean;
    mean += ahead / n;
    squares += ahead * (value - mean);
  }
  if (n === 0) return { n, mean: NaN, std: null };
  return { n, mean, std: n < 2 ? null : Math.sqrt(squares / (n - 1)) };
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
