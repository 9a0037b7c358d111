/**
 * Why trials diverged: the lecture's three causes, each with what this sweep shows of it. Pure.
 *
 * A cause is named where trials diverge more often with one of its values than with another, or where what all trials have
 * in common is known to make steps large.
 */

import { formatMeasure, formatParamCell } from '../dashboard/format.ts';
import { listed } from '../definition/mistake.ts';
import type { DivergenceCause } from './diagnosis.ts';
import { GENTLE_LOSSES, STEEP_LOSSES } from './divergence-advice.ts';
import type { DiagnosisFacts, DivergedTrial, TrainingFacts } from './facts.ts';
import { byName, bySize, type Contrast, groupsBy, shareOf, total } from './groups.ts';

/** Of the trials that diverged: from here on what all have in common is worth a word, too. */
const COMMON = 0.5;
/** Gradients that have grown by this factor explode. */
const EXPLODING = 100;

interface Finding {
  readonly cause: DivergenceCause['cause'];
  readonly sentence: string;
  /** How much better trials with another value of it fared; 0 where all had the same. */
  readonly contrast: number;
}

/** Those with a contrast first. Empty where nothing diverged. */
export function divergenceCauses({
  training,
  diverged: trials,
  gradients,
}: Pick<DiagnosisFacts, 'training' | 'diverged' | 'gradients'>): readonly DivergenceCause[] {
  const affected = training.filter(({ diverged }) => diverged > 0);
  if (affected.length === 0) return [];
  const findings = [
    ...rateFindings(training, affected, trials, gradients),
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
    const ranked = own.toSorted((a, b) => b.contrast - a.contrast);
    return [
      { cause, evidence: ranked.map(({ sentence }) => sentence), advice: advice[cause], contrast: ranked[0]!.contrast },
    ];
  });
  // Where most trials go well, what all of them have in common does not explain why some do not.
  const common =
    shareOf(total(groupsBy(training, () => null))) >= COMMON || causes.every(({ contrast }) => contrast === 0);
  return causes
    .filter(({ contrast }) => contrast > 0 || common)
    .toSorted((a, b) => b.contrast - a.contrast)
    .map(({ contrast: _, ...cause }) => cause);
}

function contrasting(cause: Finding['cause'], found: Contrast | null): Finding[] {
  return found === null ? [] : [{ cause, sentence: found.sentence, contrast: found.size }];
}

function rateFindings(
  training: readonly TrainingFacts[],
  affected: readonly TrainingFacts[],
  trials: readonly DivergedTrial[],
  gradients: DiagnosisFacts['gradients'],
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
  ].flatMap((found) => contrasting(cause, found));
  const rates = [...new Set(affected.map((each) => each.learning_rate))].sort((a, b) => a - b);
  const optimizers = [...new Set(affected.map(describeOptimizer))];
  const open = affected.every(({ clipped }) => !clipped) ? ', and gradients are not clipped' : '';
  const common =
    rates.length === 1 && optimizers.length === 1
      ? [`all that diverged have a learning rate of ${formatParamCell(rates[0])} with ${optimizers[0]}${open}`]
      : [];
  return [
    ...contrasts,
    ...[...common, ...timeOf(trials), ...growthOf(gradients)].map((sentence): Finding => ({
      cause,
      sentence,
      contrast: 0,
    })),
  ];
}

function describeOptimizer({ optimizer, momentum }: TrainingFacts): string {
  return momentum === null || momentum === 0 ? optimizer : `${optimizer} and momentum ${formatParamCell(momentum)}`;
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

/** Exploding gradients, where they were recorded. */
function growthOf(gradients: DiagnosisFacts['gradients']): string[] {
  if (!gradients || gradients.largest < EXPLODING * gradients.first) return [];
  const { first, largest } = gradients;
  return [`gradient norms grew from ${formatMeasure(first)} in the first epoch to ${formatMeasure(largest)}`];
}

function dataFindings(
  training: readonly TrainingFacts[],
  affected: readonly TrainingFacts[],
  trials: readonly DivergedTrial[],
): Finding[] {
  const cause = 'data_preparation';
  const contrasts = (['features', 'target'] as const).flatMap((part): Finding[] => {
    const groups = groupsBy(training, (each) => (each[part] === null ? `raw ${part}` : `${part} by ${each[part]}`));
    return contrasting(cause, byName(groups, true));
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
  return [...contrasts, ...[...common, ...sizes].map((sentence): Finding => ({ cause, sentence, contrast: 0 }))];
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

function lossFindings(training: readonly TrainingFacts[], affected: readonly TrainingFacts[]): Finding[] {
  const cause = 'loss_function';
  const found = byName(groupsBy(training, (each) => each.loss));
  if (found !== null) return contrasting(cause, found);
  const losses = [...new Set(affected.map(({ loss }) => loss))];
  if (!losses.every((loss) => STEEP_LOSSES.has(loss))) return [];
  const grows = `${listed(losses, 'and')} ${losses.length === 1 ? 'grows' : 'grow'} with the square of the error, and its gradient with the error`;
  return [{ cause, sentence: grows, contrast: 0 }];
}

function rateAdvice(training: readonly TrainingFacts[], affected: readonly TrainingFacts[]): string {
  const clip = 'clip gradients (train.clip: { global_norm: 1 })';
  const rates = affected.map((each) => each.learning_rate);
  const open = affected.every(({ clipped }) => !clipped);
  // The same learning rates went well where gradients were limited.
  if (open && training.some((each) => each.clipped && each.learning_rate >= Math.max(...rates))) return clip;
  const safe = highestSafeRate(training);
  const lower =
    safe === undefined
      ? `use a learning rate below ${formatParamCell(Math.min(...rates))}`
      : `use learning rates up to ${formatParamCell(safe)}, where nothing diverged`;
  return open ? `${lower}, or ${clip}` : lower;
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
  const instead = good.length > 0 ? good : GENTLE_LOSSES.filter((loss) => !bad.has(loss));
  return instead.length === 0
    ? 'use another loss'
    : `use a loss that grows slower with the error, such as ${listed(instead)}`;
}
