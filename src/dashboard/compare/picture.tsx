/** A comparison below the line of its parameters: title, intervals or heat map, and what they mean. */

import { Box } from 'ink';
import { LineView } from '../components/line-view.tsx';
import { span, spread } from '../line.ts';
import type { Theme } from '../theme.ts';
import { columnsOf, truncate } from '../text.ts';
import type { Comparison } from './comparison.ts';
import { detailLine } from './detail-line.ts';
import { HeatMap, layMap } from './heat-map.tsx';
import { IntervalRows } from './interval-rows.tsx';
import { legendLine } from './legend-line.ts';
import type { Place } from './place.ts';
import type { ComparePlan } from './plan.ts';

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
  const { ellipsis, best } = theme.glyphs;
  const { objective, goal, parameters } = comparison;
  const isMap = parameters.length > 1;
  const direction = goal === 'minimize' ? 'lower is better' : 'higher is better';
  const remark = (isMap ? MAP_REMARKS : REMARKS).find((text) => columnsOf(text) <= width) ?? '';
  const gap = <LineView theme={theme} spans={[span(' ')]} />;
  return (
    <Box flexDirection="column">
      {plan.title && (
        <LineView
          theme={theme}
          spans={spread(
            [span(`${objective} by ${parameters.join(' and ')}`, 'title')],
            [span(`${direction}${isMap ? ', and fuller' : ''}  ${best} best`, 'quiet')],
            width,
            ellipsis,
          )}
        />
      )}
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
      {plan.gaps && gap}
      {plan.legend && <LineView theme={theme} spans={legendLine(comparison, theme, width)} />}
      {plan.detail && <LineView theme={theme} spans={detailLine(comparison, place, theme, width)} />}
      {plan.remark && <LineView theme={theme} spans={[span(truncate(remark, width, ellipsis), 'quiet')]} />}
    </Box>
  );
}
