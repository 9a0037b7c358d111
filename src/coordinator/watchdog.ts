/** Knows how long each cohort has been silent, and which of them has been so for too long. Time is an argument; pure data. */

import type { CohortEvent, FailureKind } from '../executor/executor.ts';

/** Seconds until the first trial has a slot: the backend is loaded, one thread after another, and the data are read. */
const START_SECONDS = 300;
/** A program's cohort may be silent for so long at least, and for so many times the longest call so far. */
const SHORTEST_SILENCE = 60;
const CALLS = 20;
/** Seconds that a module's trial may go without a report, unless the sweep says otherwise. */
const MODULE_SILENCE = 1800;
/** Seconds that a module which was told of its time limit has for ending by itself. */
const GRACE = 10;

export interface CohortLimits {
  /** Whether its trials are a module's own. */
  readonly own: boolean;
  /** Seconds of one call as predicted. */
  readonly call: number;
  /** The sweep's, in seconds. */
  readonly stall: number | null;
  readonly timeout: number | null;
}

export interface Verdict {
  readonly cohort: number;
  readonly kind: Extract<FailureKind, 'stalled' | 'timed_out'>;
  readonly message: string;
}

interface Watched {
  readonly limits: CohortLimits;
  heard: number;
  /** Seconds between two events while trials had slots, at most. */
  longest: number;
  placed: boolean;
  /** When each trial got its slot. */
  readonly seated: Map<number, number>;
}

export class Watchdog {
  readonly #cohorts = new Map<number, Watched>();

  /** @param now seconds of a clock that stands still while the machine sleeps */
  started(cohort: number, limits: CohortLimits, now: number): void {
    this.#cohorts.set(cohort, { limits, heard: now, longest: 0, placed: false, seated: new Map() });
  }

  heard(cohort: number, event: CohortEvent, now: number): void {
    const watched = this.#cohorts.get(cohort);
    if (!watched) return;
    if (event.type === 'progress') watched.longest = Math.max(watched.longest, now - watched.heard);
    watched.heard = now;
    if (event.type === 'trial_started') {
      watched.placed = true;
      watched.seated.set(event.trial, now);
    }
    if (event.type === 'trial_ended') watched.seated.delete(event.trial);
  }

  ended(cohort: number): void {
    this.#cohorts.delete(cohort);
  }

  /** The cohorts that are to be ended; each is named once. */
  overdue(now: number): Verdict[] {
    const verdicts = [...this.#cohorts].flatMap(([cohort, watched]) => judge(cohort, watched, now) ?? []);
    for (const { cohort } of verdicts) this.#cohorts.delete(cohort);
    return verdicts;
  }
}

function judge(cohort: number, watched: Watched, now: number): Verdict | undefined {
  const { limits, seated, placed, heard } = watched;
  const silence = placed ? silenceOf(watched) : START_SECONDS;
  // A cohort without trials waits for us.
  const isBusy = !placed || seated.size > 0;
  if (isBusy && now - heard > silence) {
    return { cohort, kind: 'stalled', message: `no progress for ${Math.round(now - heard)} s` };
  }
  const { own, timeout } = limits;
  // A program's trials are ended by their worker, at the end of a chunk.
  if (own && timeout !== null && [...seated.values()].some((since) => now - since > timeout + GRACE)) {
    return { cohort, kind: 'timed_out', message: `a trial must take at most ${timeout} s, but took longer` };
  }
  return undefined;
}

/** Seconds. */
function silenceOf({ limits: { own, call, stall }, longest }: Watched): number {
  if (stall !== null) return stall;
  return own ? MODULE_SILENCE : Math.max(SHORTEST_SILENCE, CALLS * Math.max(call, longest));
}
