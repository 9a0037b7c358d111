/** What the coordinator writes: typed changes, applied together in one transaction by the store. */

import type { AttemptEnd, EpochRow, OwnMetrics } from '../src/executor/executor.ts';
import type { MetricName } from '../src/metrics.ts';

export type TrialState = 'queued' | 'running' | 'paused' | 'completed' | 'pruned' | 'failed' | 'cancelled';

export type Write =
  /** Intent: written before an attempt may start. The trial becomes `running`. */
  | { readonly type: 'attempt_started'; readonly trial: number; readonly cohort: number; readonly run: number }
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
    }
  | {
      readonly type: 'epochs';
      readonly trial: number;
      readonly metrics: readonly MetricName[];
      readonly rows: readonly EpochRow[];
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
    }
  | { readonly type: 'attempt_noted'; readonly trial: number; readonly note: string }
  /** The attempt ended without a result (stop, lost worker, retry); the trial is queued again and its epoch rows go. */
  | {
      readonly type: 'attempt_lost';
      readonly trial: number;
      readonly outcome: 'interrupted' | 'lost' | 'retried';
      readonly message: string | null;
    };

/** A trial as the coordinator's table knows it. */
export interface TrialRecord {
  readonly id: number;
  /** Ordinal of its config. */
  readonly config: number;
  readonly replicate: number;
  readonly state: TrialState;
  /** Attempts so far. */
  readonly attempts: number;
}
