/** The best configs so far: mean and spread of the objective over replicates, the baseline marked. */

import { decimalsFor, formatMean, formatParam } from '../format.ts';
import type { TablePlan } from '../layout.ts';
import type { LeaderboardRow, Snapshot } from '../snapshot.ts';
import type { TableColumn } from '../table.ts';
import { padStart } from '../text.ts';
import type { Theme } from '../theme.ts';
import { TableView } from './table-view.tsx';

export interface BestTableProps {
  readonly snapshot: Snapshot;
  readonly theme: Theme;
  readonly width: number;
  readonly plan: TablePlan;
}

const MEAN_COLUMN = 2;

export function BestTable({ snapshot, theme, width, plan }: BestTableProps) {
  const { parameters, objective } = snapshot;
  const { glyphs } = theme;
  const shown = visibleRows(snapshot.best, plan.rows);
  const columns: readonly TableColumn[] = [
    { title: 'rank', align: 'right', fixed: true },
    { title: 'config', align: 'right', fixed: true },
    { title: `mean ${glyphs.plusMinus} std`, align: 'left', fixed: true },
    { title: 'n', align: 'right', fixed: true },
    ...parameters.map((title): TableColumn => ({ title, align: 'right', fixed: false })),
  ];
  const means = meanCells(shown, theme);
  const rows = shown.map((row, index) => [
    `${row.is_baseline ? `${glyphs.baseline} ` : ''}${row.rank}`,
    String(row.config),
    means[index] ?? '',
    String(row.n),
    ...parameters.map((name) => formatParam(row.params[name], glyphs.missing)),
  ]);
  const hasBaseline = shown.some((row) => row.is_baseline);
  return (
    <TableView
      title={`Best by ${objective}`}
      remark={hasBaseline ? `${glyphs.baseline} baseline` : ''}
      columns={columns}
      rows={rows}
      toneOf={(row, column) => (column === MEAN_COLUMN && shown[row]?.rank === 1 ? 'accent' : 'plain')}
      empty="no config has a completed trial yet"
      theme={theme}
      width={width}
      plan={plan}
    />
  );
}

/** The first rows, the last of them given up for the baseline where it would not be among them. */
export function visibleRows(best: readonly LeaderboardRow[], count: number): readonly LeaderboardRow[] {
  const first = best.slice(0, count);
  const baseline = best.slice(count).find((row) => row.is_baseline);
  return baseline && count > 1 ? [...first.slice(0, -1), baseline] : first;
}

/** `0.9612 ± 0.0021`, points below points. */
function meanCells(rows: readonly LeaderboardRow[], theme: Theme): readonly string[] {
  const decimals = decimalsFor(rows);
  const means = rows.map((row) => formatMean(row.mean, decimals));
  const widest = means.reduce((most, text) => Math.max(most, text.length), 0);
  return rows.map((row, index) => {
    const mean = padStart(means[index] ?? '', widest);
    return row.std === null ? mean : `${mean} ${theme.glyphs.plusMinus} ${formatMean(row.std, decimals)}`;
  });
}
