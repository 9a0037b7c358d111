/** A trial's curves as charts, one for each metric with its parts, and the legend above it. Pure. */

import type { Pen } from '../chart/canvas.ts';
import { drawLineChart, type Point } from '../chart/line-chart.ts';
import { scaleOf, spansDecades, type Scale } from '../chart/scale.ts';
import { formatMeasure } from '../format.ts';
import { sequence, span, widthOf } from '../line.ts';
import { parseMetricName, type Part } from '../../metrics.ts';
import type { Curve } from '../queries.ts';
import type { Span, Theme } from '../theme.ts';

/** What one chart shows: a metric of all parts that have it, such as `loss` of train and validation. */
export interface CurveGroup {
  readonly title: string;
  readonly lines: readonly CurveLine[];
}

export interface CurveLine extends Pen {
  /** Null where the metric has no parts. */
  readonly part: Part | null;
  readonly curve: Curve;
}

export interface ChartRequest {
  readonly group: CurveGroup;
  readonly keptEpoch: number | null;
  /** Whether the vertical axis is logarithmic; null for what suits the values. */
  readonly isLog: boolean | null;
  readonly theme: Theme;
}

/** From below to the top, the last with the pen of validation: what a trial has not learned from is looked at first. */
const ORDER = [null, 'train', 'test', 'validation'] as const;
const PENS: Readonly<Record<Part, Pen>> = {
  train: { stroke: 'dotted', tone: 'plain' },
  test: { stroke: 'dashed', tone: 'quiet' },
  validation: { stroke: 'solid', tone: 'accent' },
};
/** An axis that would begin this close above zero, as a share of its high end, begins at zero. */
const NEAR_ZERO = 0.1;

/** The loss first, then the metric of the objective, then the others in their order. */
export function curveGroups(curves: readonly Curve[], objective: string): readonly CurveGroup[] {
  const groups = new Map<string, Curve[]>();
  for (const curve of curves) {
    const title = baseOf(curve.metric);
    groups.set(title, [...(groups.get(title) ?? []), curve]);
  }
  const first = ['loss', baseOf(objective)].filter((title) => groups.has(title));
  return [...new Set([...first, ...groups.keys()])].map((title) => ({
    title,
    lines: linesOf(groups.get(title) ?? []),
  }));
}

/** Whether the vertical axis is logarithmic where nobody has chosen. */
export function suitsLog({ lines }: CurveGroup): boolean {
  return spansDecades(valuesOf(lines));
}

/** Legend, plot and axes: `height` lines, none wider than `width`. */
export function drawCurves(request: ChartRequest, width: number, height: number): readonly (readonly Span[])[] {
  const { group, keptEpoch, theme } = request;
  const { lines } = group;
  const y = verticalScale(request);
  const series = lines.map(({ curve, stroke, tone }) => ({ points: pointsOf(curve), stroke, tone }));
  const epochs = lines.flatMap(({ curve }) => curve.epochs);
  const x = { scale: scaleOf([1, ...epochs], 'integer'), title: 'epoch' };
  const plot = drawLineChart({ series, x, y: { scale: y }, rule: keptEpoch }, width, Math.max(0, height - 1), theme);
  return [legend(request, y, width), ...plot].slice(0, height);
}

/** What each line is, with its newest value where there is room for that, and the kept epoch. */
function legend({ group, keptEpoch, theme }: ChartRequest, y: Scale, width: number): readonly Span[] {
  const { chart, ellipsis, missing } = theme.glyphs;
  const title = [span(group.title, 'title'), ...(y.kind === 'log' ? [span(' log', 'quiet')] : [])];
  const items = (withValues: boolean): readonly (readonly Span[])[] => [
    title,
    ...group.lines.toReversed().map(({ part, curve, stroke, tone }) => {
      const last = curve.values.findLast((value) => value !== null) ?? null;
      const words = [part ?? '', withValues ? formatMeasure(last, missing) : ''].filter(Boolean);
      return [span(`${chart.strokes[stroke]} `, tone), span(words.join(' '))];
    }),
  ];
  const kept = keptEpoch === null ? [] : [[span(chart.ruleFoot, 'strong'), span(` kept ${keptEpoch}`, 'quiet')]];
  const whole = sequence(items(true), Infinity, ellipsis);
  return sequence([...items(widthOf(whole) <= width), ...kept], width, ellipsis);
}

function verticalScale({ group, isLog }: ChartRequest): Scale {
  const values = valuesOf(group.lines);
  const canBeLog = values.some((value) => value !== null && value > 0);
  if (canBeLog && (isLog ?? suitsLog(group))) return scaleOf(values, 'log');
  const scale = scaleOf(values, 'linear');
  return scale.low > 0 && scale.low <= scale.high * NEAR_ZERO ? { ...scale, low: 0 } : scale;
}

function valuesOf(lines: readonly CurveLine[]): readonly (number | null)[] {
  return lines.flatMap(({ curve }) => curve.values);
}

function pointsOf({ epochs, values }: Curve): readonly Point[] {
  return epochs.map((epoch, index) => ({ x: epoch, y: values[index] ?? null }));
}

function linesOf(curves: readonly Curve[]): readonly CurveLine[] {
  const lines = ORDER.flatMap((part) =>
    curves.filter(({ metric }) => (parseMetricName(metric)?.part ?? null) === part).map((curve) => ({ part, curve })),
  );
  return lines.map((line, index) => ({ ...line, ...PENS[(index < lines.length - 1 && line.part) || 'validation'] }));
}

function baseOf(metric: string): string {
  return parseMetricName(metric)?.metric ?? metric;
}
