/** The table of best configs that `show`, `best` and the end of a run print. Pure. */

import type { LeaderboardRow } from '../dashboard/snapshot.ts';
import { decimalsFor, formatMean } from '../dashboard/format.ts';
import { formatParam } from '../format-param.ts';
import type { Paper } from './paint.ts';
import { formatTable } from './table.ts';

export interface LeaderboardTableOptions {
  readonly parameters: readonly string[];
  /** Name of the metric that the means are of. */
  readonly objective: string;
  readonly width?: number | undefined;
  readonly paint?: Paper['paint'] | undefined;
}

/** A line per row: rank, config, its params, mean, standard deviation and number of completed replicates. */
export function leaderboardTable(
  rows: readonly LeaderboardRow[],
  { parameters, objective, width, paint }: LeaderboardTableOptions,
): string {
  const decimals = decimalsFor(rows);
  // A table without a baseline needs no column for it.
  const marks = rows.some((row) => row.is_baseline);
  return formatTable(
    ['rank', 'config', ...parameters, objective, 'std', 'n', ...(marks ? [''] : [])],
    rows.map((row) => [
      row.rank,
      row.config,
      ...parameters.map((parameter) => formatParam(row.params[parameter])),
      formatMean(row.mean, decimals),
      row.std === null ? '-' : formatMean(row.std, decimals),
      row.n,
      ...(marks ? [row.is_baseline ? 'baseline' : ''] : []),
    ]),
    { width, paint, toneOf: (row) => (rows[row]?.rank === 1 ? 'accent' : 'plain') },
  );
}
