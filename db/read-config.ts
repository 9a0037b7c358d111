/** One config of a sweep: its place on the leaderboard, and all that it means. */

import type Database from 'better-sqlite3';
import type { OwnConfig, ResolvedConfig } from '../src/definition/resolved.ts';
import { SweepError } from '../src/errors.ts';
import { parseParams, type SweepFacts } from './read-sweep.ts';

export interface ConfigFacts {
  /** As it was resolved when the sweep was made. */
  readonly config: ResolvedConfig | OwnConfig;
  /** Completed replicates. */
  readonly n: number;
  /** Of the objective over them; null without one. */
  readonly mean: number | null;
  /** Null for fewer than two. */
  readonly std: number | null;
}

/** @throws SweepError `usage` where the sweep has no config of this ordinal. */
export function readConfig(db: Database.Database, sweep: SweepFacts, ordinal: number): ConfigFacts {
  const row = db
    .prepare<[number, number], Omit<ConfigFacts, 'config'> & { readonly params: string; readonly resolved: string }>(
      'SELECT params, resolved, n, mean, std FROM config WHERE sweep = ? AND ordinal = ?',
    )
    .get(sweep.id, ordinal);
  if (!row) {
    throw new SweepError('usage', {
      message: `${sweep.name} has no config ${ordinal}`,
      hint: `its configs are 0 to ${sweep.configs - 1}`,
    });
  }
  const { params, resolved, ...rest } = row;
  // Written by the store.
  const sections = JSON.parse(resolved) as Omit<ResolvedConfig, 'ordinal' | 'params'>;
  return { ...rest, config: { ...sections, ordinal, params: parseParams(params) } };
}
