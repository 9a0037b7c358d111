/** What the attempts of a trial that were lost with their process tell about it. */

import type Database from 'better-sqlite3';
import type { Loss, LossCause } from './writes.ts';

/** An attempt; NULL as its outcome where it goes on, or where its process died. */
interface AttemptRow {
  readonly outcome: string | null;
  readonly alone: number;
  readonly loss_cause: LossCause | null;
  readonly resumed_from_epoch: number | null;
}

/** Of each trial of the sweep that has not ended and has been lost. `cause` is what took those down that are not closed. */
export function readLosses(
  db: Database.Database,
  sweep: number,
  cause: LossCause | null,
): Map<number, readonly Loss[]> {
  const rows = db
    .prepare<[number], AttemptRow & { readonly trial: number; readonly checkpoint: number }>(
      `SELECT trial.id AS trial, outcome, alone, loss_cause, resumed_from_epoch,
         ifnull((SELECT max(epoch) FROM checkpoint WHERE checkpoint.trial = trial.id), 0) AS checkpoint
       FROM trial JOIN attempt ON attempt.trial = trial.id
       WHERE trial.sweep = ? AND trial.state IN ('queued', 'running') AND trial.attempts > 0
       ORDER BY trial.id, number DESC`,
    )
    .all(sweep);
  const attempts = new Map<number, typeof rows>();
  for (const row of rows) {
    const known = attempts.get(row.trial);
    if (known) known.push(row);
    else attempts.set(row.trial, [row]);
  }
  const losses = new Map<number, readonly Loss[]>();
  for (const [trial, its] of attempts) losses.set(trial, lossesOf(its, its[0]?.checkpoint ?? 0, cause));
  return losses;
}

/**
 * The losses since a trial last left a checkpoint, from new to old. Attempts that were stopped, or that a failed cohort
 * ended, neither count nor clear it.
 * @param attempts from new to old
 * @param checkpoint epoch of its newest checkpoint, 0 where there is none
 */
export function lossesOf(attempts: readonly AttemptRow[], checkpoint: number, cause: LossCause | null): Loss[] {
  const losses: Loss[] = [];
  let reached = checkpoint;
  for (const { outcome, alone, loss_cause, resumed_from_epoch: from } of attempts) {
    // A trial that failed was queued again by hand, and begins anew.
    if (outcome === 'failed' || (from !== null && reached > from)) break;
    if (outcome === null) losses.push({ cause, alone: alone === 1 });
    if (outcome === 'lost') losses.push({ cause: loss_cause, alone: alone === 1 });
    // What the attempt before it had left.
    if (from !== null) reached = from;
  }
  return losses;
}
