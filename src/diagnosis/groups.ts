/** How often trials diverged by the value of something, and whether that makes a difference. Pure. */

import { formatParamCell } from '../dashboard/format.ts';
import { listed } from '../definition/mistake.ts';
import type { ParamValue } from '../definition/resolved.ts';
import type { TrainingFacts } from './facts.ts';

/** Of the shares of diverged trials at two values of something: less is no difference that explains anything. */
const CONTRAST = 0.2;
/** Trials with one value of something: fewer say little. */
const LEAST_TRIALS = 3;
/** Values that are told one by one. */
const MOST_VALUES = 6;

/** How many trials diverged of those with one value of something. */
export interface Group {
  readonly value: ParamValue;
  readonly diverged: number;
  readonly trials: number;
}

export function groupsBy(
  training: readonly TrainingFacts[],
  valueOf: (facts: TrainingFacts) => ParamValue,
): readonly Group[] {
  const groups = new Map<ParamValue, Group>();
  for (const facts of training) {
    const value = valueOf(facts);
    const { diverged, trials } = groups.get(value) ?? { diverged: 0, trials: 0 };
    groups.set(value, {
      value,
      diverged: diverged + facts.diverged,
      trials: trials + facts.diverged + facts.completed,
    });
  }
  return [...groups.values()];
}

/** A sentence, and how far the shares of diverged trials lie apart. */
export interface Contrast {
  readonly sentence: string;
  /** 0 to 1. */
  readonly size: number;
}

/** Of its trials, those that diverged. */
export function shareOf({ diverged, trials }: Group): number {
  return diverged / trials;
}

/**
 * Such as `10 of 10 with mse and 0 of 10 with mae diverged`; null where it makes no difference, or too few trials tell.
 * @param worded whether the values are phrases of their own, such as `without clipping`
 */
export function byName(all: readonly Group[], worded = false): Contrast | null {
  const groups = all.filter(({ trials }) => trials >= LEAST_TRIALS).toSorted((a, b) => shareOf(b) - shareOf(a));
  const size = groups.length === 0 ? 0 : shareOf(groups[0]!) - shareOf(groups.at(-1)!);
  if (size < CONTRAST) return null;
  const counts = groups
    .slice(0, MOST_VALUES)
    .map(
      ({ value, diverged, trials }) =>
        `${diverged} of ${trials} ${worded ? '' : 'with '}${formatParamCell(value, 'none')}`,
    );
  return { sentence: `${listed(counts, 'and')} diverged`, size };
}

/** The same for a number of which more is dangerous: such as `0 of 10 at a learning rate of 0.01 and 10 of 10 at 1 diverged`. */
export function bySize(what: string, all: readonly Group[]): Contrast | null {
  const groups = all
    .filter(({ value }) => typeof value === 'number')
    .toSorted((a, b) => Number(a.value) - Number(b.value));
  if (groups.length < 2) return null;
  const from = groups.findIndex(({ diverged }) => diverged > 0);
  const [below, above] = [groups.slice(0, from), groups.slice(from)].map(total);
  const size = from > 0 ? shareOf(above!) : shareOf(groups.at(-1)!) - shareOf(groups[0]!);
  if (size < CONTRAST) return null;
  if (groups.length <= MOST_VALUES) {
    const counts = groups.map(
      ({ value, diverged, trials }, index) =>
        `${diverged} of ${trials} at ${index === 0 ? `${what} of ` : ''}${formatParamCell(value)}`,
    );
    return { sentence: `${listed(counts, 'and')} diverged`, size };
  }
  const safe =
    from > 0 ? `none of ${below!.trials} diverged below ${what} of ${formatParamCell(groups[from]!.value)}, and ` : '';
  return { sentence: `${safe}${above!.diverged} of ${above!.trials} did from there up`, size };
}

/** All of them together. */
export function total(groups: readonly Group[]): Group {
  return {
    value: null,
    diverged: groups.reduce((sum, { diverged }) => sum + diverged, 0),
    trials: groups.reduce((sum, { trials }) => sum + trials, 0),
  };
}
