/** What the shades of a heat map stand for. Pure. */

import { sequence, span, widthOf } from '../line.ts';
import type { Span, Theme } from '../theme.ts';
import { measureFormat, type Comparison } from './comparison.ts';
import { shadesOf, type Shade } from './shades.ts';

/** The means of each shade, `█ 0.9793 to 0.9803`; where there is less room the worst of each, and then that alone. */
export function legendLine(comparison: Comparison, { glyphs }: Theme, width: number): readonly Span[] {
  const format = measureFormat(comparison.cells);
  const { legend } = shadesOf(comparison);
  const itemsBy = (text: (shade: Shade) => string): readonly (readonly Span[])[] =>
    legend.map((shade) => [span(glyphs.shades[shade.level] ?? '', 'accent'), span(` ${text(shade)}`, 'quiet')]);
  const long = itemsBy(({ best, worst }) => (best === worst ? format(best) : `${format(best)} to ${format(worst)}`));
  const short = itemsBy(({ worst }) => `to ${format(worst)}`);
  const shortest = itemsBy(({ worst }) => format(worst));
  const cells = comparison.levels.reduce((product, { length }) => product * length, 1);
  const empty = comparison.cells.length < cells ? [[span(`${glyphs.missing} no completed trial`, 'quiet')]] : [];
  const fitting = [[...long, ...empty], long, [...short, ...empty], short].find(
    (items) => widthOf(items.flat()) + 2 * (items.length - 1) <= width,
  );
  return sequence(fitting ?? shortest, width, glyphs.ellipsis);
}
