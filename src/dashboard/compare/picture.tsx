/** A comparison below the line of its parameters: title, intervals or heat map, and what they mean. */

import { Box } from 'ink';
import { LineView } from '../components/line-view.tsx';
import { span } from '../line.ts';
import { columnsOf } from '../text.ts';
import type { Span, Theme } from '../theme.ts';
import type { Comparison } from './comparison.ts';
import { detailLine } from './detail-line.ts';
import { drawHeatMap } from './heat-map.ts';
import { drawIntervalRows } from './interval-rows.ts';
import { legendLine } from './legend-line.ts';
import { levelChart } from './level-chart.ts';
import type { Place } from './place.ts';
import type { ComparePlan } from './plan.ts';
import { titleLine } from './title-line.ts';

export interface PictureProps {
  readonly comparison: Comparison;
  readonly place: Place;
  readonly plan: ComparePlan;
  readonly theme: Theme;
  readonly width: number;
}

/** What the numbers are, and what the shades of a map are as well: from the longest to the shortest. */
const REMARKS = [
  'Means over completed trials, whatever their other parameters; pointwise 95 % t intervals over trials.',
  'Means over all other parameters; pointwise 95 % t intervals over trials.',
  'Others pooled; 95 % t intervals.',
] as const;
const MAP_REMARKS = [
  'A shade is a quarter of the cells. Means over completed trials, whatever their other parameters; pointwise 95 % t intervals.',
  'A shade is a quarter of the cells; others pooled; pointwise 95 % t intervals.',
  'Others pooled; 95 % t intervals.',
] as const;
const GAP: readonly Span[] = [span(' ')];

export function Picture(props: PictureProps) {
  return (
    <Box flexDirection="column">
      {linesOf(props).map((spans, index) => (
        <LineView key={index} theme={props.theme} spans={spans} />
      ))}
    </Box>
  );
}

function linesOf({ comparison, place, plan, theme, width }: PictureProps): readonly (readonly Span[])[] {
  const isMap = comparison.parameters.length > 1;
  const remark = (isMap ? MAP_REMARKS : REMARKS).find((text) => columnsOf(text) <= width) ?? '';
  return [
    ...(plan.title ? [titleLine(comparison, theme, width)] : []),
    ...(plan.gaps ? [GAP] : []),
    ...(isMap
      ? drawHeatMap(comparison, place, plan, theme, width)
      : drawIntervalRows(comparison, place.rows, plan, theme, width)),
    ...(plan.chart > 0 ? [GAP, ...levelChart(comparison, width, plan.chart, theme)] : []),
    ...(plan.gaps ? [GAP] : []),
    ...(plan.legend ? [legendLine(comparison, theme, width)] : []),
    ...(plan.detail ? [detailLine(comparison, place, theme, width)] : []),
    ...(plan.remark ? [[span(remark, 'quiet')]] : []),
  ];
}
