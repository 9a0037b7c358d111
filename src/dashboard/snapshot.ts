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

/** What a coordinator's process used over the last seconds. */
export interface Vitals {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Cores in use by the whole process: CPU seconds per second. */
  readonly cores: number;
  /** Resident memory in bytes, and where it ends to give memory back. */
  readonly memory: number;
  readonly memory_limit: number;
  /** Seconds of its run in which it trained: without pauses, and without the time that the machine slept. */
  readonly training_seconds: number;
  readonly workers: readonly WorkerVitals[];
}

export interface WorkerVitals {
  readonly worker: number;
  /** Share of the time that its thread was busy, 0 to 1. */
  readonly busy: number;
  /** Bytes of its JavaScript heap; null until it has told them. Native memory belongs to the process as a whole. */
  readonly heap: number | null;
  /** Trials that it trains now. */
  readonly trials: number;
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
  /** Whether trials may end before their budgets without having failed. */
  readonly early_stopping: boolean;
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
  /** Of the coordinator that holds the sweep; null while there is none, or nothing is known yet. */
  readonly vitals: Vitals | null;
  readonly running: readonly RunningTrial[];
  readonly best: readonly LeaderboardRow[];
  readonly failures: readonly FailureRow[];
  /** One line on what is going on besides training: stopping, waiting for disk, and the like. */
  readonly notice: string | null;
}

/** The snapshot of no sweep: behind the list of sweeps, and until the first one has been read. */
export const NO_SNAPSHOT: Snapshot = {
  sweep: '',
  database: '',
  objective: '',
  goal: 'minimize',
  parameters: [],
  configs: 0,
  replicates: 0,
  states: { queued: 0, running: 0, paused: 0, completed: 0, pruned: 0, failed: 0, cancelled: 0 },
  trials: 0,
  epochs_done: 0,
  epochs_planned: 0,
  early_stopping: false,
  live: false,
  workers: null,
  backend: null,
  started_at: null,
  ended_at: null,
  run_trials: 0,
  run_epochs: 0,
  vitals: null,
  running: [],
  best: [],
  failures: [],
  notice: null,
};
