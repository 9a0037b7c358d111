/** How wide the cells of a heat map are, and how many of its columns are shown. Pure. */

import { columnsOf } from '../text.ts';
import type { Theme } from '../theme.ts';
import { labelsOf, shortMeasureFormat, type Comparison } from './comparison.ts';

export interface MapLayout {
  /** Columns of the terminal for the labels of the rows, and for each cell. */
  readonly labels: number;
  readonly cell: number;
  /** Columns of the map that are shown. */
  readonly count: number;
  /** Whether cells have room for their means. */
  readonly numbers: boolean;
}

/** Between two cells. */
export const CELL_GAP = 1;
/** A shade, the mark of the selected cell, that of the best, and a shade. */
const AROUND_NUMBER = 4;
const LEAST_CELL = 3;
const LABELLED_CELL = 7;
const ROOMY_CELL = 20;
/** Columns that labels of rows may take even in a narrow map. */
const LEAST_LABELS = 8;

/** Cells with their means where all columns fit so, else without; columns that do not fit even so can be scrolled to. */
export function layMap(comparison: Comparison, { glyphs }: Theme, width: number): MapLayout {
  const [first = [], second = []] = comparison.levels;
  const most = Math.max(LEAST_LABELS, width >> 2);
  const labels = Math.min(most, widest([comparison.parameters[0], ...labelsOf(first, most, glyphs)]));
  const room = Math.max(0, width - labels);
  const count = Math.max(1, second.length);
  const share = Math.floor(room / count) - CELL_GAP;
  const format = shortMeasureFormat(comparison.cells);
  const number = widest(comparison.cells.map(({ mean }) => format(mean))) + AROUND_NUMBER;
  if (share >= number) return { labels, cell: Math.min(share, Math.max(number, ROOMY_CELL)), count, numbers: true };
  const label = Math.min(LABELLED_CELL, widest(labelsOf(second, most, glyphs)));
  const cell = Math.max(LEAST_CELL, label, share);
  return { labels, cell, count: Math.max(1, Math.min(count, Math.floor(room / (cell + CELL_GAP)))), numbers: false };
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, columnsOf(text)), 0);
}
