/** Intervals as horizontal bars, `├──●──┤`, one below the other on a common scale, and the line that labels it. Pure. */

import { ticksOf } from '../chart/axes.ts';
import { placeOf, scaleOf, type Scale } from '../chart/scale.ts';
import { joined, span } from '../line.ts';
import type { CompareCell } from '../queries.ts';
import { columnsOf } from '../text.ts';
import type { Glyphs, Span, Tone } from '../theme.ts';

export interface IntervalBarOptions {
  readonly scale: Scale;
  /** Columns. */
  readonly width: number;
  /** Where a thin line stands behind the bar, to compare it with; null for none. */
  readonly guide: number | null;
  readonly tone: Tone;
  readonly glyphs: Glyphs;
}

/** Columns that a tick's label keeps from its neighbours. */
const LABEL_GAP = 4;
const COLUMNS_PER_TICK = 14;

/** The scale that all the cells' means and intervals need. */
export function intervalScale(cells: readonly CompareCell[]): Scale {
  return scaleOf(
    cells.flatMap(({ mean, interval }) => [mean, ...(interval ?? [])]),
    'linear',
  );
}

/** Exactly `width` columns; without a cell the guide alone. */
export function intervalBar(cell: CompareCell | undefined, options: IntervalBarOptions): readonly Span[] {
  const { scale, width, guide, tone, glyphs } = options;
  const { ends, horizontal, point, rule } = glyphs.chart;
  const line = new Array<Span>(width).fill(span(' '));
  const put = (value: number, glyph: string): void => {
    line[columnOf(value, scale, width)] = span(glyph, tone);
  };
  if (guide !== null) line[columnOf(guide, scale, width)] = span(rule, 'quiet');
  if (cell?.interval) {
    const [low, high] = cell.interval;
    line.fill(span(horizontal, tone), columnOf(low, scale, width), columnOf(high, scale, width) + 1);
    put(low, ends[0]);
    put(high, ends[1]);
  }
  if (cell) put(cell.mean, point);
  return joined(line);
}

/** Both ends of the scale, and round numbers between them where there is room. Exactly `width` columns. */
export function scaleLine(scale: Scale, width: number, format: (value: number) => string): string {
  const low = format(scale.low);
  const high = format(scale.high);
  const middle = width - columnsOf(low) - columnsOf(high);
  if (middle < 1) return ' '.repeat(width);
  let line = low + ' '.repeat(middle) + high;
  for (const { value, label } of ticksOf(scale, Math.floor(width / COLUMNS_PER_TICK))) {
    const start = columnOf(value, scale, width) - (label.length >> 1);
    const end = start + label.length;
    if (start > 0 && line.slice(Math.max(0, start - LABEL_GAP), end + LABEL_GAP).trim() === '')
      line = line.slice(0, start) + label + line.slice(end);
  }
  return line;
}

function columnOf(value: number, scale: Scale, width: number): number {
  return Math.round((placeOf(scale, value) ?? 0) * (width - 1));
}
