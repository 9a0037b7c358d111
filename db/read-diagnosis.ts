/** What the diagnosis of a sweep is made from (src/diagnosis/facts.ts). */

import type Database from 'better-sqlite3';
import type {
  ConfigFacts,
  ConfigSections,
  DiagnosisFacts,
  DivergedTrial,
  ErrorCurves,
  TrainingFacts,
} from '../src/diagnosis/facts.ts';
import type { DefinitionDocument } from '../src/definition/load.ts';
import type { OwnConfig } from '../src/definition/resolved.ts';
import { METRIC_NAMES, type MetricName } from '../src/metrics.ts';
import { readMeanCurve } from './read-curves.ts';
import { parseParams, type SweepFacts } from './read-sweep.ts';

/** Diverged trials that are looked at. */
const MOST_DIVERGED = 10_000;

/** @param configs to be diagnosed, the best one first */
export function readDiagnosisFacts(
  db: Database.Database,
  sweep: SweepFacts,
  configs: readonly number[],
): DiagnosisFacts {
  const diverged = readDiverged(db, sweep.id);
  return {
    objective: sweep.objective,
    goal: sweep.goal,
    definition: (sweep.definition as DefinitionDocument).definition,
    parameters: sweep.parameters,
    params: db
      .prepare<[number], string>('SELECT params FROM config WHERE sweep = ? ORDER BY ordinal')
      .pluck()
      .all(sweep.id)
      .map(parseParams),
    configs: configs.flatMap((config) => readConfigFacts(db, sweep, config) ?? []),
    training: diverged.length > 0 ? readTraining(db, sweep.id) : [],
    diverged,
    gradients: diverged.length > 0 ? readGradients(db, sweep.id) : null,
  };
}

/** The config with the worst mean, the highest ordinal of several; undefined without a result. */
export function readWorst(db: Database.Database, { id, goal }: SweepFacts): number | undefined {
  return db
    .prepare<[number], number>(
      `SELECT ordinal FROM config WHERE sweep = ? AND mean IS NOT NULL
       ORDER BY mean ${goal === 'maximize' ? 'ASC' : 'DESC'}, ordinal DESC LIMIT 1`,
    )
    .pluck()
    .get(id);
}

interface ConfigRow {
  readonly budget: number;
  readonly resolved: string;
  readonly train: number | null;
  readonly validation: number | null;
  readonly test: number | null;
}

interface TrialsRow {
  readonly n: number;
  readonly epochs: number;
  readonly stopped: number;
}

function readConfigFacts(db: Database.Database, sweep: SweepFacts, config: number): ConfigFacts | undefined {
  const row = db
    .prepare<[number, number], ConfigRow>(
      `SELECT epochs AS budget, resolved, train_rows AS train, validation_rows AS validation, test_rows AS test
       FROM config WHERE sweep = ? AND ordinal = ?`,
    )
    .get(sweep.id, config);
  if (!row) return undefined;
  // Written by the store.
  const resolved = JSON.parse(row.resolved) as ConfigSections | OwnConfig;
  const { train, validation, test } = row;
  const measured = readMeasured(db, sweep.id, config);
  return {
    config,
    sections: 'trial' in resolved ? null : resolved,
    rows: train === null ? null : { train, validation: validation ?? 0, test: test ?? 0 },
    ...measured,
    budget: row.budget,
    curves: readErrorCurves(db, sweep.id, config, measured.means),
  };
}

const COMPLETED = "FROM trial WHERE sweep = ? AND config = ? AND +state = 'completed'";

function readMeasured(
  db: Database.Database,
  sweep: number,
  config: number,
): Pick<ConfigFacts, 'n' | 'means' | 'epochs' | 'stopped'> {
  const means = METRIC_NAMES.map((name) => `avg(${name}) AS ${name}`).join(', ');
  const { n, epochs, stopped, ...values } = db
    .prepare<[number, number], TrialsRow & Record<MetricName, number | null>>(
      `SELECT count(*) AS n, ifnull(avg(epochs), 0) AS epochs,
         count(*) FILTER (WHERE stop_reason = 'early_stopping') AS stopped, ${means} ${COMPLETED}`,
    )
    .get(sweep, config)!;
  const present = Object.entries(values).filter((pair): pair is [string, number] => typeof pair[1] === 'number');
  return { n, epochs, stopped, means: Object.fromEntries(present) };
}

/** Of the loss without penalties, or of the loss, on train and on the part that stands for new data. */
function readErrorCurves(
  db: Database.Database,
  sweep: number,
  config: number,
  means: ConfigFacts['means'],
): ErrorCurves | null {
  const part = ['validation', 'test'].find((each) => `${each}_loss` in means || `${each}_data_loss` in means);
  const metric = ['data_loss', 'loss'].find((each) => `train_${each}` in means && `${part}_${each}` in means);
  if (part === undefined || metric === undefined) return null;
  const train = readMeanCurve(db, sweep, config, `train_${metric}`);
  const dev = readMeanCurve(db, sweep, config, `${part}_${metric}`);
  const devAt = new Map(dev.epochs.map((epoch, index) => [epoch, dev.values[index]!]));
  const shared = train.epochs.flatMap((epoch, index) => {
    const value = devAt.get(epoch);
    return value === undefined ? [] : [{ epoch, train: train.values[index]!, dev: value }];
  });
  return {
    metric,
    epochs: shared.map(({ epoch }) => epoch),
    train: shared.map((point) => point.train),
    dev: shared.map((point) => point.dev),
  };
}

function readDiverged(db: Database.Database, sweep: number): DivergedTrial[] {
  return db
    .prepare<[number, number], DivergedTrial>(
      `SELECT config, trial.epochs AS epoch, last_loss
       FROM trial JOIN attempt ON attempt.trial = trial.id AND attempt.number = trial.attempts
       WHERE trial.sweep = ? AND trial.state = 'failed' AND trial.failure_kind = 'diverged' LIMIT ?`,
    )
    .all(sweep, MOST_DIVERGED);
}

/** Of the first diverged trial that has recorded some: the first and the largest gradient norm of any layer. */
function readGradients(db: Database.Database, sweep: number): DiagnosisFacts['gradients'] {
  const row = db
    .prepare<[number], { first: number | null; largest: number | null }>(
      `SELECT max(gradient_norm) FILTER (WHERE epoch = 1) AS first, max(gradient_norm) AS largest
       FROM layer_epoch WHERE trial = (
         SELECT trial.id FROM trial JOIN layer_epoch ON layer_epoch.trial = trial.id
         WHERE sweep = ? AND state = 'failed' AND failure_kind = 'diverged' AND gradient_norm IS NOT NULL
         ORDER BY trial.id LIMIT 1
       )`,
    )
    .get(sweep);
  const { first = null, largest = null } = row ?? {};
  return first !== null && largest !== null ? { first, largest } : null;
}

type TrainingRow = Omit<TrainingFacts, 'clipped' | 'numeric'> & { readonly clipped: number; readonly numeric: number };

/** Without the configs of modules' trials, whose training nobody knows. */
function readTraining(db: Database.Database, sweep: number): TrainingFacts[] {
  return db
    .prepare<{ sweep: number }, TrainingRow>(
      `WITH ended AS (
         SELECT config, count(*) FILTER (WHERE state = 'completed') AS completed,
           count(*) FILTER (WHERE failure_kind = 'diverged') AS diverged
         FROM trial WHERE sweep = :sweep GROUP BY config
       ), section AS (
         SELECT ordinal AS config, resolved -> '$.train' AS train, resolved -> '$.data.transform' AS transform,
           resolved ->> '$.data.target_kind' AS target_kind
         FROM config WHERE sweep = :sweep AND resolved -> '$.train' IS NOT NULL
       )
       SELECT config, completed, diverged,
         coalesce(train ->> '$.optimizer.learning_rate.initial_learning_rate',
           train ->> '$.optimizer.learning_rate.values[0]', train ->> '$.optimizer.learning_rate') AS learning_rate,
         train ->> '$.optimizer.name' AS optimizer, train ->> '$.optimizer.momentum' AS momentum,
         coalesce(train ->> '$.clip.variable_norm', train ->> '$.clip.global_norm', train ->> '$.clip.value') IS NOT NULL
           AS clipped,
         train ->> '$.loss.name' AS loss, transform ->> '$.features.name' AS features,
         transform ->> '$.target.name' AS target, target_kind = 'number' AS numeric
       FROM ended JOIN section USING (config) WHERE completed + diverged > 0 ORDER BY config`,
    )
    .all({ sweep })
    .map((row) => ({ ...row, clipped: row.clipped === 1, numeric: row.numeric === 1 }));
}
