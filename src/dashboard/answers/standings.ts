/** Who may be the best config, and whether it is better than the baseline, as a sentence. Pure. */

import type { Standings } from '../../statistics/against-best.ts';
import { isClaimed } from '../../statistics/student.ts';

/** @param replicates of the whole sweep */
export function verdictOf({ part, set }: Standings, baseline: number | null, replicates: number): string {
  const best = `config ${part.configs[set.best]}`;
  const others = set.pValues.filter((p) => !isClaimed(p)).length - 1;
  const row = baseline === null ? -1 : part.configs.indexOf(baseline);
  const progress = part.replicates < replicates ? ` (by the first ${part.replicates} of ${replicates} replicates)` : '';
  if (row < 0) {
    return others === 0
      ? `${best} is better than every other${progress}`
      : `${best} leads, but ${cannotBeTold(others)}${progress}`;
  }
  if (row === set.best) return `no config is better than the baseline${tail(others)}${progress}`;
  const numbers = leadOver(row, set);
  return isClaimed(set.pValues[row]!)
    ? `${best} is better than the baseline by ${numbers}${tail(others)}${progress}`
    : `${best} leads, but may be no better than the baseline: by ${numbers}${progress}`;
}

/** `0.40 (95 % interval 0.35 to 0.45)`. */
function leadOver(row: number, { best, means, margin }: Standings['set']): string {
  const lead = Math.abs(means[best]! - means[row]!);
  const show = (value: number): string => value.toFixed(decimalsOf(margin ?? lead));
  return margin === null
    ? show(lead)
    : `${show(lead)} (95 % interval ${show(lead - margin)} to ${show(lead + margin)})`;
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
