/** The part of a sweep's results that can be compared with the best: some configs in the same replicates. Pure. */

import { configCount, type Objectives } from './objectives.ts';

/** All are finite. */
export interface BalancedResults {
  /** Ordinals, by row. */
  readonly configs: Int32Array;
  readonly replicates: number;
  /** Row by row, a row for each config. */
  readonly values: Float64Array;
}

/**
 * The first replicates of all configs that have a result in each of them: as many replicates as hold the most results.
 * While a sweep runs, those are the replicates that all configs have behind them.
 */
export function balancedPart(results: Objectives): BalancedResults {
  const { replicates, objectives } = results;
  const lengths = Int32Array.from({ length: configCount(results) }, (_, config) => {
    let length = 0;
    while (length < replicates && !Number.isNaN(objectives[config * replicates + length]!)) length += 1;
    return length;
  });
  const sharing = new Float64Array(replicates + 1);
  for (const length of lengths) for (let shared = 1; shared <= length; shared += 1) sharing[shared]! += 1;
  let common = 0;
  for (let shared = 2; shared <= replicates; shared += 1) {
    if (shared * sharing[shared]! >= common * sharing[common]!) common = shared;
  }
  const chosen = Int32Array.from(lengths.keys()).filter((config) => common > 0 && lengths[config]! >= common);
  const part = new Float64Array(chosen.length * common);
  for (const [row, config] of chosen.entries()) {
    const from = config * replicates;
    part.set(objectives.subarray(from, from + common), row * common);
  }
  return { configs: chosen, replicates: common, values: part };
}
