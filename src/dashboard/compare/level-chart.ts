/** The levels of one parameter along an axis: a line through their means, and their intervals upright. Pure. */

import { drawLineChart, type LineChart, type Point, type Series } from '../chart/line-chart.ts';
import { truncate } from '../text.ts';
import type { Span, Theme } from '../theme.ts';
import { cellAt, labelsOf, type Comparison } from './comparison.ts';
import { intervalScale } from './interval-bar.ts';

/** Fewer numbers than this are no line. */
const LEAST_NUMBERS = 3;
const LONGEST_NAME = 12;
const LEAST_LABEL = 4;

export function deservesChart({ levels, parameters }: Comparison): boolean {
  const numbers = (levels[0] ?? []).filter(({ position }) => position !== null);
  return parameters.length === 1 && numbers.length >= LEAST_NUMBERS;
}

/** `height` lines of `width` columns. Levels stand at equal distances, as in a grid; only numbers are joined. */
export function levelChart(
  comparison: Comparison,
  width: number,
  height: number,
  theme: Theme,
): readonly (readonly Span[])[] {
  const { glyphs } = theme;
  const levels = comparison.levels[0] ?? [];
  const cells = levels.map((_, index) => cellAt(comparison, index, 0));
  const intervals = cells.map((cell, x): Series => {
    const ends = cell?.interval ?? [];
    return { points: ends.map((y) => ({ x, y })), stroke: 'solid', tone: 'plain' };
  });
  const means = cells.map((cell, x): Point => ({ x, y: cell?.mean ?? null }));
  const meansOf = (points: readonly Point[]): Series => ({ points, stroke: 'dotted', tone: 'accent', marked: true });
  const numbers = means.filter(({ x }) => levels[x]?.position !== null);
  const others = means.filter(({ x }) => levels[x]?.position === null);
  const room = Math.max(LEAST_LABEL, Math.floor((width - LONGEST_NAME) / levels.length) - 1);
  const chart: LineChart = {
    series: [...intervals, meansOf(numbers), ...others.map((mean) => meansOf([mean]))],
    x: {
      title: truncate(comparison.parameters[0], LONGEST_NAME, glyphs.ellipsis),
      scale: { low: -0.5, high: levels.length - 0.5, kind: 'linear' },
      ticks: labelsOf(levels, room, glyphs).map((label, value) => ({ value, label })),
    },
    y: { scale: intervalScale(comparison.cells) },
  };
  return drawLineChart(chart, width, height, theme);
}
