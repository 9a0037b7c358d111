/** Trials by the thousand: single columns of all trials of a sweep, to sort them by, and whole rows of a few. */

import type Database from 'better-sqlite3';
import type { TrialRow } from '../src/dashboard/queries.ts';
import type { Params } from '../src/definition/resolved.ts';
import { parseParams } from './read-sweep.ts';
import type { SweepFacts } from './read-sweep.ts';

/** The newest recorded number of a running trial; of others that of the kept epoch. */
const newest = (column: string): string =>
  `CASE trial.state WHEN 'running'
     THEN (SELECT ${column} FROM epoch WHERE epoch.trial = trial.id ORDER BY epoch DESC LIMIT 1)
     ELSE trial.${column} END`;

/** What trials can be sorted and filtered by, but for params. `place` is `config * replicates + replicate`. */
const COLUMNS = {
  id: 'trial.id',
  place: 'trial.config * :replicates + trial.replicate',
  state: 'trial.state',
  epoch: 'trial.epochs',
  train_loss: newest('train_loss'),
  validation_loss: newest('validation_loss'),
  objective: 'trial.objective',
  generalisation_gap: 'trial.generalisation_gap',
  failure_kind: 'trial.failure_kind',
} as const;

export type TrialColumn = keyof typeof COLUMNS;
export type ColumnValues = readonly (number | string | null)[];

/** Of all trials of the sweep, each column in the order of their ids. */
export function readTrialColumns(
  db: Database.Database,
  { id, replicates }: Pick<SweepFacts, 'id' | 'replicates'>,
  columns: readonly TrialColumn[],
): ColumnValues[] {
  const { first, last } = db
    .prepare<[number], { first: number; last: number }>(
      'SELECT ifnull(min(id), 0) AS first, ifnull(max(id), -1) AS last FROM trial WHERE sweep = ?',
    )
    .get(id)!;
  // One column at a time: ten times as fast as rows that are objects. A sweep's trials lie side by side, so the table
  // itself is read faster than by way of an index.
  return columns.map((column) =>
    db
      .prepare<Record<string, number>, number | string | null>(
        `SELECT ${COLUMNS[column]} FROM trial NOT INDEXED
         WHERE id BETWEEN :first AND :last AND sweep = :id ORDER BY trial.id`,
      )
      .pluck()
      .all({ id, first, last, ...(column === 'place' ? { replicates } : {}) }),
  );
}

/** Ids of a config's trials, by replicate. */
export function readConfigTrials(db: Database.Database, sweep: number, config: number): number[] {
  return db
    .prepare<[number, number], number>('SELECT id FROM trial WHERE sweep = ? AND config = ? ORDER BY replicate')
    .pluck()
    .all(sweep, config);
}

/** In the order of `ids`; trials that are gone are left out. */
export function readTrialRows(db: Database.Database, ids: readonly number[]): TrialRow[] {
  return db
    .prepare<[string], Omit<TrialRow, 'params'> & { readonly params: string }>(
      `SELECT trial.id AS trial, trial.config, trial.replicate, trial.state, params, trial.epochs AS epoch,
         config.epochs AS budget, ${newest('train_loss')} AS train_loss, ${newest('validation_loss')} AS validation_loss,
         trial.objective, trial.generalisation_gap, trial.failure_kind
       FROM json_each(?) AS wanted
       JOIN trial ON trial.id = wanted.value
       JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
       ORDER BY wanted.key`,
    )
    .all(JSON.stringify(ids))
    .map((row) => ({ ...row, params: parseParams(row.params) }));
}

/** Of all configs of a sweep, by ordinal. They never change, but there may be more some day. */
export function readConfigParams(db: Database.Database, sweep: number): Params[] {
  return db
    .prepare<[number], string>('SELECT params FROM config WHERE sweep = ? ORDER BY ordinal')
    .pluck()
    .all(sweep)
    .map(parseParams);
}
