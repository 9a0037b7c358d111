/** A curve in one line of text: a block a column, as high as its value on a scale of its own. Pure. */

import type { Theme } from '../theme.ts';
import { placeOf, scaleOf, spansDecades } from './scale.ts';

/**
 * Exactly `width` columns, each the mean of the values that fall into it, or the nearest value where values are fewer.
 * Blank where there is none that is finite; in the middle where all are the same; by logarithms where they are positive
 * and span two decades.
 */
export function sparkline(values: readonly (number | null)[], width: number, theme: Theme): string {
  const columns = Array.from({ length: Math.max(0, width) }, (_, column) => valueAt(values, column, width));
  const scale = scaleOf(columns, spansDecades(columns) ? 'log' : 'linear');
  const levels = theme.glyphs.spark;
  return columns
    .map((value) => placeOf(scale, value))
    .map((place) => (place === null ? ' ' : levels[Math.min(levels.length - 1, Math.floor(place * levels.length))]))
    .join('');
}

function valueAt(values: readonly (number | null)[], column: number, width: number): number | null {
  const from = Math.floor((column * values.length) / width);
  const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / width));
  const finite = values.slice(from, to).filter((value) => value !== null && Number.isFinite(value)) as number[];
  // Each is divided first: the sum may be more than a double holds.
  return finite.length === 0 ? null : finite.reduce((mean, value) => mean + value / finite.length, 0);
}
