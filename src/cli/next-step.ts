/** The next commands for a sweep, for its user: the obvious one as a line, or all of them. Pure. */

import type { SweepOverview } from '../../db/reader.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import { commandName } from './command-name.ts';
import { DEFAULT_DATABASE } from './options.ts';
import { shellWord } from './text/shell-word.ts';

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
        ? `What failed diverged, and would again: ${commandName} show ${name}${db} says why, and what may help`
        : `To try what failed again: ${commandName} retry ${name} --failed${db}`;
  }
}

/**
 * What can be done with the sweep as it stands: a command a line, with what it does where there is room.
 * @param width of the terminal; arguments as those of `nextStep`
 */
export function nextCommands(sweep: Sweep, database: string, kinds: readonly string[] = [], width = Infinity): string {
  const { name, states } = sweep;
  const db = databaseFlag(database);
  const state = stateOf(sweep);
  const hasResult = states.completed > 0;
  const again = kinds.some((kind) => kind !== 'diverged');
  const commands: readonly (readonly [string, string])[] = [
    ...(state === 'running' ? [[`watch ${name}`, 'look on'] as const] : []),
    ...(state === 'paused' || state === 'unfinished' ? [[`resume ${name}`, 'go on'] as const] : []),
    ...(again && state === 'finished' ? [[`retry ${name} --failed`, 'try what failed again'] as const] : []),
    ...(hasResult
      ? ([
          [`report ${name}`, 'all of it with charts, as a page'],
          [`best ${name} --format yaml`, 'the best config as a definition'],
        ] as const)
      : []),
    ...(state === 'running' ? [] : [[`watch ${name}`, 'every trial and its curves'] as const]),
  ];
  const lines = commands.map(([command, does]) => [`${commandName} ${command}${db}`, does] as const);
  const longest = Math.max(...lines.map(([command]) => command.length));
  const whole = lines.map(([command, does]) => `  ${command.padEnd(longest)}  ${does}`);
  const fits = whole.every((line) => line.length <= width);
  return (fits ? whole : lines.map(([command]) => `  ${command}`)).map((line) => `${line}\n`).join('');
}
