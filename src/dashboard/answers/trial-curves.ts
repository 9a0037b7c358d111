/** The curves of one trial that are worth a chart, thinned to what it can show. */

import type Database from 'better-sqlite3';
import { readCurves } from '../../../db/read-curves.ts';
import type { SweepFacts } from '../../../db/read-sweep.ts';
import { parseMetricName } from '../../metrics.ts';
import type { Curve } from '../queries.ts';
import { thinned } from './thin.ts';

/** Only of what was recorded of this trial. */
export function trialCurves(db: Database.Database, sweep: SweepFacts, trial: number, points: number): Curve[] {
  const metrics = chartMetrics(sweep);
  const { epochs, values } = readCurves(db, trial, metrics);
  return metrics.flatMap((metric, index) => {
    const all = values[index]!;
    if (all.every((value) => value === null)) return [];
    const kept = thinned(all, points);
    return [{ metric, epochs: kept.map((row) => epochs[row]!), values: kept.map((row) => all[row]!) }];
  });
}

/** Losses first, then the objective's metric of every part; only those that the sweep records. */
export function chartMetrics({ objective, metrics }: Pick<SweepFacts, 'objective' | 'metrics'>): string[] {
  const base = parseMetricName(objective)?.metric;
  const objectives = base ? [`train_${base}`, `validation_${base}`, `test_${base}`] : [objective];
  const recorded = new Set<string>(metrics);
  return [...new Set(['train_loss', 'validation_loss', 'test_loss', ...objectives])].filter((metric) =>
    recorded.has(metric),
  );
}
