/** The analysis of a sweep's results: what it is worked out from, and how it is kept (src/statistics/analysis-rows.ts). */

import type Database from 'better-sqlite3';
import { writtenValues } from '../src/statistics/levels.ts';
import type { ParamValue } from '../src/definition/resolved.ts';
import { parseMetricName } from '../src/metrics.ts';
import type { Analysis, AnalysisInput } from '../src/statistics/analysis-rows.ts';
import { analyse } from '../src/statistics/analysis.ts';
import { readFolds, readObjectives } from './read-results.ts';
import { parseParams, type SweepFacts, sweepOf } from './read-sweep.ts';
import { finiteOrNull } from './result-columns.ts';
import type { Value } from './statements.ts';

/** Which results an analysis rests on, as far as that has to be told apart: finished trials never change. */
interface Basis {
  /** Completed ones with an objective. */
  readonly trials: number;
  /** Ended ones without. */
  readonly lost: number;
}

/**
 * Brings what is kept of a sweep up to date with its results; does nothing where it is. The database is not locked while
 * the analysis is worked out.
 * @param at milliseconds since 1970
 */
export function refreshAnalysis(db: Database.Database, sweep: number, at: number): void {
  const found = db.transaction(() => {
    const basis = newBasis(db, sweep);
    return basis && { basis, input: readAnalysisInput(db, sweepOf(db, sweep)) };
  })();
  if (!found) return;
  const analysis = analyse(found.input);
  db.transaction(() => writeAnalysis(db, sweep, analysis, found.basis, at)).immediate();
}

/** Trials that have ended without an objective, and so will never have one. */
const LOST = "state IN ('failed', 'pruned', 'cancelled') OR (state = 'completed' AND objective IS NULL)";

export function readAnalysisInput(db: Database.Database, sweep: SweepFacts): AnalysisInput {
  const { id, goal, baseline, replicates, parameters, objective, definition } = sweep;
  const parsed = parseMetricName(objective);
  return {
    goal,
    baseline,
    replicates,
    folds: readFolds(db, id),
    parameters,
    written: Object.fromEntries(parameters.map((name) => [name, writtenValues(definition, name)])),
    params: ofConfigs<string>(db, id, 'params').map(parseParams),
    objectives: readObjectives(db, sweep),
    lost: lostTrials(db, sweep),
    measure: {
      objective,
      isShare: parsed?.metric === 'accuracy',
      rows: ofConfigs<number | null>(db, id, parsed ? `${parsed.part}_rows` : 'NULL'),
    },
  };
}

/** An expression over all configs, by ordinal. */
function ofConfigs<Result>(db: Database.Database, sweep: number, expression: string): Result[] {
  return db
    .prepare<[number], Result>(`SELECT ${expression} FROM config WHERE sweep = ? ORDER BY ordinal`)
    .pluck()
    .all(sweep);
}

function lostTrials(db: Database.Database, { id, configs }: SweepFacts): Int32Array {
  const lost = new Int32Array(configs);
  const rows = db
    .prepare<[number], { config: number; count: number }>(
      `SELECT config, count(*) AS count FROM trial WHERE sweep = ? AND (${LOST}) GROUP BY config`,
    )
    .all(id);
  for (const { config, count } of rows) lost[config] = count;
  return lost;
}

/** Undefined where what is kept is of this basis, and where there is nothing to rest on. */
function newBasis(db: Database.Database, sweep: number): Basis | undefined {
  const kept = db.prepare<[number], Basis>('SELECT trials, lost FROM sweep_analysis WHERE sweep = ?').get(sweep);
  const basis = basisOf(db, sweep);
  if (basis.trials === 0 && basis.lost === 0) return undefined;
  return kept?.trials === basis.trials && kept.lost === basis.lost ? undefined : basis;
}

function basisOf(db: Database.Database, sweep: number): Basis {
  return db
    .prepare<{ sweep: number }, Basis>(
      // Both counts come from indexes alone.
      `SELECT trials, ended - trials AS lost FROM (
         SELECT
           (SELECT count(*) FROM trial WHERE sweep = :sweep AND state = 'completed' AND objective IS NOT NULL) AS trials,
           (SELECT count(*) FROM trial WHERE sweep = :sweep AND state IN ('completed', 'failed', 'pruned', 'cancelled')) AS ended
       )`,
    )
    .get({ sweep })!;
}

/** In the place of what was kept of the sweep before; the caller holds the transaction. */
function writeAnalysis(db: Database.Database, sweep: number, analysis: Analysis, basis: Basis, at: number): void {
  dropAnalysis(db, sweep);
  db.prepare('INSERT INTO sweep_analysis (sweep, trials, lost, analysed_at, warnings) VALUES (?, ?, ?, ?, ?)').run(
    sweep,
    basis.trials,
    basis.lost,
    at,
    JSON.stringify(analysis.warnings),
  );
  const insert = <Row>(
    table: string,
    rows: readonly Row[],
    columnsOf: (row: Row) => Readonly<Record<string, ParamValue>>,
  ) => {
    const [first] = rows;
    if (first === undefined) return;
    const names = Object.keys(columnsOf(first));
    const statement = db.prepare(
      `INSERT INTO ${table} (sweep, ${names.join(', ')}) VALUES (?, ${names.map(() => '?').join(', ')})`,
    );
    for (const row of rows) statement.run(sweep, ...Object.values(columnsOf(row)).map(storable));
  };
  insert('config_analysis', analysis.configs, ({ config, n, interval, rows_interval, tied }) => ({
    config,
    n,
    ...bounds('interval', interval),
    ...bounds('rows_interval', rows_interval),
    tied,
  }));
  insert('config_comparison', analysis.comparisons, ({ interval, ...row }) => ({
    ...row,
    ...bounds('interval', interval),
  }));
  insert('main_effect', analysis.mainEffects, ({ interval, ...row }) => ({ ...row, ...bounds('interval', interval) }));
  insert('importance_term', analysis.importance, ({ with: other, ...row }) => ({ ...row, with_parameter: other }));
}

export function dropAnalysis(db: Database.Database, sweep: number): void {
  db.prepare('DELETE FROM sweep_analysis WHERE sweep = ?').run(sweep);
}

function bounds(name: string, interval: readonly [number, number] | null): Record<string, number | null> {
  return { [`${name}_low`]: interval?.[0] ?? null, [`${name}_high`]: interval?.[1] ?? null };
}

/** Whole numbers as INTEGER, false and true as 0 and 1: a parameter's value as SQLite's JSON functions give it from `params`. */
function storable(value: ParamValue): Value | bigint {
  if (typeof value === 'string' || value === null) return value;
  return Number.isSafeInteger(Number(value)) ? BigInt(value) : finiteOrNull(Number(value));
}
