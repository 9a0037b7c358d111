/** A sweep and its configs as rows: written once, read back as the same sweep. */

import type Database from 'better-sqlite3';
import type { TrialPlace } from '../src/coordinator/core/order.ts';
import { NO_LIMITS, type AnySweep, type OwnConfig, type ResolvedConfig } from '../src/definition/resolved.ts';
import { SweepError } from '../src/errors.ts';
import type { Part } from '../src/metrics.ts';
import { parameterNameProblem, sweepNameProblem } from './names.ts';
import { inOrder, sweepMetrics } from './sweep-metrics.ts';
import { createSweepViews, dropSweepViews } from './views.ts';
import type { SweepColumns } from './views.ts';

/** Where a sweep came from, for the record. */
export interface Origin {
  /** The definition as the user wrote it, after `--set`. */
  readonly definition: unknown;
  /** Equal hashes, equal definitions (data included). */
  readonly hash: string;
  readonly file: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Raised when the JSON below changes its shape: a database that holds another one is not run by this version. */
const RESOLVED_VERSION = 2;

/** `limits` is absent from what was stored before there were any: no change of the version, since it means the same. */
type StoredSweep = Omit<AnySweep, 'name' | 'configs' | 'limits'> &
  Partial<Pick<AnySweep, 'limits'>> & { readonly version: number };
type Config = ResolvedConfig | OwnConfig;
type StoredConfig = Omit<ResolvedConfig, 'ordinal' | 'params'> | Omit<OwnConfig, 'ordinal' | 'params'>;

/** What of a config only its data show. */
export interface ConfigExtent {
  /** Of its budget, in its longest replicate; 1 where a module decides. */
  readonly lastEpoch: number;
  /** Of each part, in the replicate with the fewest; null where a module loads its own data. */
  readonly rows: Readonly<Record<Part, number>> | null;
}

/** By ordinal. */
export type ExtentOf = (config: number) => ConfigExtent;

/** The new trials, and the extent of all configs, old ones included. */
interface NewTrials {
  readonly order: readonly TrialPlace[];
  readonly extentOf: ExtentOf | undefined;
}

/** Inserts sweep, configs, trials and views; the caller holds the transaction. Returns the sweep's id. */
export function insertSweep(
  db: Database.Database,
  sweep: AnySweep,
  origin: Origin,
  { now, ...trials }: NewTrials & { readonly now: number },
): number {
  checkNames(sweep);
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO sweep (name, hash, file, definition, versions, seed, objective, goal, baseline, replicates, parameters,
       metrics, epochs_planned, resolved, created_at) VALUES (${Array(15).fill('?').join(', ')})`,
    )
    .run(
      sweep.name,
      origin.hash,
      origin.file,
      JSON.stringify(origin.definition),
      JSON.stringify(origin.versions),
      sweep.seed,
      sweep.objective.metric,
      sweep.objective.goal,
      sweep.baseline,
      sweep.replicates.count,
      JSON.stringify(sweep.parameters),
      JSON.stringify(sweepMetrics(sweep)),
      0,
      JSON.stringify(storedSweep(sweep)),
      now,
    );
  const id = Number(lastInsertRowid);
  insertTrials(db, id, sweep.configs, trials);
  if (trials.extentOf) recordRows(db, id, sweep, trials.extentOf);
  for (const columns of sweepColumns(db, id)) db.exec(createSweepViews(columns));
  return id;
}

/** Replaces the definition and adds what is new in it; the caller holds the transaction. The versions stay those that began the sweep. */
export function extendSweep(
  db: Database.Database,
  id: number,
  sweep: AnySweep,
  origin: Origin,
  trials: NewTrials,
): void {
  checkNames(sweep);
  const known = new Set(db.prepare<[number], number>('SELECT ordinal FROM config WHERE sweep = ?').pluck().all(id));
  for (const columns of sweepColumns(db, id)) {
    // A module's metrics are known only since it has reported them.
    const metrics = inOrder([...columns.metrics, ...sweepMetrics(sweep)]);
    db.prepare(
      `UPDATE sweep SET hash = ?, file = ?, definition = ?, baseline = ?, replicates = ?, parameters = ?, metrics = ?,
       resolved = ? WHERE id = ?`,
    ).run(
      origin.hash,
      origin.file,
      JSON.stringify(origin.definition),
      sweep.baseline,
      sweep.replicates.count,
      JSON.stringify(sweep.parameters),
      JSON.stringify(metrics),
      JSON.stringify(storedSweep(sweep)),
      id,
    );
    db.exec(dropSweepViews(columns.name) + createSweepViews({ ...columns, parameters: sweep.parameters, metrics }));
  }
  const fresh = (sweep.configs as readonly Config[]).filter(({ ordinal }) => !known.has(ordinal));
  insertTrials(db, id, fresh, trials);
  if (trials.extentOf) recordRows(db, id, sweep, trials.extentOf);
}

function checkNames({ name, parameters }: AnySweep): void {
  const wrong = sweepNameProblem(name) ?? parameterNameProblem(parameters);
  if (wrong !== undefined) throw new SweepError('definition', { message: wrong });
}

function storedSweep({ name: _, configs: __, ...rest }: AnySweep): StoredSweep {
  return { version: RESOLVED_VERSION, ...rest };
}

/** Configs with their trials, which come after those that are there, and the epochs that all of them make together. */
function insertTrials(
  db: Database.Database,
  sweep: number,
  configs: readonly Config[],
  { order, extentOf }: NewTrials,
): void {
  const epochs = configs.map((config) => extentOf?.(config.ordinal).lastEpoch ?? budgetInEpochs(config));
  insertConfigs(db, sweep, configs, epochs);
  const first = db
    .prepare<[number], number>('SELECT ifnull(max(position) + 1, 0) FROM trial WHERE sweep = ?')
    .pluck()
    .get(sweep)!;
  const insert = db.prepare('INSERT INTO trial (sweep, config, replicate, position) VALUES (?, ?, ?, ?)');
  order.forEach(({ config, replicate }, index) => insert.run(sweep, config, replicate, first + index));
  db.prepare(
    `UPDATE sweep SET epochs_planned = replicates * (SELECT ifnull(sum(epochs), 0) FROM config WHERE config.sweep = sweep.id)
     WHERE id = ?`,
  ).run(sweep);
}

function budgetInEpochs(config: Config): number {
  if ('train' in config && config.train.epochs !== null) return config.train.epochs;
  throw new SweepError('internal', {
    message: `the last epoch of config ${config.ordinal}, whose budget is not in epochs, must be given`,
  });
}

function insertConfigs(
  db: Database.Database,
  sweep: number,
  configs: readonly Config[],
  epochs: readonly number[],
): void {
  const insert = db.prepare('INSERT INTO config (sweep, ordinal, params, epochs, resolved) VALUES (?, ?, ?, ?, ?)');
  for (const [index, { ordinal, params, ...rest }] of configs.entries()) {
    const stored: StoredConfig = rest;
    insert.run(sweep, ordinal, JSON.stringify(params), epochs[index], JSON.stringify(stored));
  }
}

/** Of all configs: an older database has not known them. */
function recordRows(db: Database.Database, sweep: number, { configs }: AnySweep, extentOf: ExtentOf): void {
  const update = db.prepare(
    'UPDATE config SET train_rows = ?, validation_rows = ?, test_rows = ? WHERE sweep = ? AND ordinal = ?',
  );
  for (const { ordinal } of configs) {
    const { rows } = extentOf(ordinal);
    if (rows) update.run(rows.train, rows.validation, rows.test, sweep, ordinal);
  }
}

/** The sweep as it was given to `insertSweep`, but for its name, which may have changed since. */
export function selectSweep(db: Database.Database, id: number): AnySweep {
  const row = db
    .prepare<[number], { name: string; resolved: string }>('SELECT name, resolved FROM sweep WHERE id = ?')
    .get(id);
  if (!row) throw new SweepError('internal', { message: `sweep ${id} must be in the database, but it is not` });
  // Written by insertSweep, and the version says in which shape.
  const { version, ...stored } = JSON.parse(row.resolved) as StoredSweep;
  if (version !== RESOLVED_VERSION) {
    throw new SweepError('database', {
      message: `sweep ${row.name} must be stored in format ${RESOLVED_VERSION}, but it is in format ${version}`,
      hint: 'go on with the nightsweep version that began it, which `nightsweep show` names',
    });
  }
  const configs = db
    .prepare<[number], { ordinal: number; params: string; resolved: string }>(
      'SELECT ordinal, params, resolved FROM config WHERE sweep = ? ORDER BY ordinal',
    )
    .all(id)
    .map(({ ordinal, params, resolved }): Config => {
      const rest = JSON.parse(resolved) as StoredConfig;
      return { ordinal, params: JSON.parse(params) as Config['params'], ...rest };
    });
  // All configs of a sweep are of one kind.
  return { limits: NO_LIMITS, ...stored, name: row.name, configs } as AnySweep;
}

/** What the views of one sweep, or of all, are made of. */
export function sweepColumns(db: Database.Database, id: number | null = null): SweepColumns[] {
  return db
    .prepare<[number | null], { id: number; name: string; parameters: string; metrics: string }>(
      'SELECT id, name, parameters, metrics FROM sweep WHERE id = ifnull(?, id)',
    )
    .all(id)
    .map(({ parameters, metrics, ...rest }) => ({
      ...rest,
      // Written by insertSweep.
      parameters: JSON.parse(parameters) as string[],
      metrics: JSON.parse(metrics) as string[],
    }));
}
