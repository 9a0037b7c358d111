/** How many epochs are still to be trained, and how long trials are that may end before their budgets. Pure. */

import type { Snapshot } from './snapshot.ts';

/** Two-sided 95 % quantile of the normal distribution. */
const Z = 1.96;

export interface TrialLength {
  /** Epochs of a trial, expected. */
  readonly typical: number;
  /** Standard deviation of one trial's, and standard error of the expected value. */
  readonly deviation: number;
  readonly error: number;
  /** Every trial takes its whole budget. */
  readonly isBudget: boolean;
}

/** Null where nothing tells how long trials are. */
export function lengthOfTrials(snapshot: Snapshot): TrialLength | null {
  const { states, trials, running, epochs_done, epochs_planned } = snapshot;
  const ended = endedOf(states);
  const planned = trials > 0 ? epochs_planned / trials : 0;
  const isOpen = budgetIsUnknown(snapshot);
  const mayStop = snapshot.early_stopping || isOpen;
  if (!mayStop && ended === states.completed) return { typical: planned, deviation: 0, error: 0, isBudget: true };
  if (ended === 0) {
    if (isOpen) return null;
    // Anywhere between the first ones, which go on, and the budget.
    const half = (planned - furthest(running)) / 2;
    return { typical: planned - half, deviation: half, error: half / Z, isBudget: false };
  }
  const soFar = running.reduce((sum, { epoch }) => sum + epoch, 0);
  const ofEnded = Math.max(0, epochs_done - soFar) / ended;
  const withRunning = epochs_done / ended;
  const budget = isOpen ? Math.max(1, withRunning) : planned;
  // Trials that stop early end first: their mean is too low, as long as others run on, and with these it is too high.
  const low = Math.min(budget, ofEnded);
  const high = mayStop ? Math.min(budget, withRunning) : low;
  const typical = (low + high) / 2;
  // Lengths lie in [0, budget] with this mean, so that their variance is at most this (Bhatia and Davis), to which one
  // more trial adds that may be of any length: few that ran to their budgets do not promise that all will.
  const variance = typical * (budget - typical) + (mayStop ? budget ** 2 / 4 / (ended + 1) : 0);
  const error = Math.hypot(Math.sqrt(variance / ended), (high - low) / 2);
  return { typical, deviation: Math.sqrt(variance), error, isBudget: false };
}

/** Epochs of all trials together that are still to be trained, with their 95 % interval. */
export interface WorkLeft {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export function workLeft(snapshot: Snapshot, { typical, deviation, error, isBudget }: TrialLength): WorkLeft {
  const { states, running, epochs_planned, epochs_done } = snapshot;
  const most = budgetIsUnknown(snapshot) ? Infinity : Math.max(0, epochs_planned - epochs_done);
  if (isBudget) return { low: most, expected: most, high: most };
  const waiting = states.queued + states.paused;
  // A trial that outlived the typical one may end at any epoch up to its budget: half-way is as good as any.
  const ofRunning = running.map(({ epoch, epochs }) =>
    epoch < typical ? Math.min(typical, epochs) - epoch : Math.max(0, epochs - epoch) / 2,
  );
  const expected = Math.min(
    most,
    ofRunning.reduce((sum, left) => sum + left, waiting * typical),
  );
  const count = waiting + running.length;
  const doubt = Z * Math.hypot(Math.sqrt(count) * deviation, count * error);
  return {
    // Below by the factor that it may be above: never nothing.
    low: expected ** 2 / (expected + doubt),
    expected,
    high: Math.min(most, expected + doubt),
  };
}

function furthest(running: Snapshot['running']): number {
  return running.reduce((most, { epoch }) => Math.max(most, epoch), 0);
}

function endedOf({ completed, failed, pruned }: Snapshot['states']): number {
  return completed + failed + pruned;
}

/** A budget of one stands for a module's trials, too, whose length shows only when some have ended. */
function budgetIsUnknown({ epochs_planned, trials }: Snapshot): boolean {
  return epochs_planned <= trials;
}
