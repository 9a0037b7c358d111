/** The best configs so far: the objective's mean and its interval, what cannot be told from the best, curves and params. */

import { Box } from 'ink';
import { sparkline } from '../chart/sparkline.ts';
import { decimalsFor, formatMean, formatParamCell } from '../format.ts';
import type { TablePlan } from '../layout.ts';
import { span, spread } from '../line.ts';
import type { StandingRow } from '../queries.ts';
import type { LeaderboardRow, Snapshot } from '../snapshot.ts';
import type { TableColumn } from '../table.ts';
import { padStart } from '../text.ts';
import type { Theme } from '../theme.ts';
import { LineView } from './line-view.tsx';
import { SelectTable } from './select-table.tsx';

/** A row of the snapshot knows the mean only; one of the standings, all of it. */
export type BestRow = LeaderboardRow & Partial<Pick<StandingRow, 'interval' | 'tied' | 'curve' | 'trial'>>;

export interface BestTableProps {
  readonly snapshot: Snapshot;
  /** All that are known, best first, to measure the columns by; those that are shown; and the one of them that is selected, by its index. */
  readonly known: readonly BestRow[];
  readonly shown: readonly BestRow[];
  readonly selected: number | undefined;
  readonly theme: Theme;
  readonly width: number;
  readonly plan: TablePlan;
}

const MEAN_COLUMN = 2;

export function BestTable({ snapshot, known, shown, selected, theme, width, plan }: BestTableProps) {
  if (plan.rows === 0) return null;
  const { glyphs } = theme;
  const parameters = tellingFirst(snapshot.parameters, known);
  const columns: readonly TableColumn[] = [
    { title: 'rank', align: 'right', fixed: true },
    { title: 'config', align: 'right', fixed: true },
    { title: snapshot.objective, align: 'left', fixed: true },
    { title: 'n', align: 'right', fixed: true },
    ...(sparkWidth(width) > 0 ? [{ title: 'curve', align: 'left', fixed: true } as const] : []),
    ...parameters.map((title): TableColumn => ({ title, align: 'right', fixed: false })),
  ];
  const cellsOf = rowCells(parameters, known, theme, width);
  return (
    <Box flexDirection="column">
      {plan.title && (
        <LineView
          theme={theme}
          spans={spread([span('Best configs', 'title')], [span(legend(shown, theme), 'quiet')], width, glyphs.ellipsis)}
        />
      )}
      <SelectTable
        columns={columns}
        rows={shown.map(cellsOf)}
        measured={known.map(cellsOf)}
        selected={selected ?? -1}
        toneOf={(row, column) => (column === MEAN_COLUMN && shown[row]?.rank === 1 ? 'accent' : 'plain')}
        empty="no config has a completed trial yet"
        theme={theme}
        width={width}
      />
    </Box>
  );
}

/** Columns of a curve. */
export function sparkWidth(width: number): number {
  if (width < 60) return 0;
  return width < 100 ? 10 : 20;
}

/** What the marks mean that are there. */
function legend(rows: readonly BestRow[], { glyphs }: Theme): string {
  const parts = [
    rows.some(({ interval }) => interval) ? `mean ${glyphs.plusMinus} 95 % interval` : '',
    rows.some(isTied) ? `${glyphs.tied} may be as good as the best` : '',
    rows.some((row) => row.is_baseline) ? `${glyphs.baseline} baseline` : '',
  ];
  return parts.filter(Boolean).join('  ');
}

function isTied({ tied, rank }: BestRow): boolean {
  return tied === true && rank > 1;
}

/** Parameters in which the configs differ, before those in which they are the same. */
function tellingFirst(parameters: readonly string[], rows: readonly BestRow[]): readonly string[] {
  const differ = (name: string): boolean => rows.some(({ params }) => params[name] !== rows[0]?.params[name]);
  return [...parameters.filter(differ), ...parameters.filter((name) => !differ(name))];
}

function rowCells(
  parameters: readonly string[],
  known: readonly BestRow[],
  theme: Theme,
  width: number,
): (row: BestRow) => readonly string[] {
  const { glyphs } = theme;
  const spark = sparkWidth(width);
  const halves = known.map(({ mean, interval }) => ({ mean, std: interval ? halfOf(interval) : null }));
  const decimals = decimalsFor(halves);
  const widest = (values: readonly number[]): number =>
    values.reduce((most, value) => Math.max(most, formatMean(value, decimals).length), 0);
  const meanWidth = widest(halves.map(({ mean }) => mean));
  const halfWidth = widest(halves.flatMap(({ std }) => std ?? []));
  const meanOf = ({ mean, interval }: BestRow): string => {
    const text = padStart(formatMean(mean, decimals), meanWidth);
    if (!interval) return text;
    return `${text} ${glyphs.plusMinus} ${padStart(formatMean(halfOf(interval), decimals), halfWidth)}`;
  };
  return (row) => [
    String(row.rank),
    `${row.is_baseline ? `${glyphs.baseline} ` : ''}${row.config}`,
    `${meanOf(row)}${isTied(row) ? ` ${glyphs.tied}` : ''}`,
    String(row.n),
    ...(spark > 0 ? [row.curve && row.curve.length > 0 ? sparkline(row.curve, spark, theme) : ''] : []),
    ...parameters.map((name) => formatParamCell(row.params[name], glyphs.missing)),
  ];
}

/** The interval of a mean is symmetric. */
function halfOf([low, high]: readonly [number, number]): number {
  return (high - low) / 2;
}
