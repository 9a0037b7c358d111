/** A night of trials in virtual time, as a display sees it: to hold estimates against what then happens. */

import { NO_HISTORY, remember, type History } from '../../src/dashboard/history.ts';
import type { RunningTrial, Snapshot } from '../../src/dashboard/snapshot.ts';
import { SNAPSHOTS, STARTED, states } from '../frames/snapshots.ts';

export interface NightTrial {
  /** Epochs after which it ends. */
  readonly length: number;
  /** Epochs per second. */
  readonly speed: number;
}

export interface NightOptions {
  readonly trials: readonly NightTrial[];
  /** Trials that train at a time. */
  readonly slots: number;
  readonly budget: number;
  readonly earlyStopping?: boolean;
}

/** What a display knows at a moment, and the seconds that will really be left then. */
export interface Moment {
  readonly second: number;
  readonly snapshot: Snapshot;
}

const STEP = 0.5;

/** Snapshots every half second until all trials have ended. */
export function playNight({ trials, slots, budget, earlyStopping = false }: NightOptions): readonly Moment[] {
  const queue = trials.map((trial, id) => ({ ...trial, id, epoch: 0 }));
  let seated: typeof queue = [];
  let ended = 0;
  let endedEpochs = 0;
  const moments: Moment[] = [];
  for (let second = 0; ; second += STEP) {
    seated.push(...queue.splice(0, slots - seated.length));
    const running = seated.map(({ id, epoch }) => runningTrial(id, Math.floor(epoch), budget));
    const epochs = endedEpochs + running.reduce((sum, trial) => sum + trial.epoch, 0);
    const counts = { completed: ended, running: running.length, queued: queue.length };
    moments.push({ second, snapshot: snapshotOf(counts, running, epochs, { budget, earlyStopping }) });
    if (ended === trials.length) return moments;
    for (const trial of seated) trial.epoch = Math.min(trial.length, trial.epoch + trial.speed * STEP);
    const done = seated.filter(({ epoch, length }) => epoch >= length);
    ended += done.length;
    endedEpochs += done.reduce((sum, { length }) => sum + length, 0);
    seated = seated.filter(({ epoch, length }) => epoch < length);
  }
}

/** What somebody remembers who has looked on through these moments. */
export function watchNight(moments: readonly Moment[]): History {
  return moments.reduce<History>(
    (history, { second, snapshot }) => remember(history, snapshot, STARTED + second * 1000),
    NO_HISTORY,
  );
}

function runningTrial(trial: number, epoch: number, epochs: number): RunningTrial {
  return { ...SNAPSHOTS.running.running[0]!, trial, epoch, epochs, slot: 0 };
}

function snapshotOf(
  counts: { readonly completed: number; readonly running: number; readonly queued: number },
  running: readonly RunningTrial[],
  epochs: number,
  { budget, earlyStopping }: { readonly budget: number; readonly earlyStopping: boolean },
): Snapshot {
  const trials = counts.completed + counts.running + counts.queued;
  return {
    ...SNAPSHOTS.running,
    states: states(counts),
    trials,
    vitals: null,
    epochs_done: epochs,
    epochs_planned: trials * budget,
    early_stopping: earlyStopping,
    run_trials: counts.completed,
    run_epochs: epochs,
    running,
  };
}
