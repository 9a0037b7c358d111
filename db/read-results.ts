/** Objectives by config and replicate, for statistics. */

import type Database from 'better-sqlite3';
import type { SweepFacts } from './read-sweep.ts';

/** The objective over a config's completed trials. */
export interface ConfigResult {
  readonly config: number;
  readonly n: number;
  readonly mean: number;
  /** Null for one trial. */
  readonly std: number | null;
}

/** Of the configs that have a result. */
export function readConfigResults(db: Database.Database, sweep: number): ConfigResult[] {
  return db
    .prepare<[number], ConfigResult>(
      'SELECT ordinal AS config, n, mean, std FROM config WHERE sweep = ? AND mean IS NOT NULL',
    )
    .all(sweep);
}

/** At `config * replicates + replicate`; NaN where a trial has no result. */
export function readObjectives(
  db: Database.Database,
  { id, configs, replicates }: Pick<SweepFacts, 'id' | 'configs' | 'replicates'>,
): Float64Array {
  const objectives = new Float64Array(configs * replicates).fill(NaN);
  // Both in the order of the index that holds all of it.
  const column = <Value>(expression: string): Value[] =>
    db
      .prepare<Record<string, number>, Value>(
        `SELECT ${expression} FROM trial
         WHERE sweep = :id AND state = 'completed' AND objective IS NOT NULL ORDER BY objective, config, replicate`,
      )
      .pluck()
      .all({ id, ...(expression === 'objective' ? {} : { replicates }) });
  const places = column<number>('config * :replicates + replicate');
  const values = column<number>('objective');
  for (const [index, place] of places.entries()) objectives[place] = values[index]!;
  return objectives;
}

/** How many folds the first config's data have; null where they are not split into folds, or not known. */
export function readFolds(db: Database.Database, sweep: number): number | null {
  return (
    db
      .prepare<[number], number | null>(
        "SELECT json_extract(resolved, '$.data.split.folds') FROM config WHERE sweep = ? ORDER BY ordinal LIMIT 1",
      )
      .pluck()
      .get(sweep) ?? null
  );
}

/** Of configs with a result, each one's completed trial of the first replicate that has one. */
export function readFirstTrials(db: Database.Database, sweep: number, configs: readonly number[]): number[] {
  return db
    .prepare<[number, string], number>(
      `SELECT (SELECT id FROM trial WHERE sweep = ? AND config = wanted.value AND objective IS NOT NULL
               ORDER BY replicate LIMIT 1)
       FROM json_each(?) AS wanted ORDER BY wanted.key`,
    )
    .pluck()
    .all(sweep, JSON.stringify(configs));
}
