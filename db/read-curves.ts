/** Metrics over the epochs: of one trial, and averaged over the completed trials of a config. */

import type Database from 'better-sqlite3';
import { parseMetricName } from '../src/metrics.ts';
import { jsonPath } from './names.ts';

/** Null where the number was not finite. */
export interface EpochValues {
  readonly epochs: readonly number[];
  /** For each metric asked for, in order. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** A built-in metric has a column, those of a module are JSON. */
function metricColumn(metric: string): string {
  return parseMetricName(metric) ? `epoch.${metric}` : `CAST(json_extract(epoch.metrics, ${jsonPath(metric)}) AS REAL)`;
}

/** All recorded epochs of a trial. */
export function readCurves(db: Database.Database, trial: number, metrics: readonly string[]): EpochValues {
  const rows = db
    .prepare<[number], [number, ...(number | null)[]]>(
      `SELECT ${['epoch', ...metrics.map(metricColumn)].join(', ')} FROM epoch WHERE trial = ? ORDER BY epoch`,
    )
    .raw()
    .all(trial);
  return {
    epochs: rows.map(([epoch]) => epoch),
    values: metrics.map((_, index) => rows.map((row) => row[index + 1] ?? null)),
  };
}

export interface MeanCurve {
  readonly epochs: readonly number[];
  readonly values: readonly number[];
}

/** The mean over a config's completed trials, at the epochs that at least half of them have recorded. */
export function readMeanCurve(db: Database.Database, sweep: number, config: number, metric: string): MeanCurve {
  const rows = db
    .prepare<{ sweep: number; config: number }, [number, number]>(
      `WITH completed AS (SELECT id FROM trial WHERE sweep = :sweep AND config = :config AND +state = 'completed')
       SELECT epoch, avg(${metricColumn(metric)}) AS value FROM completed CROSS JOIN epoch ON epoch.trial = completed.id
       GROUP BY epoch HAVING value IS NOT NULL AND 2 * count(*) >= (SELECT count(*) FROM completed) ORDER BY epoch`,
    )
    .raw()
    .all({ sweep, config });
  return { epochs: rows.map(([epoch]) => epoch), values: rows.map(([, value]) => value) };
}

export interface CheckpointFacts {
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: number;
}

/** The newest one; null where there is none. */
export function readCheckpointFacts(db: Database.Database, trial: number): CheckpointFacts | null {
  return (
    db
      .prepare<[number], CheckpointFacts>(
        `SELECT epoch, created_at AS at, length(state) AS bytes FROM checkpoint
         WHERE trial = ? ORDER BY epoch DESC LIMIT 1`,
      )
      .get(trial) ?? null
  );
}
