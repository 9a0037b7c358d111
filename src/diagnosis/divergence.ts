/**
 * Why trials diverged: the lecture's three causes, each with what this sweep shows of it. Pure.
 *
 * A cause is named where trials diverge more often with one of its values than with another, or where what all trials have
 * in common is known to make steps large.
 */

import { formatMeasure } from '../dashboard/format.ts';
import { formatParam } from '../format-param.ts';
import { listed } from '../definition/mistake.ts';
import type { ParamValue } from '../definition/resolved.ts';
import type { DivergenceCause } from './diagnosis.ts';
import type { DivergedTrial, TrainingFacts } from './facts.ts';

/** Of the shares of diverged trials at two values of something: less is no difference that explains anything. */
const CONTRAST = 0.2;
/** Trials with one value of something: fewer say little. */
const LEAST_TRIALS = 3;
/** Values that are told one by one. */
const MOST_VALUES = 6;

/** How many trials diverged of those with one value of something. */
interface Group {
  readonly value: ParamValue;
  readonly diverged: number;
  readonly trials: number;
}

interface Finding {
  readonly cause: DivergenceCause['cause'];
  readonly sentence: string;
  /** Whether trials with another value of it fared better. */
  readonly contrast: boolean;
}

/** Those with a contrast first. Empty where nothing diverged. */
export function divergenceCauses(
  training: readonly TrainingFacts[],
  trials: readonly DivergedTrial[],
): readonly DivergenceCause[] {
  const affected = training.filter(({ diverged }) => diverged > 0);
  if (affected.length === 0) return [];
  const findings = [
    ...rateFindings(training, affected, trials),
    ...dataFindings(training, affected, trials),
    ...lossFindings(training, affected),
  ];
  const advice = {
    learning_rate: rateAdvice(training, affected),
    data_preparation: dataAdvice(affected),
    loss_function: lossAdvice(training, affected),
  };
  const causes = (['learning_rate', 'data_preparation', 'loss_function'] as const).flatMap((cause) => {
    const own = findings.filter((finding) => finding.cause === cause);
    if (own.length === 0) return [];
    const ranked = own.toSorted((a, b) => Number(b.contrast) - Number(a.contrast));
    return [
      { cause, evidence: ranked.map(({ sentence }) => sentence), advice: advice[cause], contrast: ranked[0]!.contrast },
    ];
  });
  return causes.toSorted((a, b) => Number(b.contrast) - Number(a.contrast)).map(({ contrast: _, ...cause }) => cause);
}

function rateFindings(
  training: readonly TrainingFacts[],
  affected: readonly TrainingFacts[],
  trials: readonly DivergedTrial[],
): Finding[] {
  const cause = 'learning_rate';
  const contrasts = [
    bySize(
      'a learning rate',
      groupsBy(training, (each) => each.learning_rate),
    ),
    byName(
      groupsBy(training, (each) => (each.clipped ? 'with clipped gradients' : 'without clipping')),
      true,
    ),
    byName(groupsBy(training, (each) => each.optimizer)),
    bySize(
      'a momentum',
      groupsBy(training, (each) => each.momentum),
    ),
  ].flatMap((sentence) => (sentence === null ? [] : [{ cause, sentence, contrast: true } as const]));
  const rates = [...new Set(affected.map((each) => each.learning_rate))].sort((a, b) => a - b);
  const optimizers = [...new Set(affected.map(describeOptimizer))];
  const open = affected.every(({ clipped }) => !clipped) ? ', and gradients are not clipped' : '';
  const common =
    rates.length === 1 && optimizers.length === 1
      ? [`all that diverged have a learning rate of ${formatParam(rates[0])} with ${optimizers[0]}${open}`]
      : [];
  return [
    ...contrasts,
    ...[...common, ...timeOf(trials)].map((sentence): Finding => ({ cause, sentence, contrast: false })),
  ];
}

function describeOptimizer({ optimizer, momentum }: TrainingFacts): string {
  return momentum === null || momentum === 0 ? optimizer : `${optimizer} and momentum ${formatParam(momentum)}`;
}

/** Steps that are far too large show at once. */
function timeOf(trials: readonly DivergedTrial[]): string[] {
  if (trials.length === 0) return [];
  const epochs = trials.map(({ epoch }) => epoch).sort((a, b) => a - b);
  const [first, last] = [epochs[0]!, epochs.at(-1)!];
  const middle = epochs[epochs.length >> 1]!;
  const when =
    first === last ? `at epoch ${first}` : `between epochs ${first} and ${last}, half of them by epoch ${middle}`;
  return [`${trials.length === 1 ? 'it' : 'they'} diverged ${when}`];
}

function dataFindings(
  training: readonly TrainingFacts[],
  affected: readonly TrainingFacts[],
  trials: readonly DivergedTrial[],
): Finding[] {
  const cause = 'data_preparation';
  const contrasts = (['features', 'target'] as const).flatMap((part): Finding[] => {
    const groups = groupsBy(training, (each) => (each[part] === null ? `raw ${part}` : `${part} by ${each[part]}`));
    const sentence = byName(groups, true);
    return sentence === null ? [] : [{ cause, sentence, contrast: true }];
  });
  const raw = (['features', 'target'] as const).filter(
    (part) =>
      affected.every((each) => each[part] === null) &&
      (part === 'features' || affected.every(({ numeric }) => numeric)),
  );
  const sizes = affected.every(({ numeric }) => numeric) && raw.includes('target') ? lossSizes(trials) : [];
  const common =
    raw.length === 0
      ? []
      : [
          `${listed(raw, 'and')} ${raw.length === 2 || raw[0] === 'features' ? 'are' : 'is'} not transformed in any trial that diverged`,
        ];
  return [...contrasts, ...[...common, ...sizes].map((sentence): Finding => ({ cause, sentence, contrast: false }))];
}

/** A loss on a scaled target starts near 1. */
function lossSizes(trials: readonly DivergedTrial[]): string[] {
  const losses = trials.flatMap(({ last_loss }) => (last_loss === null ? [] : [last_loss])).sort((a, b) => a - b);
  if (losses.length === 0) {
    return trials.length === 0 ? [] : ['no epoch of them had a finite training loss'];
  }
  const [low, high] = [losses[0]!, losses.at(-1)!];
  const range = low === high ? formatMeasure(low) : `${formatMeasure(low)} to ${formatMeasure(high)}`;
  return [`the last finite training loss was ${range}`];
}

/** Losses that grow with the square of the error. */
const STEEP: ReadonlySet<string> = new Set(['mse', 'squared_hinge']);
const GENTLE = ['huber', 'mae'] as const;

function lossFindings(training: readonly TrainingFacts[], affected: readonly TrainingFacts[]): Finding[] {
  const cause = 'loss_function';
  const sentence = byName(groupsBy(training, (each) => each.loss));
  if (sentence !== null) return [{ cause, sentence, contrast: true }];
  const losses = [...new Set(affected.map(({ loss }) => loss))];
  if (!losses.every((loss) => STEEP.has(loss))) return [];
  const grows = `${listed(losses, 'and')} ${losses.length === 1 ? 'grows' : 'grow'} with the square of the error, and its gradient with the error`;
  return [{ cause, sentence: grows, contrast: false }];
}

function rateAdvice(training: readonly TrainingFacts[], affected: readonly TrainingFacts[]): string {
  const safe = highestSafeRate(training);
  const lower =
    safe === undefined
      ? `use a learning rate below ${formatParam(Math.min(...affected.map((each) => each.learning_rate)))}`
      : `use learning rates up to ${formatParam(safe)}, where nothing diverged`;
  return affected.some(({ clipped }) => !clipped)
    ? `${lower}, or clip gradients (train.clip: { global_norm: 1 })`
    : lower;
}

/** Below every learning rate at which something diverged. */
function highestSafeRate(training: readonly TrainingFacts[]): number | undefined {
  const worst = Math.min(...training.flatMap((each) => (each.diverged > 0 ? [each.learning_rate] : [])));
  const safe = training.flatMap((each) => (each.learning_rate < worst ? [each.learning_rate] : []));
  return safe.length > 0 ? Math.max(...safe) : undefined;
}

function dataAdvice(affected: readonly TrainingFacts[]): string {
  const parts = [
    ...(affected.some(({ features }) => features === null) ? ['features: standardize'] : []),
    ...(affected.some(({ target, numeric }) => numeric && target === null) ? ['target: standardize'] : []),
  ];
  return parts.length === 0
    ? 'look for outliers in the data: they are scaled already'
    : `scale the data (data.transform: { ${parts.join(', ')} })`;
}

function lossAdvice(training: readonly TrainingFacts[], affected: readonly TrainingFacts[]): string {
  const bad = new Set(affected.map(({ loss }) => loss));
  const good = [...new Set(training.map(({ loss }) => loss))].filter((loss) => !bad.has(loss));
  const instead = good.length > 0 ? good : GENTLE.filter((loss) => !bad.has(loss));
  return instead.length === 0
    ? 'use another loss'
    : `use a loss that grows slower with the error, such as ${listed(instead)}`;
}

function groupsBy(training: readonly TrainingFacts[], valueOf: (facts: TrainingFacts) => ParamValue): readonly Group[] {
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

function shareOf({ diverged, trials }: Group): number {
  return diverged / trials;
}

/**
 * Such as `10 of 10 with mse and 0 of 10 with mae diverged`; null where it makes no difference, or too few trials tell.
 * @param worded whether the values are phrases of their own, such as `without clipping`
 */
function byName(all: readonly Group[], worded = false): string | null {
  const groups = all.filter(({ trials }) => trials >= LEAST_TRIALS).toSorted((a, b) => shareOf(b) - shareOf(a));
  const [worst] = groups;
  if (!worst || shareOf(worst) - shareOf(groups.at(-1)!) < CONTRAST) return null;
  const counts = groups
    .slice(0, MOST_VALUES)
    .map(
      ({ value, diverged, trials }) => `${diverged} of ${trials} ${worded ? '' : 'with '}${formatParam(value, 'none')}`,
    );
  return `${listed(counts, 'and')} diverged`;
}

/** The same for a number of which more is dangerous: such as `0 of 10 at a learning rate of 0.01 and 10 of 10 at 1 diverged`. */
function bySize(what: string, all: readonly Group[]): string | null {
  const groups = all
    .filter(({ value }) => typeof value === 'number')
    .toSorted((a, b) => Number(a.value) - Number(b.value));
  if (groups.length < 2) return null;
  const from = groups.findIndex(({ diverged }) => diverged > 0);
  const [below, above] = [groups.slice(0, from), groups.slice(from)].map(total);
  const rises = from > 0 ? shareOf(above!) >= CONTRAST : shareOf(groups.at(-1)!) - shareOf(groups[0]!) >= CONTRAST;
  if (!rises) return null;
  if (groups.length <= MOST_VALUES) {
    const counts = groups.map(
      ({ value, diverged, trials }, index) =>
        `${diverged} of ${trials} at ${index === 0 ? `${what} of ` : ''}${formatParam(value)}`,
    );
    return `${listed(counts, 'and')} diverged`;
  }
  const safe =
    from > 0
      ? `none of ${below!.trials} diverged below ${what} of ${formatMeasure(Number(groups[from]!.value))}, and `
      : '';
  return `${safe}${above!.diverged} of ${above!.trials} did from there up`;
}

function total(groups: readonly Group[]): Group {
  return {
    value: null,
    diverged: groups.reduce((sum, { diverged }) => sum + diverged, 0),
    trials: groups.reduce((sum, { trials }) => sum + trials, 0),
  };
}
