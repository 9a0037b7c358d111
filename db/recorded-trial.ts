/** What the database holds of finished trials, in a form that a second training of them can be compared with. */

import type Database from 'better-sqlite3';
import { METRIC_NAMES } from '../src/metrics.ts';
import type { TrialState } from './writes.ts';

/** Numbers by name; what was not measured, or was not finite, is left out. */
export type Numbers = Readonly<Record<string, number>>;

export interface FinishedTrial {
  readonly id: number;
  readonly config: number;
  readonly replicate: number;
  /** Of its last attempt. */
  readonly backend: string;
  readonly fingerprint: string;
}

export interface RecordedTrial {
  readonly state: TrialState;
  readonly failure_kind: string | null;
  readonly stop_reason: string | null;
  readonly epochs: number;
  readonly kept_epoch: number | null;
  /** Of the kept epoch; empty where the trial has failed. */
  readonly results: Numbers;
  readonly rows: ReadonlyMap<number, Numbers>;
  /** Layers' numbers as `LAYER.NAME`, by epoch. */
  readonly layers: ReadonlyMap<number, Numbers>;
}

type MetricRow = Readonly<Record<string, unknown>> & { readonly metrics: string | null };

const METRIC_COLUMNS = [...METRIC_NAMES, 'metrics'].join(', ');

/** Trials whose end follows from their definition alone: completed ones, and diverged ones. In the order of execution. */
export function finishedTrials(db: Database.Database, sweep: number): FinishedTrial[] {
  return db
    .prepare<[number], FinishedTrial>(
      `SELECT trial.id, trial.config, trial.replicate, attempt.backend, attempt.fingerprint
       FROM trial JOIN attempt ON attempt.trial = trial.id AND attempt.number = trial.attempts
       WHERE trial.sweep = ? AND (state = 'completed' OR trial.failure_kind = 'diverged') ORDER BY position, trial.id`,
    )
    .all(sweep);
}

export function recordedTrial(db: Database.Database, id: number): RecordedTrial {
  type Facts = Omit<RecordedTrial, 'results' | 'rows' | 'layers'>;
  const facts = db
    .prepare<[number], Facts>('SELECT state, failure_kind, stop_reason, epochs, kept_epoch FROM trial WHERE id = ?')
    .get(id);
  const results = db.prepare<[number], MetricRow>(`SELECT ${METRIC_COLUMNS} FROM trial WHERE id = ?`).get(id);
  if (!facts || !results) throw new Error(`trial ${id} must be in the database`);
  const rows = db
    .prepare<[number], MetricRow & { readonly epoch: number }>(
      `SELECT epoch, ${METRIC_COLUMNS} FROM epoch WHERE trial = ? ORDER BY epoch`,
    )
    .all(id)
    .map(({ epoch, ...row }) => [epoch, metricNumbers(row)] as const);
  return { ...facts, results: metricNumbers(results), rows: new Map(rows), layers: layerNumbers(db, id) };
}

function metricNumbers({ metrics, ...columns }: MetricRow): Numbers {
  // Written by the store.
  const own = metrics === null ? {} : (JSON.parse(metrics) as Record<string, unknown>);
  return numbersOf(Object.entries({ ...columns, ...own }));
}

function layerNumbers(db: Database.Database, trial: number): Map<number, Numbers> {
  const byEpoch = new Map<number, Numbers>();
  const rows = db
    .prepare<[number], Readonly<Record<string, unknown>> & { readonly epoch: number; readonly layer: number }>(
      `SELECT epoch, layer, kernel_norm, gradient_norm, clipped_share FROM layer_epoch WHERE trial = ?
       ORDER BY epoch, layer`,
    )
    .iterate(trial);
  for (const { epoch, layer, ...row } of rows) {
    const named = Object.entries(row).map(([name, value]) => [`${layer}.${name}`, value] as const);
    byEpoch.set(epoch, { ...byEpoch.get(epoch), ...numbersOf(named) });
  }
  return byEpoch;
}

/** Those that are finite. */
export function numbersOf(entries: Iterable<readonly [string, unknown]>): Numbers {
  return Object.fromEntries(
    [...entries].filter((entry): entry is readonly [string, number] => Number.isFinite(entry[1])),
  );
}
