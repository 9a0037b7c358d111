/** The selected level, or pair of levels, in words and numbers. Pure. */

import { sequence, span } from '../line.ts';
import type { Span, Theme } from '../theme.ts';
import { bestCell, cellAt, formatInterval, labelOf, measureFormat, type Comparison } from './comparison.ts';
import type { Place } from './place.ts';

/** `dropout 0.2, l2 0: 0.9781 (0.9701 to 0.9861)  n 18  std 0.0123`, of which the end goes where there is no room. */
export function detailLine(comparison: Comparison, place: Place, theme: Theme, width: number): readonly Span[] {
  const { glyphs } = theme;
  const format = measureFormat(comparison.cells);
  const selected = [place.rows.selected, place.columns.selected];
  const levels = comparison.parameters.map((name, index) => {
    const level = comparison.levels[index]?.[selected[index] ?? 0];
    return `${name} ${level ? labelOf(level, glyphs) : glyphs.missing}`;
  });
  const cell = cellAt(comparison, place.rows.selected, comparison.parameters.length > 1 ? place.columns.selected : 0);
  const quiet = (text: string): readonly Span[] => [span(text, 'quiet')];
  const head = span(`${glyphs.selected} ${levels.join(', ')}: `);
  if (!cell) return sequence([[head, span('no completed trial', 'quiet')]], width, glyphs.ellipsis);
  const { mean, interval, n, std } = cell;
  const numbers = interval
    ? `${format(mean)} (${formatInterval(interval, format, glyphs.missing)})`
    : `${format(mean)} (no interval of one trial)`;
  return sequence(
    [
      [head, span(numbers, 'strong')],
      ...(cell === bestCell(comparison) ? [[span(`${glyphs.best} best`, 'accent')]] : []),
      quiet(`n ${n}`),
      ...(std === null ? [] : [quiet(`std ${format(std)}`)]),
    ],
    width,
    glyphs.ellipsis,
  );
}
