/** The selected level, or pair of levels, in words and numbers. Pure. */

import { sequence, span, widthOf } from '../line.ts';
import type { CompareCell } from '../queries.ts';
import type { Glyphs, Span, Theme } from '../theme.ts';
import { bestCell, cellAt, formatInterval, labelsOf, measureFormat, type Comparison } from './comparison.ts';
import type { Place } from './place.ts';

/** Columns of a level's label at most, and where there is little room. */
const LONG_LABEL = 24;
const SHORT_LABEL = 8;

/**
 * `▸ dropout 0.2, l2 0: 0.9781 (0.9701 to 0.9861)  n 18  std 0.0123`. Where there is no room for that, the parameters'
 * names go, then long labels, then the end of the line.
 */
export function detailLine(comparison: Comparison, place: Place, theme: Theme, width: number): readonly Span[] {
  const { glyphs } = theme;
  const { parameters } = comparison;
  const cell = cellAt(comparison, place.rows.selected, place.columns.selected);
  const long = selectedLabels(comparison, place, LONG_LABEL, glyphs);
  const short = selectedLabels(comparison, place, SHORT_LABEL, glyphs);
  const heads = [
    `${glyphs.selected} ${parameters.map((name, index) => `${name} ${long[index]}`).join(', ')}: `,
    `${long.join(', ')}: `,
    `${short.join(', ')}: `,
  ].map((text) => [span(text), resultOf(cell, comparison, theme)]);
  return sequence(
    [heads.find((head) => widthOf(head) <= width) ?? heads[2]!, ...(cell ? moreOn(cell, comparison, theme) : [])],
    width,
    glyphs.ellipsis,
  );
}

function selectedLabels(
  { levels }: Comparison,
  { rows, columns }: Place,
  width: number,
  glyphs: Glyphs,
): readonly string[] {
  const selected = [rows.selected, columns.selected];
  return levels.map((each, index) => labelsOf(each, width, glyphs)[selected[index] ?? 0] ?? glyphs.missing);
}

function resultOf(cell: CompareCell | undefined, { cells }: Comparison, { glyphs }: Theme): Span {
  if (!cell) return span('no completed trial', 'quiet');
  const format = measureFormat(cells);
  const interval = cell.interval ? ` (${formatInterval(cell.interval, format, glyphs.missing)})` : '';
  return span(`${format(cell.mean)}${interval}`, 'strong');
}

function moreOn(cell: CompareCell, comparison: Comparison, { glyphs }: Theme): readonly (readonly Span[])[] {
  const format = measureFormat(comparison.cells);
  const { n, std } = cell;
  return [
    [span(`n ${n}`, 'quiet')],
    ...(std === null ? [] : [[span(`std ${format(std)}`, 'quiet')]]),
    ...(cell === bestCell(comparison) ? [[span(`${glyphs.best} best`, 'accent')]] : []),
  ];
}
