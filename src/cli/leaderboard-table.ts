/** The table of best configs that `show`, `best` and the end of a run print. Pure. */

import type { LeaderboardRow } from '../dashboard/snapshot.ts';
import { decimalsFor, formatMean } from '../dashboard/format.ts';
import { columnsOf } from '../dashboard/text.ts';
import { listed } from '../definition/mistake.ts';
import { formatParam } from '../format-param.ts';
import type { Analysis, ComparisonRow } from '../statistics/analysis-rows.ts';
import type { Paper } from './paint.ts';
import { type Cell, formatTable } from './table.ts';

export interface LeaderboardTableOptions {
  readonly parameters: readonly string[];
  /** Name of the metric that the means are of. */
  readonly objective: string;
  readonly analysis: Analysis;
  readonly width?: number | undefined;
  readonly paint?: Paper['paint'] | undefined;
}

interface Column {
  readonly name: string;
  readonly cells: readonly Cell[];
  /** Columns with lower ranks go first where there is no room; null for those that stay. */
  readonly rank: number | null;
}

/**
 * A line per row: rank, config, its params, mean with half of its 95 % interval, difference from the baseline and what
 * that comes to, completed replicates, and a mark for what cannot be told from the best. Where the terminal is too narrow,
 * columns are left out, those of parameters that matter least among the first, and a line below says which.
 */
export function leaderboardTable(
  rows: readonly LeaderboardRow[],
  { width, paint, ...options }: LeaderboardTableOptions,
): string {
  const columns = columnsFor(rows, options);
  const toneOf = (row: number): 'accent' | 'plain' => (rows[row]?.rank === 1 ? 'accent' : 'plain');
  const table = (chosen: readonly Column[]): string =>
    formatTable(
      chosen.map(({ name }) => name),
      rows.map((_, row) => chosen.map(({ cells }) => cells[row] ?? null)),
      { width, paint, toneOf },
    );
  const fits = (chosen: readonly Column[]): boolean => width === undefined || naturalWidth(chosen) <= width;
  const optional = columns.filter(({ rank }) => rank !== null).toSorted((a, b) => a.rank! - b.rank!);
  for (let left = 0; left <= optional.length; left += 1) {
    const out = new Set(optional.slice(0, left));
    const chosen = columns.filter((column) => !out.has(column));
    if (!fits(chosen) && left < optional.length) continue;
    const hidden = columns.filter((column) => out.has(column) && options.parameters.includes(column.name));
    const note =
      hidden.length === 0
        ? ''
        : `no room for ${listed(
            hidden.map(({ name }) => name),
            'and',
          )}\n`;
    return table(chosen) + (paint ? paint(note.trimEnd(), 'quiet') + (note === '' ? '' : '\n') : note);
  }
  return table(columns);
}

/** What is left out first: spread and replicates, then parameters that hardly matter, then what was compared, then other parameters. */
const RANKS = { std: -1, n: 0, idle: 1, interval: 3, difference: 4, parameter: 5 } as const;
/** Of the variance between configs: a parameter that explains less hardly matters. */
const MATTERS = 0.05;

function columnsFor(
  rows: readonly LeaderboardRow[],
  { parameters, objective, analysis }: Omit<LeaderboardTableOptions, 'width' | 'paint'>,
): Column[] {
  const decimals = decimalsFor(rows);
  const byConfig = new Map(analysis.configs.map((row) => [row.config, row]));
  const against = new Map(
    analysis.comparisons.filter(({ reference }) => reference === 'baseline').map((row) => [row.config, row]),
  );
  const column = (name: string, rank: number | null, cellOf: (row: LeaderboardRow) => Cell): Column => ({
    name,
    rank,
    cells: rows.map(cellOf),
  });
  const rankOf = (parameter: string): number => {
    const share = analysis.importance.find((row) => row.parameter === parameter && row.with === null)?.share;
    return (share !== undefined && share < MATTERS ? RANKS.idle : RANKS.parameter) + (share ?? 0);
  };
  const half = ({ config }: LeaderboardRow): string => {
    const interval = byConfig.get(config)?.interval;
    return interval ? formatMean((interval[1] - interval[0]) / 2, decimals) : '-';
  };
  const columns = [
    column('rank', null, ({ rank }) => rank),
    column('config', null, ({ config }) => config),
    ...parameters.map((parameter) =>
      column(parameter, rankOf(parameter), ({ params }) => formatParam(params[parameter])),
    ),
    column(objective, null, ({ mean }) => formatMean(mean, decimals)),
    column('+-95 %', RANKS.interval, half),
    column('std', RANKS.std, ({ std }) => (std === null ? '-' : formatMean(std, decimals))),
    column('n', RANKS.n, ({ n }) => n),
    ...(against.size === 0
      ? []
      : [column('vs baseline', RANKS.difference, (row) => difference(against.get(row.config), decimals))]),
  ];
  const marks = column('', null, (row) => markOf(row, byConfig.get(row.config)?.tied ?? null, analysis.best));
  return marks.cells.some((cell) => cell !== '') ? [...columns, marks] : columns;
}

/** `+0.012 better`. */
function difference(row: ComparisonRow | undefined, decimals: number): string {
  if (!row || row.config === row.other) return '-';
  const size = formatMean(Math.abs(row.difference), decimals);
  const sign = Number(size) === 0 ? ' ' : row.difference < 0 ? '-' : '+';
  return `${sign}${size}${row.conclusion === null ? '' : ` ${row.conclusion}`}`;
}

function markOf({ config, is_baseline }: LeaderboardRow, tied: boolean | null, best: number | null): string {
  const marks = [...(is_baseline ? ['baseline'] : []), ...(tied === true && config !== best ? ['tied'] : [])];
  return marks.join(', ');
}

/** Columns that a table with these needs. */
function naturalWidth(columns: readonly Column[]): number {
  const widths = columns.map(({ name, cells }) =>
    Math.max(columnsOf(name), ...cells.map((cell) => columnsOf(String(cell ?? '')))),
  );
  return widths.reduce((sum, width) => sum + width, 0) + 2 * (columns.length - 1);
}
