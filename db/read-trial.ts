/** Everything about one trial: its params, state, metrics, attempts and last epochs. */

import type Database from 'better-sqlite3';
import type { Params } from '../src/definition/resolved.ts';
import { METRIC_NAMES } from '../src/metrics.ts';
import type { MetricName } from '../src/metrics.ts';
import { parseParams } from './read-sweep.ts';
import type { TrialState } from './writes.ts';

export interface AttemptFacts {
  readonly number: number;
  readonly outcome: string | null;
  readonly started_at: number;
  readonly seconds: number | null;
  readonly epochs: number | null;
  readonly worker: number | null;
  readonly slot: number | null;
  readonly width: number | null;
  readonly backend: string | null;
  readonly message: string | null;
  readonly advice: string | null;
  /** A remark on it, such as why it ran op by op. */
  readonly note: string | null;
}

export type MetricValues = Readonly<Partial<Record<MetricName, number | null>>>;

export interface TrialFacts {
  readonly id: number;
  readonly sweep: string;
  readonly config: number;
  readonly replicate: number;
  readonly state: TrialState;
  readonly params: Params;
  /** Epochs reached, of the `budget`. */
  readonly epochs: number;
  readonly budget: number;
  readonly failure_kind: string | null;
  readonly stop_reason: string | null;
  readonly kept_epoch: number | null;
  readonly objective: number | null;
  readonly generalisation_gap: number | null;
  /** Of the kept epoch; only those that are there. */
  readonly metrics: MetricValues;
  readonly attempts: readonly AttemptFacts[];
  /** From old to new; only metrics that some of them has. */
  readonly lastEpochs: readonly { readonly epoch: number; readonly metrics: MetricValues }[];
}

type MetricColumns = Record<MetricName, number | null>;
type TrialRow = Omit<TrialFacts, 'params' | 'metrics' | 'attempts' | 'lastEpochs'> & { params: string };

const METRIC_COLUMNS = METRIC_NAMES.join(', ');

export function findTrial(db: Database.Database, sweep: number, config: number, replicate: number): number | undefined {
  return db
    .prepare<[number, number, number], number>('SELECT id FROM trial WHERE sweep = ? AND config = ? AND replicate = ?')
    .pluck()
    .get(sweep, config, replicate);
}

export function readTrial(db: Database.Database, id: number, epochs: number): TrialFacts | undefined {
  const row = db
    .prepare<[number], TrialRow>(
      `SELECT trial.id, sweep.name AS sweep, trial.config, replicate, state, params, trial.epochs, config.epochs AS budget,
         failure_kind, stop_reason, kept_epoch, trial.objective, generalisation_gap
       FROM trial
       JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
       JOIN sweep ON sweep.id = trial.sweep
       WHERE trial.id = ?`,
    )
    .get(id);
  if (!row) return undefined;
  const values = db.prepare<[number], MetricColumns>(`SELECT ${METRIC_COLUMNS} FROM trial WHERE id = ?`).get(id);
  const attempts = db
    .prepare<[number], AttemptFacts>(
      `SELECT number, outcome, started_at, seconds, epochs, worker, slot, width, backend, message, advice, note
       FROM attempt WHERE trial = ? ORDER BY number`,
    )
    .all(id);
  const rows = db
    .prepare<[number, number], MetricColumns & { epoch: number }>(
      `SELECT epoch, ${METRIC_COLUMNS} FROM epoch WHERE trial = ? ORDER BY epoch DESC LIMIT ?`,
    )
    .all(id, epochs)
    .toReversed();
  const recorded = METRIC_NAMES.filter((name) => rows.some((each) => each[name] !== null));
  return {
    ...row,
    params: parseParams(row.params),
    metrics: values
      ? pick(
          values,
          METRIC_NAMES.filter((name) => values[name] !== null),
        )
      : {},
    attempts,
    lastEpochs: rows.map((each) => ({ epoch: each.epoch, metrics: pick(each, recorded) })),
  };
}

function pick(values: MetricColumns, names: readonly MetricName[]): MetricValues {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
