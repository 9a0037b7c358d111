/** What a run prints at its end: the best settings, failures in a line, and the next three commands. */

import type { Reader } from '../../db/reader.ts';
import type { LeaderboardRow, Snapshot } from '../dashboard/snapshot.ts';
import { formatTable } from './table.ts';

const ROWS = 10;

export interface ResultOptions {
  readonly reader: Reader;
  readonly sweep: string;
  /** As the user wrote it; left out of the commands where it is the default. */
  readonly database: string;
  readonly defaultDatabase: string;
  readonly width: number | undefined;
}

/** The final report as text, with a final line feed. */
export function describeResult({ reader, sweep, database, defaultDatabase, width }: ResultOptions): string {
  const snapshot = reader.snapshot(sweep, { best: ROWS, failures: 1 });
  const db = database === defaultDatabase ? '' : ` --db ${database}`;
  return [
    bestSettings(snapshot, width),
    failureLine(snapshot, `nightsweep sql "SELECT * FROM failures WHERE sweep = '${sweep}'"${db}`),
    nextCommands(snapshot, db),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function bestSettings(snapshot: Snapshot, width: number | undefined): string {
  const { best, objective, goal, configs } = snapshot;
  const [first] = best;
  if (!first) return `No trial of ${snapshot.sweep} has a result yet.\n`;
  const varied = snapshot.parameters;
  const columns = ['rank', ...varied, `mean ${objective}`, 'std', 'n', ''];
  const rows = best.map((row) => [
    row.rank,
    ...varied.map((name) => row.params[name] ?? null),
    decimal(row.mean),
    row.std === null ? '-' : decimal(row.std),
    row.n,
    row.is_baseline ? 'baseline' : '',
  ]);
  const more = configs > best.length ? `, the first ${best.length} of ${configs} configs` : '';
  const direction = goal === 'maximize' ? 'highest' : 'lowest';
  return `${headline(first, snapshot)}\n\nBest settings by ${objective} (${direction} first${more}):\n${formatTable(columns, rows, { width })}`;
}

function headline(first: LeaderboardRow, { sweep, objective }: Snapshot): string {
  const params = Object.entries(first.params).map(([name, value]) => `${name} ${value}`);
  const setting = params.length > 0 ? params.join(', ') : `config ${first.config}`;
  const spread = first.std === null ? '' : ` +- ${decimal(first.std)}`;
  const trials = first.n === 1 ? 'one replicate' : `${first.n} replicates`;
  return `Best of ${sweep}: ${setting}: ${objective} ${decimal(first.mean)}${spread} over ${trials}`;
}

/** Four significant digits, or all digits of a whole number. */
function decimal(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(3);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
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
    ? `SELECT ${parameter}, avg(${objective}) FROM \\"${sweep}\\" GROUP BY ${parameter}`
    : `SELECT * FROM \\"${sweep}\\"`;
  return [
    'Next:',
    `  nightsweep watch ${sweep}${db}`,
    `  nightsweep sql "${query}"${db}`,
    '  nightsweep init --csv YOUR.csv --target COLUMN',
    '',
  ].join('\n');
}
