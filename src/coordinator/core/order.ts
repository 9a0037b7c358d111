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
 * The first `included` configs, which the user listed by hand, lead each replicate.
 */
export function orderTrials(configs: number, replicates: number, seed: number, included = 0): TrialPlace[] {
  return Array.from({ length: replicates }, (_, replicate) => {
    const shuffled = new PhiloxStream(streamKey(seed, 'trial order', replicate)).permutation(configs);
    const leading = Array.from({ length: included }, (_, config) => config);
    const others = [...shuffled].filter((config) => config >= included);
    return [...leading, ...others].map((config) => ({ config, replicate }));
  }).flat();
}
