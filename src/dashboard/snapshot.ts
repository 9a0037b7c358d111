/** All that a display shows at one moment, as plain data. Read from the database; a coordinator's fresher numbers may be laid over it. */

import type { TrialState } from '../../db/writes.ts';
import type { Goal } from '../metrics.ts';
import type { Params } from '../definition/resolved.ts';

export interface RunningTrial {
  readonly trial: number;
  readonly config: number;
  readonly replicate: number;
  readonly params: Params;
  readonly epoch: number;
  /** Epoch budget. */
  readonly epochs: number;
  readonly train_loss: number | null;
  readonly worker: number | null;
  readonly slot: number | null;
}

export interface LeaderboardRow {
  readonly rank: number;
  readonly config: number;
  readonly params: Params;
  /** Completed replicates. */
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation; null for one replicate. */
  readonly std: number | null;
  readonly is_baseline: boolean;
}

export interface FailureRow {
  readonly trial: number;
  readonly config: number;
  readonly replicate: number;
  readonly kind: string;
  readonly epoch: number;
  readonly message: string;
}

export interface Snapshot {
  readonly sweep: string;
  readonly database: string;
  readonly objective: string;
  readonly goal: Goal;
  readonly parameters: readonly string[];
  readonly configs: number;
  readonly replicates: number;
  /** Trials by state; every state is present. */
  readonly states: Readonly<Record<TrialState, number>>;
  readonly trials: number;
  /** Epochs of finished trials and of the running ones so far. */
  readonly epochs_done: number;
  /** Budgeted epochs of all trials: an upper bound with early stopping. */
  readonly epochs_planned: number;
  /** Whether a coordinator holds the sweep now. */
  readonly live: boolean;
  readonly workers: number | null;
  readonly backend: string | null;
  /** Milliseconds since 1970 of the newest run's start and, where it ended, of its end. */
  readonly started_at: number | null;
  readonly ended_at: number | null;
  /** Trials that ended and epochs trained in this run, for speed and ETA. */
  readonly run_trials: number;
  readonly run_epochs: number;
  readonly running: readonly RunningTrial[];
  readonly best: readonly LeaderboardRow[];
  readonly failures: readonly FailureRow[];
  /** One line on what is going on besides training: stopping, waiting for disk, and the like. */
  readonly notice: string | null;
}
