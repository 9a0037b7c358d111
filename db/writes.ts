/** What the coordinator writes: typed changes, applied together in one transaction by the store. */

import type { AttemptEnd, EpochRow, FailureKind, OwnMetrics, ResumePoint } from '../src/executor/executor.ts';
import type { MetricName } from '../src/metrics.ts';

export type TrialState = 'queued' | 'running' | 'paused' | 'completed' | 'pruned' | 'failed' | 'cancelled';

export type Write =
  /** Intent: written before an attempt may start. The trial becomes `running`. */
  | {
      readonly type: 'attempt_started';
      readonly trial: number;
      readonly cohort: number;
      readonly run: number;
      /** Nothing else is in flight in the whole process. */
      readonly alone: boolean;
    }
  /** Where the attempt landed. */
  | {
      readonly type: 'attempt_placed';
      readonly trial: number;
      readonly worker: number;
      readonly slot: number;
      readonly width: number;
      readonly layout: string;
      readonly backend: string;
      readonly fingerprint: string;
      readonly company: readonly number[];
      /** 0 where it began anew; rows and checkpoints beyond this epoch go. */
      readonly resumed_from: number;
    }
  | {
      readonly type: 'epochs';
      readonly trial: number;
      readonly metrics: readonly MetricName[];
      readonly rows: readonly EpochRow[];
      /** Reaches as far as the rows. */
      readonly checkpoint?: ResumePoint;
    }
  /** The trial becomes `completed` or `failed` and never changes again, unless it is retried by hand. */
  | {
      readonly type: 'trial_ended';
      readonly trial: number;
      readonly end: AttemptEnd;
      readonly seconds: number;
      readonly metrics: readonly MetricName[];
      readonly values: readonly (number | null)[];
      /** What a module has reported besides. */
      readonly own?: OwnMetrics;
      readonly advice: string | null;
      /** Kept if the trial is the best of its sweep; all other checkpoints of an ended trial go. */
      readonly checkpoint?: ResumePoint;
    }
  | { readonly type: 'attempt_noted'; readonly trial: number; readonly note: string }
  /** The attempt ended without a result (stop, lost worker, retry); the trial is queued again, from its last checkpoint. */
  | {
      readonly type: 'attempt_lost';
      readonly trial: number;
      readonly outcome: 'interrupted' | 'lost' | 'retried';
      readonly message: string | null;
      /** What took the whole process down, where that is known. */
      readonly cause?: LossCause;
    };

/** What may take a coordinator's process down: a failure that its trials may have caused, or a SIGKILL that nobody explains. */
export type LossCause = Extract<FailureKind, 'crashed' | 'out_of_memory' | 'stalled'> | 'killed';

/** An attempt that was lost with its process. */
export interface Loss {
  readonly cause: LossCause | null;
  readonly alone: boolean;
}

/** A trial as the coordinator's table knows it. */
export interface TrialRecord {
  readonly id: number;
  /** Ordinal of its config. */
  readonly config: number;
  readonly replicate: number;
  readonly state: TrialState;
  /** Attempts so far. */
  readonly attempts: number;
  /** The epoch of the newest checkpoint, 0 where there is none. */
  readonly epochs: number;
  /** Its newest attempts, from new to old, as far as they were lost without a new checkpoint. */
  readonly losses: readonly Loss[];
}
