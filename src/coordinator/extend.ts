/** Whether a definition extends the sweep that is stored under its name, by configs or replicates, or is another one. Pure. */

import { canonicalJson } from '../definition/hash.ts';
import type { AnySweep } from '../definition/resolved.ts';
import { paramsKey, sweepDifferences } from '../definition/sweep-differences.ts';
import { orderTrials, type TrialPlace } from './core/order.ts';

export type Extension =
  | { readonly type: 'same' }
  | {
      readonly type: 'extended';
      /** As wanted, but that stored configs keep their ordinals; new ones follow, in the order of the definition. */
      readonly sweep: AnySweep;
      /** The new trials only; none where nothing but the baseline, limits or warnings have changed. */
      readonly order: readonly TrialPlace[];
    }
  /** Finished results would no longer be those of the definition; a line for each difference, never none. */
  | { readonly type: 'other'; readonly differences: readonly string[] };

type Config = AnySweep['configs'][number];

/**
 * Configs are matched by their params, and must be what they were: files and modules by SHA-256, not by path. Nothing in
 * a trial's task or program depends on ordinals, or on the number of configs or of replicates.
 */
export function extend(stored: AnySweep, wanted: AnySweep): Extension {
  const found = sweepDifferences(stored, wanted);
  if (found.length > 0) return { type: 'other', differences: found };
  const sweep = merged(stored, wanted);
  const ordinals = ordinalsByParams(sweep);
  const leading = wanted.configs.slice(0, wanted.included).map(({ params }) => ordinals.get(paramsKey(params))!);
  const order = orderTrials(sweep.configs.length, sweep.replicates.count, sweep.seed, leading).filter(
    ({ config, replicate }) => config >= stored.configs.length || replicate >= stored.replicates.count,
  );
  const isSame = order.length === 0 && canonicalJson(withoutConfigs(stored)) === canonicalJson(withoutConfigs(sweep));
  return isSame ? { type: 'same' } : { type: 'extended', sweep, order };
}

/** The ordinal of each config, by the key of its params. */
export function ordinalsByParams({ configs }: AnySweep): ReadonlyMap<string, number> {
  return new Map(configs.map(({ params, ordinal }) => [paramsKey(params), ordinal]));
}

function withoutConfigs({ configs: _, ...rest }: AnySweep): object {
  return rest;
}

/** The configs that were there keep their ordinals, but lie where the wanted ones lie now. */
function merged(stored: AnySweep, wanted: AnySweep): AnySweep {
  const known = ordinalsByParams(stored);
  const ordinalOf = (config: Config): number | undefined => known.get(paramsKey(config.params));
  const old = wanted.configs.flatMap((config): Config[] => {
    const ordinal = ordinalOf(config);
    return ordinal === undefined ? [] : [{ ...config, ordinal }];
  });
  const added = wanted.configs.filter((config) => ordinalOf(config) === undefined);
  const configs = [
    ...old.toSorted((a, b) => a.ordinal - b.ordinal),
    ...added.map((config, index) => ({ ...config, ordinal: old.length + index })),
  ];
  const baseline = wanted.baseline === null ? null : paramsKey(wanted.configs[wanted.baseline]!.params);
  const index = baseline === null ? null : configs.findIndex(({ params }) => paramsKey(params) === baseline);
  // All configs of a sweep are of one kind.
  return { ...wanted, configs, baseline: index, included: stored.included } as AnySweep;
}
