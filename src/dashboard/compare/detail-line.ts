/** The selected level, or pair of levels, in words and numbers. Pure. */

import { sequence, span, widthOf } from '../line.ts';
import type { CompareCell } from '../queries.ts';
import type { Span, Theme } from '../theme.ts';
import { bestCell, cellAt, formatInterval, labelsOf, measureFormat, type Comparison } from './comparison.ts';
import type { Place } from './place.ts';

/**
 * `▸ dropout 0.2, l2 0: 0.9781 (0.9701 to 0.9861)  n 18  std 0.0123`. Where there is no room for that, the parameters'
 * names go, then the end of the line.
 */
export function detailLine(
  comparison: Comparison,
  { rows, columns }: Place,
  theme: Theme,
  width: number,
): readonly Span[] {
  const { glyphs } = theme;
  const format = measureFormat(comparison.cells);
  const selected = [rows.selected, columns.selected];
  const labels = comparison.levels.map(
    (levels, index) => labelsOf(levels, Math.max(8, width >> 2), glyphs)[selected[index] ?? 0] ?? glyphs.missing,
  );
  const named = comparison.parameters.map((name, index) => `${name} ${labels[index]}`);
  const cell = cellAt(comparison, rows.selected, columns.selected);
  const interval = cell?.interval ? ` (${formatInterval(cell.interval, format, glyphs.missing)})` : '';
  const result = cell ? span(`${format(cell.mean)}${interval}`, 'strong') : span('no completed trial', 'quiet');
  const heads = [`${glyphs.selected} ${named.join(', ')}: `, `${labels.join(', ')}: `].map((text) => [
    span(text),
    result,
  ]);
  return sequence(
    [heads.find((head) => widthOf(head) <= width) ?? heads[1]!, ...(cell ? moreOn(cell, comparison, theme) : [])],
    width,
    glyphs.ellipsis,
  );
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
