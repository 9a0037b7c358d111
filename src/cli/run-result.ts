/** What a run prints at its end: the best settings, failures in a line, and the next three commands. */

import type { Reader } from '../../db/reader.ts';
import { commandName } from './command-name.ts';
import { decimalsFor, formatMean } from '../dashboard/format.ts';
import { formatParam } from '../format-param.ts';
import type { Snapshot } from '../dashboard/snapshot.ts';
import { leaderboardTable } from './leaderboard-table.ts';
import { databaseFlag } from './next-step.ts';
import type { Paper } from './paint.ts';

const ROWS = 10;

export interface ResultOptions {
  readonly reader: Reader;
  readonly sweep: string;
  /** As the user wrote it. */
  readonly database: string;
  readonly paper: Paper;
}

/** The final report as text, with a final line feed. */
export function describeResult({ reader, sweep, database, paper }: ResultOptions): string {
  const snapshot = reader.snapshot(sweep, { best: ROWS, failures: 1 });
  const db = databaseFlag(database);
  return [
    bestSettings(snapshot, paper),
    failureLine(snapshot, `${commandName} sql "SELECT * FROM failures WHERE sweep = '${sweep}'"${db}`),
    nextCommands(snapshot, db),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function bestSettings(
  { sweep, best, objective, goal, configs, parameters }: Snapshot,
  { width, paint }: Paper,
): string {
  const [first] = best;
  if (!first) return `No trial of ${sweep} has a result yet.\n`;
  const params = Object.entries(first.params).map(([name, value]) => `${name} ${formatParam(value)}`);
  const setting = params.length > 0 ? params.join(', ') : `config ${first.config}`;
  const decimals = decimalsFor(best);
  const spread = first.std === null ? '' : ` +- ${formatMean(first.std, decimals)}`;
  const replicates = first.n === 1 ? 'one replicate' : `${first.n} replicates`;
  const order = goal === 'maximize' ? 'highest' : 'lowest';
  const equals = best.filter(({ mean }) => mean === first.mean).length - 1;
  const tie = equals > 0 ? ` (and ${equals} more with the same mean)` : '';
  const part = configs > best.length ? `, ${best.length} of ${configs} configs` : '';
  return [
    `Best of ${sweep}: ${paint(setting, 'title')}${tie}`,
    `${objective} ${formatMean(first.mean, decimals)}${spread}, mean and standard deviation of ${replicates}`,
    '',
    `Settings by ${objective}, ${order} first${part}:`,
    leaderboardTable(best, { parameters, objective, width, paint }),
  ].join('\n');
}

function failureLine({ states, failures }: Snapshot, command: string): string {
  const [newest] = failures;
  if (states.failed === 0 || !newest) return '';
  const count = states.failed === 1 ? 'One trial' : `${states.failed} trials`;
  return `${count} failed, such as config ${newest.config}, replicate ${newest.replicate}: ${newest.kind} at epoch ${newest.epoch}\n  ${command}\n`;
}

function nextCommands({ sweep, parameters, objective }: Snapshot, db: string): string {
  const [parameter] = parameters;
  const query = parameter
    ? `SELECT "${parameter}", avg(${objective}) FROM "${sweep}" GROUP BY 1`
    : `SELECT * FROM "${sweep}"`;
  return [
    'Next:',
    `  ${commandName} watch ${sweep}${db}`,
    `  ${commandName} sql '${query}'${db}`,
    `  ${commandName} init --csv YOUR.csv --target COLUMN`,
    '',
  ].join('\n');
}
