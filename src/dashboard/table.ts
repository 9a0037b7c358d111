/** Columns of a table fitted into a width: what shrinks, and what goes first. Pure. */

import { clean, columnsOf, padEnd, padStart, truncate } from './text.ts';

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Fixed columns stay whole and come first; the others shrink, and the last of them go when there is no room. */
  readonly fixed: boolean;
  /** Shown at any length for which there is room: a message, say. */
  readonly long?: boolean;
}

export interface TableText {
  readonly header: readonly string[];
  /** A cell per shown column, padded to its width, in the order of the rows given. */
  readonly rows: readonly (readonly string[])[];
  /** Indices of the columns that are shown. */
  readonly shown: readonly number[];
  /** Columns that found no room. */
  readonly hidden: number;
}

export const COLUMN_GAP = 2;
const SHRUNK = 10;
const LONGEST = 28;

/**
 * Cells of the columns that fit into `width`. Among those that may go, columns with equal cells go before others.
 * A table that is scrolled keeps its columns: they are measured by the rows around those that are shown (`measured`),
 * and go from the right only.
 */
export function layTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
  ellipsis: string,
  measured?: readonly (readonly string[])[],
): TableText {
  const cells = cleaned(columns, rows);
  const samples = measured ? cleaned(columns, measured) : cells;
  const natural = columns.map(({ title, fixed, long }, index) => {
    const widest = samples.reduce((most, row) => Math.max(most, columnsOf(row[index] ?? '')), columnsOf(title));
    return fixed || long ? widest : Math.min(LONGEST, widest);
  });
  const { shown, widths } = choose(columns, measured ? [] : cells, natural, width);
  const draw = (text: string, index: number): string => {
    const columnWidth = widths.get(index) ?? 0;
    const cut = truncate(text, columnWidth, ellipsis);
    return columns[index]?.align === 'right' ? padStart(cut, columnWidth) : padEnd(cut, columnWidth);
  };
  return {
    header: shown.map((index) => draw(clean(columns[index]?.title ?? ''), index)),
    rows: cells.map((row) => shown.map((index) => draw(row[index] ?? '', index))),
    shown,
    hidden: columns.length - shown.length,
  };
}

function cleaned(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  return rows.map((row) => columns.map((_, index) => clean(row[index] ?? '')));
}

function choose(
  columns: readonly TableColumn[],
  cells: readonly (readonly string[])[],
  natural: readonly number[],
  width: number,
): { readonly shown: readonly number[]; readonly widths: ReadonlyMap<number, number> } {
  const all = columns.map((_, index) => index);
  const total = (indices: readonly number[], widthOf: (index: number) => number): number =>
    indices.reduce((sum, index) => sum + widthOf(index), COLUMN_GAP * Math.max(0, indices.length - 1));
  const whole = (index: number): number => natural[index] ?? 0;
  const shrunk = (index: number): number => (columns[index]?.fixed ? whole(index) : Math.min(SHRUNK, whole(index)));
  const constant = (index: number): boolean => cells.every((row) => row[index] === cells[0]?.[index]);
  // The order in which columns go: constant ones from the right, then the others from the right, fixed ones last.
  const expendable = [
    ...all.filter((index) => !columns[index]?.fixed && cells.length > 1 && constant(index)).reverse(),
    ...all.filter((index) => !columns[index]?.fixed && !(cells.length > 1 && constant(index))).reverse(),
    ...all.filter((index) => columns[index]?.fixed).reverse(),
  ];
  let shown: readonly number[] = all;
  for (const index of expendable) {
    if (total(shown, shrunk) <= width) break;
    shown = shown.filter((each) => each !== index);
  }
  // Spare columns go to the shrunken ones, from the left.
  const widths = new Map(shown.map((index) => [index, shrunk(index)]));
  let spare = width - total(shown, shrunk);
  for (const index of shown) {
    const growth = Math.min(spare, whole(index) - shrunk(index));
    widths.set(index, shrunk(index) + Math.max(0, growth));
    spare -= Math.max(0, growth);
  }
  return { shown, widths };
}
