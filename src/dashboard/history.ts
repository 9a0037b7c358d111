/** What a display remembers of a run's progress, and the speed that follows from it. Pure: time is an argument. */

import type { RunningTrial, Snapshot } from './snapshot.ts';

/**
 * A moment of a run. Time is time in which it trained and somebody looked: pauses, the machine's sleep, and other gaps
 * do not count, and neither does what was trained in them.
 */
export interface ProgressSample {
  /** Milliseconds of training up to here. */
  readonly time: number;
  /** Trials that ended and epochs trained in that time. */
  readonly trials: number;
  readonly epochs: number;
  /** Trials that trained at a time, summed up over the milliseconds. */
  readonly seats: number;
}

/** A trial that trains: where it was when it was first seen to. */
interface Sighting {
  /** As in `ProgressSample`. */
  readonly time: number;
  readonly epoch: number;
}

/** The newest snapshot. */
interface Seen {
  /** Milliseconds since 1970, by the wall's clock. */
  readonly at: number;
  /** When its run started. */
  readonly run: number;
  readonly trials: number;
  readonly epochs: number;
  /** By trial; none while the run does not train. */
  readonly seated: ReadonlyMap<number, Sighting>;
}

export interface History {
  /** In order of time, of one run. */
  readonly samples: readonly ProgressSample[];
  readonly seen: Seen | null;
}

export const NO_HISTORY: History = { samples: [], seen: null };

/** Milliseconds between samples at least. */
const MIN_GAP = 250;
/** After so many without a snapshot, the machine slept, or nobody looked: what happened meanwhile tells nothing. */
const LONGEST_GAP = 10_000;
/** A sample is kept as long as the one before it is no nearer than this part of its age. */
const RESOLUTION = 40;
/** What has been seen for less time has no speed. */
const LEAST_SECONDS = 2;

/** The history with a snapshot added. A newer run than the history's starts it afresh. */
export function remember(history: History, snapshot: Snapshot, now: number): History {
  if (snapshot.started_at === null) return NO_HISTORY;
  const { samples, seen: before } = history;
  if (!before || before.run !== snapshot.started_at) return beginning(snapshot, snapshot.started_at, now);
  const last = samples.at(-1)!;
  const elapsed = now - before.at;
  if (elapsed >= 0 && elapsed < MIN_GAP) return history;
  const seen = { ...before, at: now, trials: snapshot.run_trials, epochs: snapshot.run_epochs };
  const seats = Math.max(before.seated.size, seatedIn(snapshot).length);
  // A gap in which trials trained only at one of its ends still counts: they may all have ended at once.
  if (elapsed < 0 || elapsed > LONGEST_GAP || seats === 0) {
    return { samples, seen: { ...seen, seated: sightings(snapshot, new Map(), last.time) } };
  }
  const sample = {
    time: last.time + elapsed,
    trials: last.trials + seen.trials - before.trials,
    epochs: last.epochs + seen.epochs - before.epochs,
    seats: last.seats + elapsed * seats,
  };
  const seated = sightings(snapshot, before.seated, sample.time);
  return { samples: thin([...samples, sample]), seen: { ...seen, seated } };
}

/** Whoever comes later learns from the coordinator how long it has trained; there is nothing else to go by. */
function beginning(snapshot: Snapshot, run: number, now: number): History {
  const { vitals, run_trials: trials, run_epochs: epochs } = snapshot;
  const origin = { time: 0, trials: 0, epochs: 0, seats: 0 };
  const time = vitals ? vitals.training_seconds * 1000 + Math.max(0, now - vitals.at) : 0;
  const seated = sightings(snapshot, new Map(), time);
  const samples = time > 0 ? [origin, { time, trials, epochs, seats: time * seated.size }] : [origin];
  return { samples, seen: { at: now, run, trials, epochs, seated } };
}

function seatedIn({ live, notice, running }: Snapshot): Snapshot['running'] {
  return live && notice === null ? running.filter(({ slot }) => slot !== null) : [];
}

function sightings(snapshot: Snapshot, known: Seen['seated'], time: number): Seen['seated'] {
  return new Map(seatedIn(snapshot).map(({ trial, epoch }) => [trial, known.get(trial) ?? { time, epoch }]));
}

/** Detail that fades with age: a night fits into a few hundred samples. */
function thin(samples: readonly ProgressSample[]): readonly ProgressSample[] {
  const newest = samples.at(-1)?.time ?? 0;
  const kept: ProgressSample[] = [];
  for (const [index, sample] of samples.entries()) {
    // By the older neighbour: by the newer one, each would go as soon as it is old enough, and none would be left.
    const before = kept.at(-1);
    const isNear = before !== undefined && sample.time - before.time < (newest - sample.time) / RESOLUTION;
    if (!isNear || index === samples.length - 1) kept.push(sample);
  }
  return kept;
}

/** Milliseconds of training that have been seen. */
export function timeOf({ samples }: History): number {
  return samples.at(-1)?.time ?? 0;
}

/** What is summed up over time. */
export type Totals = Omit<ProgressSample, 'time'>;

/** Totals at a time between samples, on the straight line between its neighbours. */
export function totalsAt({ samples }: History, time: number): Totals {
  const after = samples.findIndex((sample) => sample.time >= time);
  const right = samples[after] ?? samples.at(-1);
  if (!right) return { trials: 0, epochs: 0, seats: 0 };
  const left = samples[after - 1] ?? right;
  const share = right.time === left.time ? 1 : Math.min(1, (time - left.time) / (right.time - left.time));
  const between = (a: number, b: number): number => a + (b - a) * share;
  return {
    trials: between(left.trials, right.trials),
    epochs: between(left.epochs, right.epochs),
    seats: between(left.seats, right.seats),
  };
}

/** Totals per second of the last `milliseconds` of training. */
export function ratesOver(history: History, milliseconds: number): Totals {
  const end = timeOf(history);
  const from = Math.max(0, end - milliseconds);
  const [before, now] = [totalsAt(history, from), totalsAt(history, end)];
  const seconds = Math.max(1, end - from) / 1000;
  return {
    trials: (now.trials - before.trials) / seconds,
    epochs: (now.epochs - before.epochs) / seconds,
    seats: (now.seats - before.seats) / seconds,
  };
}

/** Epochs per second of a running trial since it was first seen; undefined where that was just now. */
export function paceOf(history: History, { trial, epoch }: RunningTrial): number | undefined {
  const first = history.seen?.seated.get(trial);
  if (!first || epoch <= first.epoch) return undefined;
  const seconds = (timeOf(history) - first.time) / 1000;
  return seconds < LEAST_SECONDS ? undefined : (epoch - first.epoch) / seconds;
}

export interface Speed {
  readonly trials_per_minute: number;
  readonly epochs_per_second: number;
}

/** Speed over the last quarter of the training seen, but at least 30 s of it; null until two seconds have been seen. */
export function speedOf(history: History): Speed | null {
  const time = timeOf(history);
  if (time < 1000 * LEAST_SECONDS) return null;
  const { trials, epochs } = ratesOver(history, Math.max(30_000, time / 4));
  return { trials_per_minute: trials * 60, epochs_per_second: epochs };
}
