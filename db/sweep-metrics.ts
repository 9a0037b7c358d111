/** Which metric columns a sweep's own views have: all that any of its configs can report. Pure. */

import type { ResolvedConfig, ResolvedSweep } from '../src/definition/resolved.ts';
import { METRIC_NAMES, PARTS, parseMetricName } from '../src/metrics.ts';
import type { BaseMetric, MetricName, Part } from '../src/metrics.ts';

/** In the order of METRIC_NAMES. */
export function sweepMetrics(sweep: ResolvedSweep): MetricName[] {
  const parts = new Set<Part>();
  const metrics = new Set<BaseMetric>(['loss', 'data_loss', ...sweep.metrics]);
  const named = new Set<MetricName>([sweep.objective.metric]);
  for (const config of sweep.configs) {
    for (const part of PARTS) if (hasPart(config, part)) parts.add(part);
    if (config.data.target_kind === 'class') metrics.add('accuracy');
    const { early_stopping, keep } = config.train;
    if (early_stopping) named.add(early_stopping.monitor);
    if (keep.rule === 'best') named.add(keep.metric);
  }
  for (const name of named) {
    const parsed = parseMetricName(name);
    if (parsed) metrics.add(parsed.metric);
  }
  return METRIC_NAMES.filter((name) => {
    const parsed = parseMetricName(name);
    return parsed !== undefined && parts.has(parsed.part) && metrics.has(parsed.metric);
  });
}

function hasPart(config: ResolvedConfig, part: Part): boolean {
  const { split } = config.data;
  // Folds hold out one part for validation and train on the others.
  return split.kind === 'folds' ? part !== 'test' : split[part] !== 0;
}
