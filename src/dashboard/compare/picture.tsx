/** A comparison below the line of its parameters: title, intervals or heat map, and what they mean. */

import { Box } from 'ink';
import { LineView } from '../components/line-view.tsx';
import { span } from '../line.ts';
import type { Theme } from '../theme.ts';
import { columnsOf, truncate } from '../text.ts';
import type { Comparison } from './comparison.ts';
import { detailLine } from './detail-line.ts';
import { HeatMap, layMap } from './heat-map.tsx';
import { levelChart } from './level-chart.ts';
import { IntervalRows } from './interval-rows.tsx';
import { legendLine } from './legend-line.ts';
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

export function Picture({ comparison, place, plan, theme, width }: PictureProps) {
  const { ellipsis } = theme.glyphs;
  const isMap = comparison.parameters.length > 1;
  const remark = (isMap ? MAP_REMARKS : REMARKS).find((text) => columnsOf(text) <= width) ?? '';
  const gap = <LineView theme={theme} spans={[span(' ')]} />;
  return (
    <Box flexDirection="column">
      {plan.title && <LineView theme={theme} spans={titleLine(comparison, theme, width)} />}
      {plan.gaps && gap}
      {isMap ? (
        <HeatMap
          comparison={comparison}
          place={place}
          plan={plan}
          layout={layMap(comparison, theme, width)}
          theme={theme}
          width={width}
        />
      ) : (
        <IntervalRows comparison={comparison} cursor={place.rows} plan={plan} theme={theme} width={width} />
      )}
      {plan.chart > 0 && gap}
      {plan.chart > 0 &&
        levelChart(comparison, width, plan.chart, theme).map((spans, index) => (
          <LineView key={index} theme={theme} spans={spans} />
        ))}
      {plan.gaps && gap}
      {plan.legend && <LineView theme={theme} spans={legendLine(comparison, theme, width)} />}
      {plan.detail && <LineView theme={theme} spans={detailLine(comparison, place, theme, width)} />}
      {plan.remark && <LineView theme={theme} spans={[span(truncate(remark, width, ellipsis), 'quiet')]} />}
    </Box>
  );
}
