/** What can be said of an answer to `compare`: which cell is best, what a level is called, what a number looks like. Pure. */

import { formatParam } from '../../format-param.ts';
import type { Level } from '../../statistics/levels.ts';
import { decimalsFor, formatMean, formatMeasure } from '../format.ts';
import type { CompareCell, Queries } from '../queries.ts';
import { columnsOf, truncate } from '../text.ts';
import type { Glyphs } from '../theme.ts';

export type Comparison = Queries['compare']['answer'];

/** Below zero where `a` is the better mean. */
export function byMerit({ goal }: Comparison): (a: CompareCell, b: CompareCell) => number {
  const sign = goal === 'minimize' ? 1 : -1;
  return (a, b) => sign * (a.mean - b.mean);
}

/** The first of the best cells; undefined while no trial has completed. */
export function bestCell(comparison: Comparison): CompareCell | undefined {
  return comparison.cells.toSorted(byMerit(comparison))[0];
}

/** Undefined where no completed trial has these levels. */
export function cellAt({ cells }: Comparison, first: number, second: number): CompareCell | undefined {
  return cells.find((cell) => cell.first === first && cell.second === second);
}

/** Its label, or the sign for what is absent: configs that do not reach the parameter have no value of it. */
export function labelOf({ label, value }: Level, { missing }: Glyphs): string {
  return value === null || label === '' ? missing : label;
}

/** Labels in at most `width` columns; a range that needs more goes by its middle, `~0.02`. */
export function labelsOf(levels: readonly Level[], width: number, glyphs: Glyphs): readonly string[] {
  return levels.map((level) => {
    const candidates = [labelOf(level, glyphs), ...middlesOf(level)];
    const fitting = candidates.find((label) => columnsOf(label) <= width);
    return fitting ?? truncate(candidates.at(-1)!, width, glyphs.ellipsis);
  });
}

/** Ever shorter words for the middle of a range; none for a value. */
function middlesOf({ position, value }: Level): readonly string[] {
  if (value !== undefined || position === null) return [];
  return [`~${formatParam(Number(position.toPrecision(2)))}`, `~${formatParam(Number(position.toPrecision(1)))}`];
}

export function isNumeric(levels: readonly Level[]): boolean {
  return levels.every(({ position, value }) => position !== null || value === null || value === undefined);
}

/** Numbers with as many decimals as the intervals, or else the means, deserve. */
export function measureFormat(cells: readonly CompareCell[]): (value: number) => string {
  const decimals = decimalsFor(
    cells.map(({ mean, interval }) => ({ mean, std: interval ? (interval[1] - interval[0]) / 2 : null })),
  );
  return (value) => formatMean(value, decimals);
}

/** In fewer columns where the number is large for its company. */
export function shortMeasureFormat(cells: readonly CompareCell[]): (value: number) => string {
  const format = measureFormat(cells);
  return (value) => {
    const [exact, short] = [format(value), formatMeasure(value)];
    return short.length < exact.length ? short : exact;
  };
}

/** `0.9701 to 0.9861` */
export function formatInterval(
  interval: CompareCell['interval'],
  format: (value: number) => string,
  missing: string,
): string {
  return interval ? `${format(interval[0])} to ${format(interval[1])}` : missing;
}
