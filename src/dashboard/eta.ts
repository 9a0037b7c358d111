/** How long a run will still take, with an interval that admits what is not known. Pure. */

import { totalsAt, type History } from './history.ts';
import type { Snapshot } from './snapshot.ts';

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

/**
 * Epochs that are left over epochs per second. The interval has two sources of doubt: how the speed varied over
 * slices of the recent past, and how long the trials that are to come will be, where early stopping may end them.
 * Null when nothing is left, nothing runs, or the past is too short to say anything.
 */
export function estimateRemaining(history: History, snapshot: Snapshot): Remaining | null {
  if (!snapshot.live) return null;
  const work = workLeft(snapshot);
  const speed = recentSpeed(history);
  if (work.epochs <= 0 || speed === null) return null;
  const expected = work.epochs / speed.rate;
  const doubt = LEAST_DOUBT + Math.hypot((T * speed.error) / speed.rate, (1.96 * work.error) / work.epochs);
  return { low: expected / (1 + doubt), expected, high: expected * (1 + doubt) };
}

/** Expected epochs until the end, and their standard error. */
export function workLeft(snapshot: Snapshot): { readonly epochs: number; readonly error: number } {
  const { states, running } = snapshot;
  const ended = states.completed + states.failed + states.pruned;
  const waiting = states.queued + states.paused;
  const planned = snapshot.trials > 0 ? snapshot.epochs_planned / snapshot.trials : 0;
  const runningEpochs = running.reduce((sum, trial) => sum + trial.epoch, 0);
  const mean = ended > 0 ? Math.max(0, snapshot.epochs_done - runningEpochs) / ended : planned;
  // A budget of one stands for a module's trials, too, whose length shows only when some have ended.
  const budget = planned === 1 ? Math.max(1, mean) : planned;
  const typical = Math.min(budget, mean);
  const epochs = running.reduce(
    // A trial that outlived the typical one may stop at any epoch up to its budget: half-way is as good as any.
    (sum, { epoch, epochs: own }) => sum + (epoch < typical ? typical - epoch : Math.max(0, own - epoch) / 2),
    waiting * typical,
  );
  // Lengths lie in [0, budget] with this mean, so that their variance is at most this (Bhatia and Davis).
  const variance = typical * (budget - typical);
  const count = waiting + running.length;
  const error = ended > 0 ? Math.sqrt(variance * (count + count ** 2 / ended)) : 0;
  return { epochs, error };
}

/** Epochs per second over the last half of the run (at least a minute of it), and the standard error of that mean. */
function recentSpeed(history: History): { readonly rate: number; readonly error: number } | null {
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last || history.length < 4 || last.at - first.at < 3000) return null;
  const from = Math.max(first.at, last.at - Math.max(60_000, (last.at - first.at) / 2));
  const step = (last.at - from) / SLICES;
  const totals = Array.from({ length: SLICES + 1 }, (_, index) => totalsAt(history, from + index * step).epochs);
  const rates = totals.slice(1).map((total, index) => ((total - (totals[index] ?? 0)) / step) * 1000);
  const rate = rates.reduce((sum, each) => sum + each, 0) / SLICES;
  if (rate <= 0) return null;
  const variance = rates.reduce((sum, each) => sum + (each - rate) ** 2, 0) / (SLICES - 1);
  return { rate, error: Math.sqrt(variance / SLICES) };
}
