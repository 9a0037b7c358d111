/** The seam between the coordinator and the places where cohorts run. Everything that crosses it is plain data. */

import type { MetricName } from '../metrics.ts';
import type { OwnProgram, OwnTask } from '../../workers/modules/own-task.ts';
import type { TrialTask, Program } from '../../workers/train/program.ts';

/** A cohort to run: trials of one program. More than `width` trials wait in the worker's backlog and fill free slots. */
export interface CohortTask<AnyProgram = Program, AnyTask = TrialTask> {
  readonly version: 1;
  /** Unique in the coordinator's run; recorded in `attempts`. */
  readonly cohort: number;
  readonly program: AnyProgram;
  /** Slots of the stack; the worker may repack to fewer. */
  readonly width: number;
  readonly trials: readonly AnyTask[];
  /** Seconds between checkpoints at least; 0: after every chunk. The cost of a checkpoint may make it more. */
  readonly checkpointSeconds?: number;
  readonly limits?: TrialLimits;
}

/** What a trial may take before it fails as `timed_out`. */
export interface TrialLimits {
  /** Seconds in a slot, over all attempts that went on from each other. */
  readonly seconds?: number;
  /** Reports of a module's trial. */
  readonly epochs?: number;
}

/** Where an attempt goes on: a checkpoint that an earlier attempt left. */
export interface ResumePoint {
  readonly epoch: number;
  readonly fingerprint: string;
  /** As a worker has made it: see workers/train/checkpoint.ts. */
  readonly bytes: Uint8Array;
}

/** Trials that a module of the user's runs, one after another. */
export type OwnCohortTask = CohortTask<OwnProgram, OwnTask>;
export type AnyCohortTask = CohortTask | OwnCohortTask;

/** Metrics of one epoch (from 1) in the order of `CohortStarted.metrics`; null where a number is not finite. */
export interface EpochRow {
  readonly epoch: number;
  readonly values: readonly (number | null)[];
  /** Where the program records its layers. */
  readonly layers?: readonly LayerRow[];
  /** What a module has reported. */
  readonly own?: OwnMetrics;
}

/** A layer with a kernel at an epoch; null where a number is not finite or not recorded. */
export interface LayerRow {
  /** From 0. */
  readonly layer: number;
  /** Of the kernel at the end of the epoch. */
  readonly kernel_norm: number | null;
  /** Of the gradient of all its variables before clipping, mean over the epoch's steps. */
  readonly gradient_norm: number | null;
  /** Of the steps: those in which clipping changed that gradient. */
  readonly clipped_share: number | null;
}

/** What a user's module has reported, by name; null where a number is not finite. */
export type OwnMetrics = Readonly<Record<string, number | null>>;

export type FailureKind = 'diverged' | 'error' | 'out_of_memory' | 'crashed' | 'stalled' | 'timed_out';

/** How an attempt ended, as the worker saw it. */
export type AttemptEnd =
  | {
      readonly state: 'completed';
      readonly stop_reason: 'epochs' | 'early_stopping';
      readonly epochs: number;
      readonly kept_epoch: number;
    }
  | {
      readonly state: 'failed';
      readonly kind: FailureKind;
      /** The last epoch that has a row; 0 when there is none. */
      readonly epochs: number;
      readonly message: string;
      readonly stack?: string;
      /** The last finite evaluated training loss, where there was one. */
      readonly last_loss?: number;
    };

/** The events of one cohort, in order. `rows` of a trial always come before its `ended`. */
export type CohortEvent =
  | {
      readonly type: 'cohort_started';
      /** Piscina's thread id or the like: which worker it was. */
      readonly worker: number;
      readonly backend: string;
      readonly fingerprint: string;
      /** Names of the columns of every row of this cohort. */
      readonly metrics: readonly MetricName[];
    }
  | {
      readonly type: 'trial_started';
      readonly trial: number;
      readonly slot: number;
      readonly width: number;
      readonly layout: string;
      /** Trials in the other slots at this moment. */
      readonly company: readonly number[];
      /** The epoch after which it goes on: 0, unless its task has a resume point that this worker can use. */
      readonly resumed_from: number;
    }
  | {
      /**
       * How far a trial is. `rows` are the epochs to be recorded since the last rows; a trial that can be resumed keeps
       * them back until a checkpoint that reaches as far, so that both are committed together.
       */
      readonly type: 'progress';
      readonly trial: number;
      readonly epoch: number;
      /** The newest evaluated values, for a display: training loss and the objective. */
      readonly train_loss: number | null;
      readonly rows: readonly EpochRow[];
      /** All that is needed to go on after `epoch`. */
      readonly checkpoint?: Uint8Array;
    }
  | {
      readonly type: 'trial_ended';
      readonly trial: number;
      readonly end: AttemptEnd;
      /** Seconds that the trial spent in a slot. */
      readonly seconds: number;
      /** The metrics of the kept epoch (completed) or of the last one (failed). */
      readonly metrics: readonly (number | null)[];
      /** What a module has reported, by name, besides. */
      readonly own?: OwnMetrics;
      /** The state that it ended with, kept weights included, where it may be the sweep's best. */
      readonly checkpoint?: Uint8Array;
    }
  /** A remark on the attempt that its outcome does not show, such as why it runs op by op. */
  | { readonly type: 'trial_noted'; readonly trial: number; readonly note: string }
  /** The backlog is low: answer with `add`, of no trials where there are none. A cohort with nothing to do waits for it. */
  | { readonly type: 'wants_trials'; readonly count: number };

/** How a cohort ended; trials without a `trial_ended` event are the caller's to queue again. */
export type CohortEnd =
  | { readonly reason: 'finished' | 'stopped' }
  /** The worker broke: an error outside any one trial. */
  | { readonly reason: 'failed'; readonly kind: FailureKind; readonly message: string; readonly stack?: string };

export interface RunningCohort {
  /** Settles when nothing of the cohort runs any more; never rejects. */
  readonly ended: Promise<CohortEnd>;
  /** Answers `wants_trials`: adds trials to the backlog. Trials that arrive too late simply get no event. */
  add(trials: readonly (TrialTask | OwnTask)[]): void;
  /** `chunk`: after the running chunk, with its rows and checkpoints; `now`: at once, without them. */
  stop(when: 'chunk' | 'now'): void;
  /** Ends its worker, which does not react any more or takes too long: `ended` gives a failure of this kind. */
  fail(kind: FailureKind, message: string): void;
}

/** A worker since it was last asked about. */
export interface WorkerUse {
  /** As in `cohort_started`. */
  readonly worker: number;
  /** Share of the time that its thread was busy, native calls included: 0 to 1. */
  readonly busy: number;
  /** Bytes of JavaScript objects, as the worker has told last; null before. */
  readonly heap: number | null;
}

export interface Executor {
  /** Cohorts that can run at the same time. */
  readonly workers: number;
  start(task: AnyCohortTask, listen: (event: CohortEvent) => void): RunningCohort;
  /** Its workers' threads since the last call; none where there are no threads. */
  use(): readonly WorkerUse[];
  /** Stops everything at once and frees the workers. */
  close(): Promise<void>;
}
