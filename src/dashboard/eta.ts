/** How long a run will still take, with an interval that admits what is not known. Pure. */

import { paceOf, ratesOver, timeOf, totalsAt, type History } from './history.ts';
import type { RunningTrial, Snapshot } from './snapshot.ts';
import { lengthOfTrials, workLeft, type TrialLength } from './work-left.ts';

/** Seconds; `low <= expected <= high`. */
export interface Remaining {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

const SLICES = 8;
/** Two-sided 95 % quantile of Student's t with SLICES - 1 degrees of freedom. */
const T = 2.365;
/** Even a perfectly steady past does not promise a steady future. */
const LEAST_DOUBT = 0.05;
/** Trials get faster or slower when others around them end. */
const PACE_DOUBT = 0.15;
/** Who may be wrong by more than this factor knows nothing. */
const MOST_DOUBT = 4;
/** Milliseconds of training that must have been seen. */
const LEAST_TIME = 3000;
/** Speed varies by this part of it, at a guess, where its course was not seen. */
const UNSEEN_VARIATION = 0.25;

/**
 * Epochs that are left over epochs per second, or the time that the longest trial needs, if that is more: at the end,
 * workers run dry. Doubt comes from how the speed varied over slices of the past, and may in those to come, and from how
 * long trials will be that may end before their budgets.
 * Null when nothing is left, no coordinator lives, or too little is known to say anything.
 */
export function estimateRemaining(history: History, snapshot: Snapshot): Remaining | null {
  if (!snapshot.live || timeOf(history) < LEAST_TIME) return null;
  const length = lengthOfTrials(snapshot);
  if (!length) return null;
  const waiting = snapshot.states.queued + snapshot.states.paused;
  const last = untilTheLast(history, snapshot, length);
  if (waiting === 0) return last;
  const speed = recentSpeed(history);
  if (!speed) return null;
  const work = workLeft(snapshot, length);
  const steady = work.expected / speed.rate;
  const expected = Math.max(steady, last?.expected ?? 0, length.typical / averagePace(history));
  const slicesToCome = Math.max(1, expected / speed.slice);
  const variation = (T * speed.deviation * Math.sqrt(1 / SLICES + 1 / slicesToCome)) / speed.rate;
  const above = 1 + LEAST_DOUBT + Math.hypot(variation, work.high / work.expected - 1);
  const below = 1 + LEAST_DOUBT + Math.hypot(variation, work.expected / work.low - 1);
  // Also where trials end before their first epoch, and nothing can be told.
  if (!(above <= MOST_DOUBT)) return null;
  return { low: steady / below, expected, high: Math.max(expected * above, last?.high ?? 0) };
}

/** Seconds until the last of the running trials has ended, each at its own pace. */
function untilTheLast(history: History, { running }: Snapshot, { typical, isBudget }: TrialLength): Remaining | null {
  const average = averagePace(history);
  const needs = running.map((trial) => ({ ...trial, pace: paceOf(history, trial) ?? average }));
  const secondsOf = (left: (trial: RunningTrial) => number): number =>
    needs.reduce((most, trial) => Math.max(most, left(trial) / trial.pace), 0);
  const high = secondsOf(({ epoch, epochs }) => Math.max(0, epochs - epoch)) * (1 + PACE_DOUBT);
  if (high <= 0 || !Number.isFinite(high)) return null;
  if (isBudget) return { low: high / (1 + PACE_DOUBT) ** 2, expected: high / (1 + PACE_DOUBT), high };
  // A trial that outlived the typical one may end at any epoch up to its budget, and the last of several is rather late.
  const span = secondsOf(({ epoch, epochs }) =>
    Math.max(0, epoch < typical ? Math.min(epochs - epoch, 2 * (typical - epoch)) : epochs - epoch),
  );
  const count = needs.length;
  return { low: span * 0.025 ** (1 / count), expected: (span * count) / (count + 1), high };
}

interface RecentSpeed {
  /** Epochs per second over the last half of the training seen (at least a minute of it). */
  readonly rate: number;
  /** Standard deviation of the rate over slices of so many seconds. */
  readonly deviation: number;
  readonly slice: number;
}

function recentSpeed(history: History): RecentSpeed | null {
  const end = timeOf(history);
  const from = Math.max(0, end - Math.max(60_000, end / 2));
  const step = (end - from) / SLICES;
  const totals = Array.from({ length: SLICES + 1 }, (_, index) => totalsAt(history, from + index * step).epochs);
  const rates = totals.slice(1).map((total, index) => ((total - totals[index]!) / step) * 1000);
  const rate = rates.reduce((sum, each) => sum + each, 0) / SLICES;
  if (rate <= 0) return null;
  const variance = rates.reduce((sum, each) => sum + (each - rate) ** 2, 0) / (SLICES - 1);
  const deviation = Math.max(Math.sqrt(variance), wasSeen(history, from, step) ? 0 : UNSEEN_VARIATION * rate);
  return { rate, deviation, slice: step / 1000 };
}

/** Whether no two samples after `from` are further apart than `gap`. */
function wasSeen({ samples }: History, from: number, gap: number): boolean {
  return samples.every(({ time }, index) => time <= from || time - (samples[index - 1]?.time ?? 0) <= gap);
}

/** Epochs per second of one trial among those that train, over the last minute; infinite where none were seen. */
function averagePace(history: History): number {
  const { epochs, seats } = ratesOver(history, 60_000);
  return epochs > 0 && seats > 0 ? (1000 * epochs) / seats : Infinity;
}
