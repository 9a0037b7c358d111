/** What the coordinator knows about the sweep it runs: trials, cohorts, and what waits. Data that `decide` changes in place. */

import type { Loss, TrialRecord } from '../../../db/writes.ts';
import type { CohortEnd, CohortEvent, EpochRow, FailureKind } from '../../executor/executor.ts';
import { TrialQueue } from './queue.ts';
import { Suspects, isSuspect } from './suspects.ts';
import { hasEnded } from './trial-states.ts';

/** What an attempt has come to so far. */
export interface CoreAttempt {
  /** Undefined while it waits in the worker's backlog. */
  slot: number | undefined;
  epoch: number;
  /** Last epoch that has a row, of this attempt or of those that it goes on from. */
  recorded: number;
  train_loss: number | null;
  /** Rows that have been told and wait for a checkpoint or the trial's end. */
  held: EpochRow[];
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
  /** The epoch of its newest checkpoint, from which its next attempt goes on; 0 where there is none. */
  epochs: number;
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
  /** How it was told to stop, if it was. */
  stopping: Stop | undefined;
  /** Undefined until the worker has begun. */
  started: Extract<CohortEvent, { type: 'cohort_started' }> | undefined;
}

/** How running cohorts are told to stop: at the end of their chunk, or at once. */
export type Stop = 'chunk' | 'now';

/** Why nothing is started for the time being. */
export type HoldReason = 'paused' | 'disk';

export interface CoreState {
  /** Cohorts that may run at the same time. */
  workers: number;
  /** Id of the coordinator's run, recorded with every attempt. */
  readonly run: number;
  /** The widest stack per program. */
  readonly widest: readonly number[];
  readonly trials: ReadonlyMap<number, CoreTrial>;
  readonly divergenceAdvice: (config: number) => string | undefined;
  readonly queue: TrialQueue<CoreTrial>;
  readonly suspects: Suspects<CoreTrial>;
  /** Those of the suspects on probation that do not run at this moment. Served instead of `queue` until none are left. */
  readonly probation: TrialQueue<CoreTrial>;
  readonly cohorts: Map<number, CoreCohort>;
  nextCohort: number;
  /** Programs that each worker has run, by its id. */
  readonly compiled: Map<number, Set<number>>;
  readonly holds: Set<HoldReason>;
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
  /** What may help where trials of a config diverge; undefined where no more is known than the usual causes. */
  readonly divergenceAdvice?: (config: number) => string | undefined;
}

/** The state before the first event. */
export function createCore(options: CoreOptions): CoreState {
  const trials = options.trials.map((record, position): CoreTrial => {
    const { id, config, replicate, state, epochs } = record;
    const program = options.programOf(record);
    const fresh = { attempt: undefined, failures: [], alone: false };
    return { id, config, replicate, program, position, state, epochs, ...fresh };
  });
  const lossesOf = ({ position }: CoreTrial): readonly Loss[] => options.trials[position]!.losses;
  const queued = trials.filter((trial) => trial.state === 'queued');
  const suspects = queued.filter((trial) => isSuspect(lossesOf(trial)));
  const others = queued.filter((trial) => !isSuspect(lossesOf(trial)));
  return {
    workers: options.workers,
    run: options.run,
    widest: options.widest,
    trials: new Map(trials.map((trial) => [trial.id, trial])),
    divergenceAdvice: options.divergenceAdvice ?? (() => undefined),
    queue: new TrialQueue(others),
    suspects: new Suspects(suspects, (trial) => lossesOf(trial).length),
    probation: new TrialQueue<CoreTrial>([]),
    cohorts: new Map(),
    nextCohort: 1,
    compiled: new Map(),
    holds: new Set(),
    stop: undefined,
    failedStarts: 0,
    broken: undefined,
  };
}

/** Nothing runs and nothing will be started. While it is held with trials that wait, it is not done unless it was stopped. */
export function isDone(state: CoreState): boolean {
  if (state.cohorts.size > 0) return false;
  return state.stop !== undefined || (!state.suspects.pending && state.queue.isEmpty);
}

/** Every trial of the sweep has a result that stands. */
export function allEnded(state: CoreState): boolean {
  return [...state.trials.values()].every((trial) => hasEnded(trial.state));
}
