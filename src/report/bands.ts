/** Learning curves over the replicates of a config: means with their intervals, as much of them as a chart can show. */

import type Database from 'better-sqlite3';
import { readCurves } from '../../db/read-curves.ts';
import { readBegunTrials } from '../../db/read-report.ts';
import type { SweepFacts } from '../../db/read-sweep.ts';
import { thinned } from '../dashboard/answers/thin.ts';
import { chartMetrics } from '../dashboard/answers/trial-curves.ts';
import { parseMetricName } from '../metrics.ts';
import { meanInterval } from '../statistics/student.ts';
import { aligned, type Recorded } from './alignment.ts';
import { rounded } from './digits.ts';
import type { FeaturedConfig } from './featured.ts';
import { labelOf } from './label.ts';
import type { Band, ConfigCurves } from './report-data.ts';

/** A module may report hundreds. */
const MOST_METRICS = 9;
/** Of one curve. */
const MOST_POINTS = 240;

/** Of completed trials; of all that have begun where none is. @param folds of the cross-validation that replicates are; null where they are not */
export function configCurves(
  db: Database.Database,
  sweep: SweepFacts,
  row: FeaturedConfig,
  folds: number | null,
): ConfigCurves {
  const trials = readBegunTrials(db, sweep.id, row.config);
  const metrics = curveMetrics(sweep);
  const curves = trials.map(({ id, epochs }) => ({ last: epochs, ...readCurves(db, id, metrics) }));
  const bands = metrics.flatMap((metric, index) => {
    const recorded = curves.map(({ last, epochs, values }) => ({ last, epochs, values: values[index]! }));
    return bandOf(metric, recorded, folds) ?? [];
  });
  return {
    config: row.config,
    label: labelOf(row),
    is_baseline: row.is_baseline,
    replicates: trials.length,
    bands,
    kept_epochs: trials.flatMap((trial) => trial.kept_epoch ?? []),
  };
}

/** What the dashboard shows of a trial, and what else a module reports. */
function curveMetrics(sweep: SweepFacts): readonly string[] {
  const own = sweep.metrics.filter((metric) => parseMetricName(metric) === undefined);
  return [...new Set([...chartMetrics(sweep), ...own])].slice(0, MOST_METRICS);
}

/** Undefined where nothing is recorded. */
export function bandOf(metric: string, trials: readonly Recorded[], folds: number | null): Band | undefined {
  const { epochs, values } = aligned(trials);
  const points = values.map((numbers) => pointOf(numbers, folds));
  const means = points.map(({ mean }) => mean);
  if (means.every((mean) => mean === null)) return undefined;
  const kept = thinned(means, MOST_POINTS);
  return {
    metric,
    epochs: kept.map((index) => epochs[index]!),
    n: kept.map((index) => values[index]!.length),
    mean: kept.map((index) => rounded(means[index]!)),
    low: kept.map((index) => rounded(points[index]!.interval?.[0])),
    high: kept.map((index) => rounded(points[index]!.interval?.[1])),
  };
}

interface Point {
  readonly mean: number | null;
  readonly interval: readonly [number, number] | null;
}

function pointOf(numbers: readonly number[], folds: number | null): Point {
  const n = numbers.length;
  if (n === 0) return { mean: null, interval: null };
  const mean = numbers.reduce((sum, number) => sum + number, 0) / n;
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  const std = n > 1 ? Math.sqrt(squares / (n - 1)) : null;
  return { mean, interval: meanInterval(mean, std, n, folds) };
}
