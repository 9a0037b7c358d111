/** What the coordinator knows about the sweep it runs: trials, cohorts, and what waits. Data that `decide` changes in place. */

import type { TrialRecord } from '../../../db/writes.ts';
import type { CohortEnd, CohortEvent, FailureKind } from '../../executor/executor.ts';
import { hasEnded } from './trial-states.ts';
import { WaitingTrials } from './waiting.ts';

/** What an attempt has come to so far. */
export interface CoreAttempt {
  /** Undefined while it waits in the worker's backlog. */
  slot: number | undefined;
  epoch: number;
  /** Last epoch that has a row. */
  recorded: number;
  train_loss: number | null;
}

export interface CoreTrial {
  readonly id: number;
  /** Ordinal of its config. */
  readonly config: number;
  readonly replicate: number;
  /** Index of its program. */
  readonly program: number;
  /** Place in the sweep's order. */
  readonly position: number;
  state: TrialRecord['state'];
  /** Present while the trial is running. */
  attempt: CoreAttempt | undefined;
  /** Kinds of the failures in this run that were followed by another attempt. */
  failures: readonly FailureKind[];
  /** To be tried without company, because a cohort broke around it. */
  alone: boolean;
}

export interface CoreCohort {
  readonly id: number;
  readonly program: number;
  /** One trial without company: gets no refill. */
  readonly alone: boolean;
  /** Trials that were handed over and have not ended. */
  readonly open: Set<CoreTrial>;
  /** Whether any trial has had a slot. */
  placed: boolean;
  /** Undefined until the worker has begun. */
  started: Extract<CohortEvent, { type: 'cohort_started' }> | undefined;
}

/** How running cohorts were told to stop: at the end of their chunk, or at once. */
export type Stop = 'chunk' | 'now';

export interface CoreState {
  readonly workers: number;
  /** Id of the coordinator's run, recorded with every attempt. */
  readonly run: number;
  /** The widest stack per program. */
  readonly widest: readonly number[];
  readonly trials: ReadonlyMap<number, CoreTrial>;
  readonly waiting: WaitingTrials<CoreTrial>;
  /** Trials to be tried without company, first come first served. */
  readonly alone: CoreTrial[];
  readonly cohorts: Map<number, CoreCohort>;
  nextCohort: number;
  /** Once set, nothing is started any more. */
  stop: Stop | undefined;
  /** Cohorts in a row that failed before any trial had a slot. */
  failedStarts: number;
  /** The failure that made the run give up: workers cannot even start. */
  broken: Extract<CohortEnd, { reason: 'failed' }> | undefined;
}

export interface CoreOptions {
  /** In the sweep's order; none of them `running`: recover first. */
  readonly trials: readonly TrialRecord[];
  /** A trial's index into `widest`. */
  readonly programOf: (trial: TrialRecord) => number;
  readonly widest: readonly number[];
  readonly workers: number;
  readonly run: number;
}

/** The state before the first event. */
export function createCore(options: CoreOptions): CoreState {
  const trials = options.trials.map((record, position): CoreTrial => {
    const { id, config, replicate, state } = record;
    const program = options.programOf(record);
    return { id, config, replicate, program, position, state, attempt: undefined, failures: [], alone: false };
  });
  return {
    workers: options.workers,
    run: options.run,
    widest: options.widest,
    trials: new Map(trials.map((trial) => [trial.id, trial])),
    waiting: new WaitingTrials(trials.filter((trial) => trial.state === 'queued')),
    alone: [],
    cohorts: new Map(),
    nextCohort: 1,
    stop: undefined,
    failedStarts: 0,
    broken: undefined,
  };
}

/** Nothing runs and nothing will be started. */
export function isDone(state: CoreState): boolean {
  if (state.cohorts.size > 0) return false;
  return state.stop !== undefined || (state.waiting.programs().length === 0 && state.alone.length === 0);
}

/** Every trial of the sweep has a result that stands. */
export function allEnded(state: CoreState): boolean {
  return [...state.trials.values()].every((trial) => hasEnded(trial.state));
}
