/** Columns of the leaderboard, and how it is sorted by them. Pure. */

import type { LeaderRow, ReportData } from '../../../report-data.ts';
import type { ParamValue } from '../../../../definition/resolved.ts';
import { decimalsFor } from '../../../../dashboard/format.ts';

export interface Column {
  /** Of its own, whatever a parameter is called. */
  readonly key: string;
  readonly title: string;
  readonly isNumber: boolean;
  readonly value: (row: LeaderRow) => ParamValue;
}

export interface Order {
  /** Null: as ranked. */
  readonly column: Column | null;
  readonly isDescending: boolean;
}

/** What all rows have in common. */
export interface Layout {
  readonly parameters: readonly Column[];
  readonly best: LeaderRow | undefined;
  readonly baseline: LeaderRow | undefined;
  /** Of all configs; undefined where they differ, and have a column. */
  readonly n: number | undefined;
  readonly hasGap: boolean;
  readonly decimals: number;
}

export function layoutOf({ leaderboard, sweep }: ReportData): Layout {
  const [best] = leaderboard;
  return {
    parameters: sweep.parameters.map((name) => parameterColumn(name, leaderboard)),
    best,
    baseline: leaderboard.find(({ is_baseline }) => is_baseline),
    n: leaderboard.every(({ n }) => n === best?.n) ? best?.n : undefined,
    hasGap: leaderboard.some(({ generalisation_gap }) => generalisation_gap !== null),
    decimals: decimalsFor(leaderboard),
  };
}

export const RANK: Column = { key: 'rank', title: 'Rank', isNumber: true, value: ({ rank }) => rank };
export const N: Column = { key: 'n', title: 'n', isNumber: true, value: ({ n }) => n };
export const DIFFERENCE: Column = {
  key: 'difference',
  title: 'Difference',
  isNumber: true,
  value: ({ against_baseline }) => against_baseline?.difference ?? null,
};
export const GAP: Column = {
  key: 'gap',
  title: 'Gap',
  isNumber: true,
  value: ({ generalisation_gap }) => generalisation_gap,
};

export function meanColumn(objective: string): Column {
  return { key: 'mean', title: objective, isNumber: true, value: ({ mean }) => mean };
}

/** Right-aligned where all its values are numbers. */
export function parameterColumn(name: string, rows: readonly LeaderRow[]): Column {
  return {
    key: `parameter ${name}`,
    title: name,
    isNumber: rows.every(({ params }) => typeof (params[name] ?? 0) === 'number'),
    value: ({ params }) => params[name] ?? null,
  };
}

/** Stable; what is missing comes last in either direction. */
export function sortRows(rows: readonly LeaderRow[], { column, isDescending }: Order): readonly LeaderRow[] {
  if (column === null) return rows;
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * String(x).localeCompare(String(y), 'en', { numeric: true });
  });
}
