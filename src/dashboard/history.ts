/** What a display remembers of a run's progress, and the speed that follows from it. Pure: time is an argument. */

import type { Snapshot } from './snapshot.ts';

/** Totals of this run at a moment (milliseconds since 1970). */
export interface ProgressSample {
  readonly at: number;
  readonly trials: number;
  readonly epochs: number;
}

/** In order of time; never empty once a run has started. */
export type History = readonly ProgressSample[];

const MAX_SAMPLES = 240;
/** Older samples than these are thinned by half when there are too many. */
const KEPT_WHOLE = 80;
const MIN_GAP = 250;

/** The history with a snapshot added. A newer run than the history's starts it afresh. */
export function remember(history: History, snapshot: Snapshot, now: number): History {
  if (snapshot.started_at === null) return [];
  const origin = { at: snapshot.started_at, trials: 0, epochs: 0 };
  const known = history[0]?.at === origin.at ? history : [origin];
  const last = known.at(-1) ?? origin;
  const sample = { at: now, trials: snapshot.run_trials, epochs: snapshot.run_epochs };
  if (sample.at - last.at < MIN_GAP) return known;
  return thin([...known, sample]);
}

function thin(history: History): History {
  if (history.length <= MAX_SAMPLES) return history;
  const old = history.length - KEPT_WHOLE;
  return history.filter((_, index) => index >= old || index % 2 === 0);
}

/** Totals at a moment between samples, on the straight line between its neighbours. */
export function totalsAt(history: History, at: number): ProgressSample {
  const after = history.findIndex((sample) => sample.at >= at);
  const right = history[after] ?? history.at(-1) ?? { at, trials: 0, epochs: 0 };
  const left = history[after - 1] ?? right;
  const share = right.at === left.at ? 1 : Math.min(1, (at - left.at) / (right.at - left.at));
  const between = (a: number, b: number): number => a + (b - a) * share;
  return { at, trials: between(left.trials, right.trials), epochs: between(left.epochs, right.epochs) };
}

export interface Speed {
  readonly trials_per_minute: number;
  readonly epochs_per_second: number;
}

/** Speed over the last quarter of the run, but at least 30 s of it; null until two seconds have been seen. */
export function speedOf(history: History): Speed | null {
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last || last.at - first.at < 2000) return null;
  const from = Math.max(first.at, last.at - Math.max(30_000, (last.at - first.at) / 4));
  const start = totalsAt(history, from);
  const seconds = (last.at - from) / 1000;
  return {
    trials_per_minute: ((last.trials - start.trials) / seconds) * 60,
    epochs_per_second: (last.epochs - start.epochs) / seconds,
  };
}
