/** Which metrics somebody looks at, besides those that a loss brings. Pure. */

import { parseMetricName, type BaseMetric, type MetricName } from '../metrics.ts';
import type { ResolvedSweep, ResolvedTrain } from './resolved.ts';

/** The objective's metric is asked for of every part: the generalisation gap compares two of them. */
export function askedMetrics(
  { metrics, objective }: Pick<ResolvedSweep, 'metrics' | 'objective'>,
  { early_stopping, keep, optimizer }: ResolvedTrain,
): readonly (BaseMetric | MetricName)[] {
  const schedule = typeof optimizer.learning_rate === 'number' ? undefined : optimizer.learning_rate;
  const ranked = parseMetricName(objective.metric)?.metric;
  return [
    ...metrics,
    ...(ranked ? [ranked] : []),
    ...(early_stopping ? [early_stopping.monitor] : []),
    ...(keep.rule === 'best' ? [keep.metric] : []),
    ...(schedule?.name === 'reduce_on_plateau' ? [schedule.monitor] : []),
  ];
}
