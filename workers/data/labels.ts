/** Turns the cells of a column of classes or categories into indices of sorted labels. Pure. */

import { parseNumber } from './cells.ts';

export interface Labelled {
  /** Distinct labels: numbers by value where all are numbers, else text by code unit. */
  readonly labels: readonly string[];
  /** Index into `labels` of each cell; -1 where the cell is null. */
  readonly codes: Int32Array;
}

/**
 * Labels of cells; null is a missing one. Where every cell is a number, `1` and `1.0` are the same label.
 */
export function labelCells(cells: readonly (string | null)[]): Labelled {
  const numbers = new Map<string, number>();
  for (const cell of cells) if (cell !== null && !numbers.has(cell)) numbers.set(cell, parseNumber(cell));
  const numeric = [...numbers.values()].every(Number.isFinite);
  const labelOf = (cell: string): string => (numeric ? String(numbers.get(cell)) : cell);
  const labels = [...new Set([...numbers.keys()].map(labelOf))].sort(
    numeric ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : 1),
  );
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : codeOf.get(labelOf(cell))!));
  return { labels, codes };
}
