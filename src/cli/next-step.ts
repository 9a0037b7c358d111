/** The obvious next command for a sweep, as a line for its user. Pure. */

import type { SweepOverview } from '../../db/reader.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import { commandName } from './command-name.ts';
import { DEFAULT_DATABASE } from './options.ts';
import { shellWord } from './shell-word.ts';

/** ` --db FILE` for a command that we suggest; empty where it is the default. */
export function databaseFlag(database: string): string {
  return database === DEFAULT_DATABASE ? '' : ` --db ${shellWord(database)}`;
}

type Sweep = Pick<SweepOverview, 'name' | 'live' | 'pausedAt' | 'states'>;

/**
 * Undefined where every trial has a result. `database`: as the user wrote it; `kinds`: as which trials failed, where
 * that is known.
 */
export function nextStep(sweep: Sweep, database: string, kinds: readonly string[] = []): string | undefined {
  const { name, states } = sweep;
  const db = databaseFlag(database);
  switch (stateOf(sweep)) {
    case 'running':
      return `To look on: ${commandName} watch ${name}${db}`;
    case 'paused':
    case 'unfinished':
      return `To go on: ${commandName} resume ${name}${db}`;
    case 'finished':
      if (states.failed === 0) return undefined;
      // Its numbers depend on the definition only.
      return kinds.length > 0 && kinds.every((kind) => kind === 'diverged')
        ? 'What failed diverged, and would again: lower the learning rate, or clip gradients, under another --name'
        : `To try what failed again: ${commandName} retry ${name} --failed${db}`;
  }
}
