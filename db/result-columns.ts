/** What a worker reports, as columns and values of `trial` and `epoch`. Pure. */

import { SweepError } from '../src/errors.ts';
import { isBuiltIn } from './own-metrics.ts';

/** The names become SQL, and they come from a worker. */
export function metricColumns(metrics: readonly string[]): readonly string[] {
  const unknown = metrics.find((metric) => !isBuiltIn(metric));
  if (unknown !== undefined)
    throw new SweepError('internal', { message: `a report must hold known metrics, but it holds '${unknown}'` });
  return metrics;
}

/** SQLite would store NaN as NULL by itself, but infinities as such. */
export function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
