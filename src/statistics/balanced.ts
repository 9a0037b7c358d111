/** The part of a sweep's results that can be compared with the best: some configs in the same replicates. Pure. */

import { configCount, resultsOf, type Objectives } from './objectives.ts';

/** All are finite. */
export interface BalancedResults {
  /** Ordinals, by row. */
  readonly configs: Int32Array;
  readonly replicates: number;
  /** Row by row, a row for each config. */
  readonly values: Float64Array;
}

/**
 * The replicates of the leader are taken where at least this share of the results that could be compared has them all.
 */
const LEAST_SHARE = 0.5;

/**
 * The first replicates of all configs that have a result in each of them: as many replicates as hold the most results.
 * While a sweep runs, those are the replicates that all configs have behind them. Where the leader has lost one of
 * them, the replicates that it has, and the configs that have these.
 * @param leader ordinal; null for none
 */
export function balancedPart(results: Objectives, leader: number | null): BalancedResults {
  const first = completeIn(results, firstReplicates(results));
  if (leader === null || first.configs.includes(leader)) return first;
  const own = completeIn(results, replicatesOf(results, leader));
  return own.replicates > 1 && own.values.length >= LEAST_SHARE * first.values.length ? own : first;
}

function firstReplicates(results: Objectives): number[] {
  const { replicates } = results;
  const sharing = new Float64Array(replicates + 1);
  for (let config = 0; config < configCount(results); config += 1) {
    const end = resultsOf(results, config).findIndex(Number.isNaN);
    const length = end < 0 ? replicates : end;
    for (let shared = 1; shared <= length; shared += 1) sharing[shared]! += 1;
  }
  let common = 0;
  for (let shared = 2; shared <= replicates; shared += 1) {
    if (sharing[shared]! > 0 && shared * sharing[shared]! >= common * sharing[common]!) common = shared;
  }
  return [...Array(common).keys()];
}

function replicatesOf(results: Objectives, config: number): number[] {
  const row = resultsOf(results, config);
  return [...row.keys()].filter((replicate) => !Number.isNaN(row[replicate]!));
}

/** The configs that have a result in each of some replicates. */
function completeIn(results: Objectives, replicates: readonly number[]): BalancedResults {
  const complete = Array.from({ length: configCount(results) }, (_, config) => config).filter(
    (config) =>
      replicates.length > 0 && replicates.every((replicate) => !Number.isNaN(resultsOf(results, config)[replicate]!)),
  );
  const values = new Float64Array(complete.length * replicates.length);
  for (const [row, config] of complete.entries()) {
    const own = resultsOf(results, config);
    for (const [column, replicate] of replicates.entries()) {
      values[row * replicates.length + column] = own[replicate]!;
    }
  }
  return { configs: Int32Array.from(complete), replicates: replicates.length, values };
}
