/** What follows from snapshots alone, for those who only look on: which sweep, what happened, and when it is over. Pure. */

import { counted } from '../../counted.ts';
import { SweepError } from '../../errors.ts';
import { failedLine } from '../../event-lines.ts';
import type { DisplayEvent } from '../display.ts';
import { endedTrials } from '../snapshot-totals.ts';
import type { Snapshot } from '../snapshot.ts';

/** Milliseconds without a coordinator after which a sweep counts as broken off: one that crashed is started again soon. */
const PATIENCE = 10_000;

/** The sweep that somebody means who names none: the one that runs, or else the newest. `sweeps` from old to new. */
export function chooseSweep(sweeps: readonly { readonly name: string; readonly live: boolean }[]): string {
  const live = sweeps.filter((sweep) => sweep.live);
  if (live.length > 1) {
    throw new SweepError('usage', {
      message: `one sweep must be named, since ${live.length} are running: ${live.map(({ name }) => name).join(', ')}`,
      hint: `such as: nightsweep watch ${live.at(-1)?.name}`,
    });
  }
  const chosen = live[0] ?? sweeps.at(-1);
  if (chosen) return chosen.name;
  throw new SweepError('usage', {
    message: 'there must be a sweep to watch, but this database has none yet',
    hint: 'start one with nightsweep run FILE, or name another database with --db',
  });
}

/** Whether nothing more is to be seen. `idle`: milliseconds since a coordinator was last seen to hold the sweep. */
export function isOver(snapshot: Snapshot, idle: number): boolean {
  if (snapshot.live) return false;
  return endedTrials(snapshot) === snapshot.trials || snapshot.ended_at !== null || idle >= PATIENCE;
}

export function startedEvent(snapshot: Snapshot): DisplayEvent {
  return {
    type: 'started',
    sweep: snapshot.sweep,
    database: snapshot.database,
    objective: snapshot.objective,
    goal: snapshot.goal,
    configs: snapshot.configs,
    replicates: snapshot.replicates,
    trials: snapshot.trials,
    trials_ended: endedTrials(snapshot),
    workers: snapshot.workers,
    backend: snapshot.backend,
  };
}

/** Failures that are told one by one between two snapshots. */
const FAILURES_IN_FULL = 3;

/** The newest of the failures that the snapshot before did not list, as events, and how many more there were. */
export function newFailures(before: Snapshot, after: Snapshot): readonly DisplayEvent[] {
  const known = new Set(before.failures.map(({ trial }) => trial));
  const told = after.failures.filter(({ trial }) => !known.has(trial)).slice(0, FAILURES_IN_FULL);
  const more = after.states.failed - before.states.failed - told.length;
  const lines = told.toReversed().map((failure) => failedLine(failure, failure));
  if (more > 0) lines.unshift(`failed: ${counted(more, 'more trial')}`);
  return lines.map((message) => ({ type: 'notice', level: 'warning', message }));
}

/** That a sweep was paused or goes on since the snapshot before; undefined before the first one. */
export function holdingEvents(before: Snapshot | undefined, after: Snapshot): readonly DisplayEvent[] {
  const was = before?.notice ?? null;
  if (was === after.notice) return [];
  return [
    after.notice === null
      ? { type: 'holding', reason: null, message: 'going on' }
      : { type: 'holding', reason: 'paused', message: after.notice },
  ];
}

/** How the newest run ended, as far as the database tells; the exit code is that of a run which ends so. */
export function endedEvent(snapshot: Snapshot, now: number): Extract<DisplayEvent, { type: 'ended' }> {
  const { states, started_at, ended_at } = snapshot;
  const finished = endedTrials(snapshot) === snapshot.trials;
  return {
    type: 'ended',
    reason: finished ? 'finished' : ended_at === null ? 'interrupted' : 'stopped',
    exit_code: !finished ? 3 : states.failed > 0 ? 2 : 0,
    states,
    seconds: started_at === null ? 0 : ((ended_at ?? now) - started_at) / 1000,
  };
}
