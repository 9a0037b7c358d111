/** From a resolved definition to the data of one replicate: which seeds change, and which fold is held out. Pure. */

import type { ResolvedData, Varied } from '../../src/definition/resolved.ts';
import type { DataSpec } from './dataset.ts';

/**
 * The data of a replicate. Where `vary` has `data` or `split`, that seed is the definition's plus the replicate.
 * With k folds, replicate r always holds out fold r mod k, and every k replicates are shuffled anew.
 */
export function dataSpec(data: ResolvedData, replicate: number, vary: readonly Varied[]): DataSpec {
  const { source, augment: _, split, ...rest } = data;
  return {
    ...rest,
    source:
      'generator' in source && vary.includes('data') ? { ...source, seed: seedAfter(source.seed, replicate) } : source,
    split:
      split.kind === 'folds'
        ? {
            ...split,
            held_out: replicate % split.folds,
            seed: seedAfter(split.seed, Math.floor(replicate / split.folds)),
          }
        : { ...split, seed: vary.includes('split') ? seedAfter(split.seed, replicate) : split.seed },
  };
}

/** Seeds are 32-bit words, as NumPy's are. */
function seedAfter(seed: number, step: number): number {
  return (seed + step) % 2 ** 32;
}
