/** Which metrics a program reports, and in what order. Pure. */

import { parseMetricName, PARTS, type BaseMetric, type MetricName, type Part } from '../../src/metrics.ts';
import type { Program } from './program.ts';

const CLASS_METRICS: readonly BaseMetric[] = ['loss', 'data_loss', 'accuracy'];
const NUMBER_METRICS: readonly BaseMetric[] = ['loss', 'data_loss', 'mae', 'mse', 'rmse', 'r2'];

/** The columns of a program's reports: every metric that its loss brings, for every part that has rows. */
export function reportedMetrics(loss: Program['loss'], parts: Readonly<Record<Part, number>>): readonly MetricName[] {
  const metrics = loss === 'mse' ? NUMBER_METRICS : CLASS_METRICS;
  return PARTS.filter((part) => parts[part] > 0).flatMap((part) =>
    metrics.map((metric): MetricName => `${part}_${metric}`),
  );
}

/** The parts that a program evaluates, in order. */
export function evaluatedParts(program: Pick<Program, 'metrics'>): readonly Part[] {
  return PARTS.filter((part) => program.metrics.some((name) => parseMetricName(name)?.part === part));
}
