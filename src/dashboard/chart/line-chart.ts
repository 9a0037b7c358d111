/** Curves with axes, as lines of text that fill a given area exactly. Pure. */

import { joined, span } from '../line.ts';
import { columnsOf, padStart } from '../text.ts';
import type { Span, Theme } from '../theme.ts';
import { ticksOf, type Tick } from './axes.ts';
import { Canvas, type Dot, type Pen } from './canvas.ts';
import { placeOf, type Scale } from './scale.ts';

export interface Point {
  readonly x: number;
  /** Null leaves a gap, as does whatever the scale cannot show. */
  readonly y: number | null;
}

export interface Series extends Pen {
  /** Joined in this order. */
  readonly points: readonly Point[];
  /** Whether each value shows by itself, on top of the line. */
  readonly marked?: boolean;
}

export interface ChartAxis {
  readonly scale: Scale;
  /** In ascending order, such as names of levels; by default at round numbers. */
  readonly ticks?: readonly Tick[];
}

export interface LineChart {
  /** The last is drawn on top. */
  readonly series: readonly Series[];
  readonly x: ChartAxis & { readonly title: string };
  readonly y: ChartAxis;
  /** Where on the horizontal axis a line from bottom to top marks something. */
  readonly rule?: number | null;
}

/** Where a tick stands: a column or row of cells. */
interface PlacedTick {
  readonly at: number;
  readonly label: string;
}

/** Lines of the axis below the plot, and what a plot needs to be worth its axes. */
const AXIS_ROWS = 2;
const LEAST_ROWS = 2;
const LEAST_COLUMNS = 8;
/** Cells for each tick. */
const ROWS_PER_TICK = 2;
const COLUMNS_PER_TICK = 9;

/** `height` lines of exactly `width` columns each. Where there is little room, the axes go first. */
export function drawLineChart(
  chart: LineChart,
  width: number,
  height: number,
  theme: Theme,
): readonly (readonly Span[])[] {
  const glyphs = theme.glyphs.chart;
  const axisRows = height >= LEAST_ROWS + AXIS_ROWS ? AXIS_ROWS : 0;
  const rows = Math.max(0, height - axisRows);
  const yTicks = chart.y.ticks ?? ticksOf(chart.y.scale, rows / ROWS_PER_TICK);
  const margin = marginFor(yTicks, axisRows > 0 ? chart.x.title : '', width);
  const columns = Math.max(0, width - margin);
  const canvas = new Canvas(columns, rows, glyphs);
  for (const series of chart.series) drawSeries(canvas, chart, series);
  const ruleAt = columnAt(canvas, chart.x.scale, chart.rule ?? null);
  const lines = Array.from({ length: rows }, (_, row) => [
    ...verticalAxis(canvas, chart.y.scale, yTicks, margin, row, theme),
    ...plotRow(canvas, row, ruleAt, theme),
  ]);
  return axisRows > 0 ? [...lines, ...horizontalAxis(canvas, chart.x, margin, ruleAt, theme)] : lines;
}

/** Columns left of the plot: labels and the axis; none where the plot would be too narrow. */
function marginFor(ticks: readonly Tick[], title: string, width: number): number {
  const labels = Math.max(columnsOf(title), ...ticks.map(({ label }) => columnsOf(label)));
  const margin = labels + 1;
  return width - margin >= Math.max(LEAST_COLUMNS, margin) ? margin : 0;
}

function drawSeries(canvas: Canvas, { x, y }: LineChart, { points, stroke, tone, marked }: Series): void {
  const dots = points.map((point): Dot | undefined => {
    const right = placeOf(x.scale, point.x);
    const up = placeOf(y.scale, point.y);
    return right === null || up === null ? undefined : canvas.dotAt(right, up);
  });
  let before: Dot | undefined;
  for (const dot of dots) {
    // The first after a gap may stay alone, and then must show whatever the stroke.
    if (dot && before) canvas.line(before, dot, { stroke, tone });
    else if (dot) canvas.dot(dot, { stroke, tone });
    before = dot;
  }
  if (marked) for (const dot of dots) if (dot) canvas.mark(dot, tone);
}

function columnAt(canvas: Canvas, scale: Scale, value: number | null): number | undefined {
  const right = placeOf(scale, value);
  return right === null ? undefined : canvas.cellOf(canvas.dotAt(right, 0)).column;
}

function verticalAxis(
  canvas: Canvas,
  scale: Scale,
  ticks: readonly Tick[],
  margin: number,
  row: number,
  { glyphs }: Theme,
): readonly Span[] {
  if (margin === 0) return [];
  const tick = ticks.find(({ value }) => {
    const up = placeOf(scale, value);
    return up !== null && canvas.cellOf(canvas.dotAt(0, up)).row === row;
  });
  const line = tick ? glyphs.chart.verticalTick : glyphs.chart.vertical;
  return [span(padStart(tick?.label ?? '', margin - 1) + line, 'quiet')];
}

function plotRow(canvas: Canvas, row: number, ruleAt: number | undefined, { glyphs }: Theme): readonly Span[] {
  const empty: Span = { text: ' ', tone: 'quiet' };
  const rule: Span = { text: glyphs.chart.rule, tone: 'quiet' };
  const cells = Array.from(
    { length: canvas.columns },
    (_, column) => canvas.at(column, row) ?? (column === ruleAt ? rule : empty),
  );
  return joined(cells);
}

/** The axis itself, and its labels; the title stands below the vertical axis. */
function horizontalAxis(
  canvas: Canvas,
  { scale, ticks, title }: LineChart['x'],
  margin: number,
  ruleAt: number | undefined,
  { glyphs: { chart } }: Theme,
): readonly (readonly Span[])[] {
  const placed = placeLabels(
    (ticks ?? ticksOf(scale, canvas.columns / COLUMNS_PER_TICK)).flatMap(({ value, label }) => {
      const at = columnAt(canvas, scale, value);
      return at === undefined ? [] : [{ at, label }];
    }),
    canvas.columns,
  );
  const corner = margin > 0 ? ' '.repeat(margin - 1) + chart.corner : '';
  const line = Array.from({ length: canvas.columns }, (_, column) =>
    column === ruleAt
      ? span(chart.ruleFoot, 'strong')
      : span(placed.some(({ at }) => at === column) ? chart.horizontalTick : chart.horizontal, 'quiet'),
  );
  const head = margin > 0 ? `${padStart(title, margin - 1)} ` : '';
  return [joined([span(corner, 'quiet'), ...line]), [span(head + labelLine(placed, canvas.columns), 'quiet')]];
}

interface PlacedLabel extends PlacedTick {
  /** Column of its first character. */
  readonly start: number;
}

/** Labels centred below their ticks as far as the ends allow; one that would touch its neighbour goes, tick and all. */
function placeLabels(ticks: readonly PlacedTick[], columns: number): readonly PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  let free = 0;
  for (const { at, label } of ticks) {
    const length = columnsOf(label);
    const start = Math.max(0, Math.min(columns - length, at - (length >> 1)));
    if (start < free || length > columns) continue;
    placed.push({ at, label, start });
    free = start + length + 1;
  }
  return placed;
}

function labelLine(labels: readonly PlacedLabel[], columns: number): string {
  let line = '';
  let used = 0;
  for (const { label, start } of labels) {
    line += ' '.repeat(start - used) + label;
    used = start + columnsOf(label);
  }
  return line + ' '.repeat(Math.max(0, columns - used));
}
