/** Everything about one trial: its params, state, metrics, attempts and last epochs. */

import type Database from 'better-sqlite3';
import type { Params } from '../src/definition/resolved.ts';
import { METRIC_NAMES } from '../src/metrics.ts';
import type { MetricName } from '../src/metrics.ts';
import { parseParams } from './read-sweep.ts';
import type { LossCause, TrialState } from './writes.ts';

export interface AttemptFacts {
  readonly number: number;
  readonly outcome: string | null;
  /** What took its process down, where it was lost and that is known. */
  readonly loss_cause: LossCause | null;
  readonly started_at: number;
  readonly seconds: number | null;
  /** The last one that it reached. */
  readonly epochs: number | null;
  /** The checkpoint that it went on from; 0 where it began anew, null until it has a slot. */
  readonly resumed_from_epoch: number | null;
  readonly worker: number | null;
  readonly slot: number | null;
  readonly width: number | null;
  readonly backend: string | null;
  readonly message: string | null;
  readonly advice: string | null;
  /** A remark on it, such as why it ran op by op. */
  readonly note: string | null;
}

/** Built-in metrics in their order, then those of a module. */
export type MetricValues = Readonly<Record<string, number | null>>;

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
  /** From old to new. */
  readonly lastEpochs: readonly { readonly epoch: number; readonly metrics: MetricValues }[];
}

/** `metrics`: those of a module, as JSON. */
type MetricColumns = Record<MetricName, number | null> & { readonly metrics: string | null };
type TrialRow = Omit<TrialFacts, 'params' | 'metrics' | 'attempts' | 'lastEpochs'> & { params: string };

const METRIC_COLUMNS = [...METRIC_NAMES, 'metrics'].join(', ');

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
      `SELECT number, outcome, loss_cause, started_at, seconds, epochs, resumed_from_epoch, worker, slot, width, backend,
         message, advice, note
       FROM attempt WHERE trial = ? ORDER BY number`,
    )
    .all(id);
  const rows = db
    .prepare<[number, number], MetricColumns & { epoch: number }>(
      `SELECT epoch, ${METRIC_COLUMNS} FROM epoch WHERE trial = ? ORDER BY epoch DESC LIMIT ?`,
    )
    .all(id, epochs)
    .toReversed();
  return {
    ...row,
    params: parseParams(row.params),
    metrics: values ? measured(values) : {},
    attempts,
    lastEpochs: rows.map((each) => ({ epoch: each.epoch, metrics: measured(each) })),
  };
}

/** Those that are there. */
function measured(columns: MetricColumns): MetricValues {
  const builtIn = METRIC_NAMES.flatMap((name) => (columns[name] === null ? [] : [[name, columns[name]] as const]));
  // Written by the store.
  const own = columns.metrics === null ? {} : (JSON.parse(columns.metrics) as MetricValues);
  return { ...Object.fromEntries(builtIn), ...own };
}
