/** Options that several commands share, so that they look and mean the same everywhere. */

import { Option } from 'commander';

export const DEFAULT_DATABASE = 'nightsweep.db';

/** `--db FILE`: read it as `options.db`. */
export function databaseOption(): Option {
  return new Option('--db <file>', 'database with the results').default(DEFAULT_DATABASE);
}

/** Columns of the terminal that stdout is, or undefined where it is a pipe or a file: nothing is cut there. */
export function terminalWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}
