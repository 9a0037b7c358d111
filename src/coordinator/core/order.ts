/** The order in which trials run: replicate by replicate, over all configs in a seeded order. Pure. */

import { PhiloxStream, streamKey } from '../../../workers/random/philox.ts';

export interface TrialPlace {
  /** Ordinal of the config. */
  readonly config: number;
  readonly replicate: number;
}

/**
 * Every config once per replicate, `configs * replicates` places. A sweep that is cut short has therefore run
 * every config about equally often, and within a replicate the missing ones are a random sample, not the grid's end.
 * The `leading` configs, which the user listed by hand, come first in each replicate.
 */
export function orderTrials(
  configs: number,
  replicates: number,
  seed: number,
  leading: readonly number[] = [],
): TrialPlace[] {
  const first = new Set(leading);
  return Array.from({ length: replicates }, (_, replicate) => {
    const shuffled = new PhiloxStream(streamKey(seed, 'trial order', replicate)).permutation(configs);
    const others = [...shuffled].filter((config) => !first.has(config));
    return [...first, ...others].map((config) => ({ config, replicate }));
  }).flat();
}
