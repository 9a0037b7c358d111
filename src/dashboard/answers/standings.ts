/** Who may be the best config, and whether it is better than the baseline: in numbers, and as a sentence. Pure. */

import type { Goal } from '../../metrics.ts';
import { bestSet, leadOver, type BalancedResults, type BestSet } from '../../statistics/best-set.ts';

/** The part of the results that is compared: some configs in the same first replicates. */
export interface Comparison {
  /** Ordinals, by row of the set. */
  readonly configs: Int32Array;
  readonly replicates: number;
  readonly set: BestSet;
}

export interface Objectives {
  readonly configs: number;
  readonly replicates: number;
  /** At `config * replicates + replicate`; NaN where there is no result. */
  readonly values: Float64Array;
}

/** Undefined where too little is known: fewer than two configs with two replicates each. */
export function compareWithBest(objectives: Objectives, goal: Goal, folds: number | null): Comparison | undefined {
  const { configs, ...balanced } = balancedPart(objectives);
  const set = bestSet({ configs: configs.length, ...balanced }, goal, folds);
  return set && { configs, replicates: balanced.replicates, set };
}

/**
 * The first replicates of all configs that have a result in each of them: as many replicates as hold the most results.
 * While a sweep runs, those are the replicates that all configs have behind them.
 */
function balancedPart({ configs, replicates, values }: Objectives): Omit<BalancedResults, 'configs'> & {
  readonly configs: Int32Array;
} {
  const lengths = Int32Array.from({ length: configs }, (_, config) => {
    let length = 0;
    while (length < replicates && !Number.isNaN(values[config * replicates + length]!)) length += 1;
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
    part.set(values.subarray(from, from + common), row * common);
  }
  return { configs: chosen, replicates: common, values: part };
}

/** Whether each compared config may be the best, by ordinal. */
export function contenders({ configs, set }: Comparison): ReadonlyMap<number, boolean> {
  return new Map(Array.from(configs, (config, row) => [config, set.contends[row]!]));
}

/** @param replicates of the whole sweep */
export function verdictOf(comparison: Comparison, baseline: number | null, replicates: number): string {
  const { configs, set } = comparison;
  const best = `config ${configs[set.best]}`;
  const others = set.contends.filter(Boolean).length - 1;
  const row = baseline === null ? -1 : configs.indexOf(baseline);
  const progress =
    comparison.replicates < replicates ? ` (by the first ${comparison.replicates} of ${replicates} replicates)` : '';
  if (row < 0) {
    return others === 0
      ? `${best} is better than every other${progress}`
      : `${best} leads, but ${cannotBeTold(others)}${progress}`;
  }
  if (row === set.best) return `no config is better than the baseline${tail(others)}${progress}`;
  const { lead, half } = leadOver(row, set);
  const show = (value: number): string => value.toFixed(decimalsOf(half));
  const numbers = `${show(lead)} (95 % interval ${show(lead - half)} to ${show(lead + half)})`;
  return lead > half
    ? `${best} is better than the baseline by ${numbers}${tail(others)}${progress}`
    : `${best} leads, but may be no better than the baseline: by ${numbers}${progress}`;
}

function tail(others: number): string {
  return others === 0 ? '' : `; ${cannotBeTold(others)}`;
}

function cannotBeTold(others: number): string {
  return others === 1 ? '1 other cannot be told from it' : `${others} others cannot be told from it`;
}

/** Digits after the point that show two digits of a number. */
function decimalsOf(size: number): number {
  return size > 0 ? Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 4;
}
