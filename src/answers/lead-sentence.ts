/** Who leads, and whether that is more than luck, in one sentence: for the dashboard, the terminal and the report. Pure. */

import type { LeadOverBaseline } from '../statistics/comparisons.ts';

export interface Lead {
  /** What leads, such as `config 3`. */
  readonly best: string;
  /** Of the other configs, how many cannot be told from it; null where that cannot be said. */
  readonly others: number | null;
  /** `none`: there is none, or it has no result. `best`: it leads itself. */
  readonly baseline: 'none' | 'best' | LeadOverBaseline;
}

/** Without a capital, and without a full stop. */
export function leadSentence({ best, others, baseline }: Lead): string {
  if (baseline === 'none') {
    if (others === null) return `${best} leads`;
    return others === 0 ? `${best} is better than every other` : `${best} leads, but ${cannotBeTold(others)}`;
  }
  if (baseline === 'best') return `no config is better than the baseline${tail(others)}`;
  if (baseline.by === 0) return `${best} and the baseline are level: no config is better than it`;
  const by = describe(baseline);
  switch (baseline.claim) {
    case true:
      return `${best} is better than the baseline by ${by}${tail(others)}`;
    case false:
      return `${best} leads, but may be no better than the baseline: by ${by}`;
    case null:
      return `${best} leads the baseline by ${by}, which may be chance`;
  }
}

function describe({ by, interval }: LeadOverBaseline): string {
  const [low, high] = interval ?? [by, by];
  const show = (value: number): string => value.toFixed(decimalsOf(interval ? (high - low) / 2 : by));
  return interval ? `${show(by)} (95 % interval ${show(low)} to ${show(high)})` : show(by);
}

function tail(others: number | null): string {
  return others === null || others === 0 ? '' : `; ${cannotBeTold(others)}`;
}

function cannotBeTold(others: number): string {
  return others === 1 ? '1 other cannot be told from it' : `${others} others cannot be told from it`;
}

/** Digits after the point that show two digits of a number. */
export function decimalsOf(size: number): number {
  return size > 0 ? Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 4;
}
