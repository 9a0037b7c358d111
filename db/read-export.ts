/** What only an export asks of the database: the trials of a config, with what TensorBoard shows of them. */

import type Database from 'better-sqlite3';
import type { TrialState } from './writes.ts';

/** A trial that has begun. Times in milliseconds since 1970. */
export interface BegunTrial {
  readonly id: number;
  readonly replicate: number;
  readonly state: TrialState;
  readonly kept_epoch: number | null;
  readonly generalisation_gap: number | null;
  /** Of its first attempt. */
  readonly started_at: number;
  /** Of its newest attempt; null while that goes on. */
  readonly ended_at: number | null;
}

/** By replicate. */
export function readBegunTrials(db: Database.Database, sweep: number, config: number): BegunTrial[] {
  return db
    .prepare<[number, number], BegunTrial>(
      `SELECT trial.id, replicate, state, kept_epoch, generalisation_gap,
         min(attempt.started_at) AS started_at,
         iif(count(*) = count(attempt.ended_at), max(attempt.ended_at), NULL) AS ended_at
       FROM trial JOIN attempt ON attempt.trial = trial.id
       WHERE trial.sweep = ? AND config = ? GROUP BY trial.id ORDER BY replicate`,
    )
    .all(sweep, config);
}
