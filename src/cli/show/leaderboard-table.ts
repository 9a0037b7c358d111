/** The table of best configs that `show`, `best` and the end of a run print. Pure. */

import type { LeaderboardRow } from '../../dashboard/snapshot.ts';
import { decimalsFor, formatMean, formatParamCell } from '../../dashboard/format.ts';
import { columnsOf } from '../../dashboard/text.ts';
import { listed } from '../../definition/mistake.ts';
import { formatParam } from '../../format-param.ts';
import type { Goal } from '../../metrics.ts';
import type { Analysis, ComparisonRow } from '../../statistics/analysis-rows.ts';
import { leadOverBaseline } from '../../statistics/comparisons.ts';
import type { Paper } from '../text/paint.ts';
import { paragraph } from '../text/prose.ts';
import { type Cell, formatTable } from '../text/table.ts';

export interface LeaderboardTableOptions {
  readonly parameters: readonly string[];
  /** Name of the metric that the means are of. */
  readonly objective: string;
  readonly goal: Goal;
  readonly analysis: Analysis;
  readonly paper: Paper;
}

interface Column {
  readonly name: string;
  readonly cells: readonly Cell[];
  /** Columns with lower ranks go first where there is no room; null for those that stay. */
  readonly rank: number | null;
}

/** What is left out first: spread and replicates, then parameters that hardly matter, then what was compared, then other parameters. */
const RANKS = { std: -1, n: 0, idle: 1, interval: 3, difference: 4, parameter: 5 } as const;
/** Of the variance between configs: a parameter that explains less hardly matters. */
const MATTERS = 0.05;
const BASELINE = 'baseline';
const TIED = '=';
const CHANCE = '?';
/** Between columns. */
const GAP = 2;

/**
 * A line per row: rank, a mark where the results cannot tell it from the best, config, its params, mean with half of its
 * 95 % interval, spread and number of completed replicates, and the difference from the baseline with what that comes to.
 * Where the terminal is too narrow, columns are left out. A line below says what marks mean, and which parameters it lacks.
 */
export function leaderboardTable(rows: readonly LeaderboardRow[], options: LeaderboardTableOptions): string {
  const { parameters, paper } = options;
  const columns = columnsFor(rows, options);
  const chosen = chooseColumns(columns, paper.width);
  const table = formatTable(
    chosen.map(({ name }) => name),
    rows.map((_, row) => chosen.map(({ cells }) => cells[row] ?? null)),
    { ...paper, toneOf: (row) => (rows[row]?.rank === 1 ? 'accent' : 'plain') },
  );
  const hidden = columns.filter((column) => !chosen.includes(column)).map(({ name }) => name);
  const missed = hidden.filter((name) => parameters.includes(name));
  const shown = new Set(chosen.flatMap(({ cells }) => cells.map((cell) => String(cell).at(-1))));
  const remarks = [
    ...(shown.has(TIED) ? [`${TIED}: the results cannot tell it from the best`] : []),
    ...(shown.has(CHANCE) ? [`${CHANCE}: may be chance`] : []),
    ...(missed.length > 0 ? [`no room for ${listed(missed, 'and')}`] : []),
  ];
  return table + (remarks.length === 0 ? '' : paragraph(remarks.join('; '), paper, 'quiet'));
}

/** Those that fit; all that may go have gone where nothing fits. */
function chooseColumns(columns: readonly Column[], width = Infinity): readonly Column[] {
  const leaving = columns.filter(({ rank }) => rank !== null).toSorted((a, b) => b.rank! - a.rank!);
  let chosen = columns;
  while (widthOf(chosen) > width && leaving.length > 0) {
    const out = leaving.pop();
    chosen = chosen.filter((column) => column !== out);
  }
  return chosen;
}

function widthOf(columns: readonly Column[]): number {
  const widths = columns.map(({ name, cells }) =>
    Math.max(columnsOf(name), ...cells.map((cell) => columnsOf(String(cell ?? '')))),
  );
  return widths.reduce((sum, width) => sum + width, 0) + GAP * (columns.length - 1);
}

function columnsFor(
  rows: readonly LeaderboardRow[],
  { parameters, objective, goal, analysis, paper }: LeaderboardTableOptions,
): Column[] {
  const decimals = decimalsFor(rows);
  const byConfig = new Map(analysis.configs.map((row) => [row.config, row]));
  const compared = analysis.comparisons.filter(({ reference }) => reference === 'baseline');
  const against = new Map(compared.map((row) => [row.config, row]));
  const column = (name: string, rank: number | null, cellOf: (row: LeaderboardRow) => Cell): Column => {
    return { name, rank, cells: rows.map(cellOf) };
  };
  const half = ({ config }: LeaderboardRow): string => {
    const interval = byConfig.get(config)?.interval;
    return interval ? formatMean((interval[1] - interval[0]) / 2, decimals) : '-';
  };
  // A pipe gets every digit of a param, a terminal those that tell configs apart.
  const param = paper.width === undefined ? formatParam : formatParamCell;
  return [
    column('rank', null, ({ rank }) => rank),
    column('', null, ({ config }) => (byConfig.get(config)?.tied === true && config !== analysis.best ? TIED : '')),
    column('config', null, ({ config }) => config),
    ...parameters.map((name) => column(name, parameterRank(name, analysis), ({ params }) => param(params[name]))),
    column(paper.width === undefined ? objective : 'mean', null, ({ mean }) => formatMean(mean, decimals)),
    column('+-95 %', RANKS.interval, half),
    column('std', RANKS.std, ({ std }) => (std === null ? '-' : formatMean(std, decimals))),
    column('n', RANKS.n, ({ n }) => n),
    ...(compared.length === 0
      ? []
      : [
          column('vs baseline', RANKS.difference, ({ config, is_baseline }) => {
            const row = against.get(config);
            return is_baseline ? BASELINE : row ? difference(row, isBetter(row, analysis, goal), decimals) : '-';
          }),
        ]),
    // Where nothing could be compared yet.
    ...(compared.length > 0 ? [] : [column('', null, ({ is_baseline }) => (is_baseline ? BASELINE : ''))]),
  ].filter(({ name, cells }) => name !== '' || cells.some((cell) => cell !== ''));
}

function parameterRank(parameter: string, { importance }: Analysis): number {
  const share = importance.find((row) => row.parameter === parameter && row.with === null)?.share;
  return (share !== undefined && share < MATTERS ? RANKS.idle : RANKS.parameter) + (share ?? 0);
}

/** `+0.012 better`; a difference that may be chance has a question mark. */
function difference(row: ComparisonRow, isBetter: boolean, decimals: number): string {
  const size = formatMean(Math.abs(row.difference), decimals);
  const sign = Number(size) === 0 ? ' ' : row.difference < 0 ? '-' : '+';
  const claim = isBetter ? 'better' : row.conclusion === 'worse' ? 'worse' : CHANCE;
  return `${sign}${size} ${claim}`;
}

/** Of the best config more is known than of others. */
function isBetter(row: ComparisonRow, { best, comparisons }: Analysis, goal: Goal): boolean {
  if (row.config !== best) return row.conclusion === 'better';
  return leadOverBaseline(comparisons, best, row.other, goal)?.claim === true;
}
