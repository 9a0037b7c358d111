/** What only a report asks of the database: all replicates of a config, examples of failures, what trained the results. */

import type Database from 'better-sqlite3';
import type { Params } from '../src/definition/resolved.ts';
import type { FailureExample } from '../src/report/report-data.ts';
import { parseParams } from './read-sweep.ts';

/** A trial with recorded epochs. */
export interface BegunTrial {
  readonly id: number;
  readonly replicate: number;
  /** The last one so far, whether it is recorded or not. */
  readonly epochs: number;
  /** Null where it has no result. */
  readonly kept_epoch: number | null;
}

/** The completed ones of a config; where it has none, all that have begun. By replicate. */
export function readBegunTrials(db: Database.Database, sweep: number, config: number): BegunTrial[] {
  const trials = db
    .prepare<[number, number], BegunTrial & { readonly completed: number }>(
      `SELECT id, replicate, epochs, kept_epoch, state = 'completed' AS completed FROM trial
       WHERE sweep = ? AND config = ? AND epochs > 0 ORDER BY replicate`,
    )
    .all(sweep, config)
    .map(({ completed, ...trial }) => ({ completed: completed === 1, trial }));
  const anyCompleted = trials.some(({ completed }) => completed);
  return trials.flatMap(({ completed, trial }) => (completed || !anyCompleted ? [trial] : []));
}

/** The first configs of which something is recorded. */
export function readBegunConfigs(
  db: Database.Database,
  sweep: number,
  count: number,
): { readonly config: number; readonly params: Params }[] {
  return db
    .prepare<[number, number], { config: number; params: string }>(
      `SELECT begun.config, params
       FROM (SELECT DISTINCT sweep, config FROM trial WHERE sweep = ? AND epochs > 0 ORDER BY config LIMIT ?) AS begun
       JOIN config ON config.sweep = begun.sweep AND ordinal = begun.config ORDER BY begun.config`,
    )
    .all(sweep, count)
    .map(({ config, params }) => ({ config, params: parseParams(params) }));
}

/** The mean over completed replicates, for configs that have one. */
export function readGeneralisationGaps(
  db: Database.Database,
  sweep: number,
  configs: readonly number[],
): ReadonlyMap<number, number> {
  return new Map(
    db
      .prepare<[string, number], [number, number]>(
        `SELECT config, avg(generalisation_gap ORDER BY replicate) AS gap
         FROM json_each(?) AS wanted CROSS JOIN trial ON trial.sweep = ? AND trial.config = wanted.value
         GROUP BY config HAVING gap IS NOT NULL`,
      )
      .raw()
      .all(JSON.stringify(configs), sweep),
  );
}

/** What is recorded of one layer at one epoch; each null where a trial has not recorded it, or where it was not finite. */
export interface LayerRow {
  readonly epoch: number;
  readonly layer: number;
  readonly kernel_norm: number | null;
  readonly gradient_norm: number | null;
  readonly clipped_share: number | null;
}

/** Of one trial, by layer and epoch. */
export function readLayers(db: Database.Database, trial: number): LayerRow[] {
  return db
    .prepare<[number], LayerRow>(
      `SELECT epoch, layer, kernel_norm, gradient_norm, clipped_share FROM layer_epoch
       WHERE trial = ? ORDER BY layer, epoch`,
    )
    .all(trial);
}

/** Failed trials of one kind, a config each: the first ones in the order of execution. */
export function readFailureExamples(
  db: Database.Database,
  sweep: number,
  kind: string,
  count: number,
): FailureExample[] {
  return db
    .prepare<[number, string, number], Omit<FailureExample, 'params'> & { readonly params: string }>(
      `SELECT trial.config, trial.replicate, params, trial.failure_kind AS kind, trial.epochs AS epoch,
         ifnull(message, '') AS message, advice
       FROM (
         SELECT min(id) AS id FROM trial
         WHERE sweep = ? AND state = 'failed' AND failure_kind = ? GROUP BY +config ORDER BY id LIMIT ?
       ) AS first
       JOIN trial ON trial.id = first.id
       JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
       JOIN attempt ON attempt.trial = trial.id AND attempt.number = trial.attempts
       ORDER BY trial.id`,
    )
    .all(sweep, kind, count)
    .map((row) => ({ ...row, params: parseParams(row.params) }));
}

/** What trained the completed trials, the commonest first. */
export function readFingerprints(
  db: Database.Database,
  sweep: number,
): { readonly fingerprint: string; readonly trials: number }[] {
  return db
    .prepare<[number], { fingerprint: string; trials: number }>(
      `SELECT fingerprint, count(*) AS trials
       FROM trial JOIN attempt ON attempt.trial = trial.id AND attempt.number = trial.attempts
       WHERE trial.sweep = ? AND state = 'completed' AND fingerprint IS NOT NULL
       GROUP BY fingerprint ORDER BY trials DESC, fingerprint`,
    )
    .all(sweep);
}
