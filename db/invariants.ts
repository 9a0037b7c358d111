/** What must hold of a sweep in the database at any moment, also right after its coordinator was killed. */

import type Database from 'better-sqlite3';
import { crc32 } from 'node:zlib';
import type { Goal } from '../src/metrics.ts';
import { METRIC_NAMES } from '../src/metrics.ts';
import { isRecorded } from '../workers/recording.ts';
import { isBuiltIn } from './own-metrics.ts';

export interface CheckedSweep {
  readonly id: number;
  readonly name: string;
  readonly replicates: number;
  readonly objective: string;
  readonly goal: Goal;
  readonly record: 'auto' | 'all';
  /** Whether a module trains its trials: those have no checkpoints. */
  readonly own: 0 | 1;
}

/** A place and what was found there; `config` null: the sweep as a whole, `replicate` null: the config. */
export interface Finding {
  readonly config: number | null;
  readonly replicate: number | null;
  readonly found: string;
}

export interface Invariant {
  readonly name: string;
  /** A sentence without its full stop. */
  readonly must: string;
  /** What was looked at, in the plural. */
  readonly unit: string;
  /** What to do where it does not hold. */
  readonly advice: string;
  count(db: Database.Database, sweep: CheckedSweep): number;
  findings(db: Database.Database, sweep: CheckedSweep): Iterable<Finding>;
}

const RESTORE = 'the database was changed or damaged from outside: go on from a copy made before';
const RETRAIN =
  'the numbers of these trials are not to be trusted: run the sweep again under another name (--name), and compare';

const UNFINISHED = "('queued', 'running', 'paused')";

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'trials',
    must: 'every config has every replicate once',
    unit: 'trials',
    advice: RESTORE,
    count: counted('SELECT count(*) FROM trial WHERE sweep = :id'),
    findings: selected(`
      WITH RECURSIVE replicate (number) AS (
        SELECT 0 UNION ALL SELECT number + 1 FROM replicate WHERE number + 1 < :replicates
      )
      SELECT ordinal AS config, number AS replicate, 'is missing' AS found
      FROM config JOIN replicate
      WHERE config.sweep = :id AND NOT EXISTS (
        SELECT 1 FROM trial WHERE trial.sweep = :id AND trial.config = ordinal AND trial.replicate = number
      )
      UNION ALL
      SELECT config, replicate, 'is there ' || count(*) || ' times' FROM trial WHERE sweep = :id
      GROUP BY config, replicate HAVING count(*) > 1
      UNION ALL
      SELECT config, replicate, 'is no trial of this sweep' FROM trial
      WHERE sweep = :id
        AND (replicate >= :replicates OR config NOT IN (SELECT ordinal FROM config WHERE sweep = :id))
      UNION ALL
      SELECT NULL, NULL, 'has configs up to ' || max(ordinal) || ', but only ' || count(*) || ' of them' FROM config
      WHERE sweep = :id HAVING max(ordinal) + 1 <> count(*)`),
  },
  {
    name: 'attempts',
    must: "a trial's state is what its newest attempt says, and an attempt goes on at most where the one before was",
    unit: 'attempts',
    advice: RESTORE,
    count: counted('SELECT count(*) FROM attempt JOIN trial ON trial.id = trial WHERE sweep = :id'),
    findings: selected(`
      SELECT config, replicate, 'counts ' || attempts || ' attempts, but has ' || number AS found
      FROM trial JOIN (SELECT trial.id, count(attempt.trial) AS number FROM trial
        LEFT JOIN attempt ON attempt.trial = trial.id WHERE sweep = :id GROUP BY trial.id) USING (id)
      WHERE attempts <> number
      UNION ALL
      SELECT config, replicate, 'is ' || state || ', but its attempt ' || number || ' is '
        || ifnull(outcome || ifnull(' (' || attempt.failure_kind || ')', ''), 'going on')
      FROM trial JOIN attempt ON attempt.trial = trial.id AND number = trial.attempts
      WHERE sweep = :id AND CASE
        WHEN state = 'running' THEN outcome IS NULL
        WHEN state IN ('completed', 'pruned', 'failed') THEN outcome IS state
          AND attempt.failure_kind IS trial.failure_kind AND attempt.epochs IS trial.epochs
        WHEN state IN ('queued', 'paused') THEN outcome IN ('interrupted', 'lost', 'retried', 'failed')
        ELSE outcome IS NOT NULL
      END IS NOT TRUE
      UNION ALL
      SELECT config, replicate, 'is ' || state || ' without an attempt' FROM trial
      WHERE sweep = :id AND attempts = 0 AND state NOT IN ('queued', 'paused', 'cancelled')
      UNION ALL
      SELECT config, replicate, 'has attempt ' || number || ' still going on, but a later one' FROM trial
      JOIN attempt ON attempt.trial = trial.id WHERE sweep = :id AND outcome IS NULL AND number < trial.attempts
      UNION ALL
      SELECT config, replicate, 'went on from epoch ' || later.resumed_from_epoch || ' in attempt ' || later.number
        || ', but had only reached epoch ' || ifnull(earlier.epochs, 0)
      FROM trial JOIN attempt AS later ON later.trial = trial.id
      LEFT JOIN attempt AS earlier ON earlier.trial = trial.id AND earlier.number = later.number - 1
      WHERE sweep = :id AND later.resumed_from_epoch > ifnull(earlier.epochs, 0)`),
  },
  {
    name: 'epochs',
    must: "a trial's epochs have their rows without a gap, as `record` asks for, up to the last one",
    unit: 'rows',
    advice: RETRAIN,
    count: counted('SELECT count(*) FROM epoch JOIN trial ON trial.id = trial WHERE sweep = :id'),
    findings: epochFindings,
  },
  {
    name: 'results',
    must: 'the metrics and the objective of a completed trial are those of its kept epoch',
    unit: 'completed trials',
    advice: RETRAIN,
    count: counted("SELECT count(*) FROM trial WHERE sweep = :id AND state = 'completed'"),
    findings: resultFindings,
  },
  {
    name: 'checkpoints',
    must: 'rows of a trial that has not ended reach exactly to its newest checkpoint, and at most two are kept',
    unit: 'trials that have not ended',
    advice: 'run the sweep: it goes on from the checkpoint before, or begins these trials anew',
    count: counted(`SELECT count(*) FROM trial WHERE sweep = :id AND state IN ${UNFINISHED}`),
    findings: selected(`
      SELECT config, replicate, 'has reached epoch ' || trial.epochs || ', but ' || CASE
        WHEN :own THEN 'is of a module and not running'
        ELSE 'its newest checkpoint is of epoch ' || ifnull(max(epoch), 0) END AS found
      FROM trial LEFT JOIN checkpoint ON checkpoint.trial = trial.id
      WHERE sweep = :id AND trial.state IN ${UNFINISHED} GROUP BY trial.id
      HAVING iif(:own, trial.state <> 'running' AND trial.epochs > 0, trial.epochs <> ifnull(max(epoch), 0))
      UNION ALL
      SELECT config, replicate, 'has ' || count(*) || ' checkpoints' FROM trial
      JOIN checkpoint ON checkpoint.trial = trial.id
      WHERE sweep = :id AND trial.state IN ${UNFINISHED} GROUP BY trial.id HAVING count(*) > 2`),
  },
  {
    name: 'kept checkpoints',
    must: 'of the trials that have ended, only the best has a checkpoint',
    unit: 'trials that have ended',
    advice: 'it only takes room: nothing needs to be done',
    count: counted(`SELECT count(*) FROM trial WHERE sweep = :id AND state NOT IN ${UNFINISHED}`),
    findings: selected(`
      SELECT config, replicate, 'has ' || count(*) || ' checkpoints' AS found FROM trial
      JOIN checkpoint ON checkpoint.trial = trial.id
      WHERE sweep = :id AND trial.state NOT IN ${UNFINISHED} GROUP BY trial.id
      HAVING count(*) > (trial.id IS (
        SELECT id FROM trial WHERE sweep = :id AND state = 'completed' AND objective IS NOT NULL
        ORDER BY iif(:goal = 'maximize', -objective, objective), config, replicate LIMIT 1
      ))`),
  },
  {
    name: 'checksums',
    must: 'the bytes of every checkpoint have their checksum',
    unit: 'checkpoints',
    advice: 'run the sweep: it goes on from the checkpoint before, or begins these trials anew; and test the disk',
    count: counted('SELECT count(*) FROM checkpoint JOIN trial ON trial.id = trial WHERE sweep = :id'),
    findings: checksumFindings,
  },
  {
    name: 'summaries',
    must: 'n, mean and std of every config are those of its completed replicates, to the last bit',
    unit: 'configs',
    advice: 'the leaderboard is wrong there: compute it from `trial_results`, and go on from a copy made before',
    count: counted('SELECT count(*) FROM config WHERE sweep = :id'),
    findings: selected(`
      WITH centre AS (
        SELECT config, count(objective) AS n, avg(objective ORDER BY replicate) AS mean FROM trial
        WHERE sweep = :id AND state = 'completed' GROUP BY config
      ), spread AS (
        SELECT config, n, mean,
          iif(n > 1, sqrt(sum((objective - mean) * (objective - mean) ORDER BY replicate) / (n - 1)), NULL) AS std
        FROM centre JOIN trial USING (config) WHERE sweep = :id AND state = 'completed' GROUP BY config
      )
      SELECT ordinal AS config, NULL AS replicate,
        'has ' || ${summaryText('config')} || ', but must have ' || ${summaryText('spread')} AS found
      FROM config LEFT JOIN spread ON spread.config = ordinal
      WHERE sweep = :id AND (config.n, config.mean, config.std) IS NOT (ifnull(spread.n, 0), spread.mean, spread.std)`),
  },
];

/** SQL of `n 2, mean 0.5, std NULL`, numbers with all their digits. */
function summaryText(table: string): string {
  const number = (name: string): string => `iif(${table}.${name} IS NULL, 'NULL', format('%!.17g', ${table}.${name}))`;
  return `'n ' || ifnull(${table}.n, 0) || ', mean ' || ${number('mean')} || ', std ' || ${number('std')}`;
}

function counted(sql: string): Invariant['count'] {
  return (db, { id }) => db.prepare<{ id: number }, number>(sql).pluck().get({ id }) ?? 0;
}

function selected(sql: string): Invariant['findings'] {
  return (db, sweep) => db.prepare<CheckedSweep, Finding>(sql).iterate(sweep);
}

interface EpochsOfTrial extends Omit<Finding, 'found'> {
  readonly state: string;
  readonly epochs: number;
  readonly kept_epoch: number | null;
  readonly recorded: readonly number[];
}

/** Beside the regular epochs an ended trial has its best, kept and last one. */
const EXTRA_EPOCHS = 3;

function* epochFindings(db: Database.Database, sweep: CheckedSweep): Generator<Finding> {
  const rows = db
    .prepare<[number], Omit<EpochsOfTrial, 'recorded'> & { readonly recorded: string }>(
      `SELECT config, replicate, state, trial.epochs, kept_epoch,
         json_group_array(epoch ORDER BY epoch) FILTER (WHERE epoch IS NOT NULL) AS recorded
       FROM trial LEFT JOIN epoch ON epoch.trial = trial.id WHERE sweep = ? GROUP BY trial.id`,
    )
    .iterate(sweep.id);
  for (const { recorded, ...row } of rows) {
    const trial = { ...row, recorded: JSON.parse(recorded) as number[] };
    const found = epochProblem(trial, sweep.record);
    if (found !== undefined) yield { config: trial.config, replicate: trial.replicate, found };
  }
}

function epochProblem(
  { state, epochs, kept_epoch, recorded }: EpochsOfTrial,
  record: CheckedSweep['record'],
): string | undefined {
  const there = new Set(recorded);
  const ended = state === 'completed' || state === 'pruned' || state === 'failed';
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const owed = ended && (epoch === epochs || epoch === kept_epoch);
    if ((owed || isRecorded(epoch, record)) && !there.has(epoch))
      return `has reached epoch ${epochs}, but has no row of epoch ${epoch}`;
  }
  const last = recorded.at(-1) ?? 0;
  if (last > epochs) return `has reached epoch ${epochs}, but has a row of epoch ${last}`;
  const extra = recorded.filter((epoch) => !isRecorded(epoch, record));
  if (extra.length <= (ended ? EXTRA_EPOCHS : 0)) return undefined;
  return `has ${extra.length} rows that are not to be recorded, such as that of epoch ${extra[0]}`;
}

function resultFindings(db: Database.Database, sweep: CheckedSweep): Iterable<Finding> {
  const objective = isBuiltIn(sweep.objective)
    ? `trial.${sweep.objective}`
    : `json_extract(trial.metrics, '$."' || :objective || '"')`;
  const columns = [...METRIC_NAMES, 'metrics'];
  const differs = columns.map((name) => `trial.${name} IS NOT epoch.${name}`).join(' OR ');
  return selected(`
    SELECT config, replicate, 'has other metrics than its kept epoch ' || kept_epoch AS found
    FROM trial JOIN epoch ON epoch.trial = trial.id AND epoch = kept_epoch
    WHERE sweep = :id AND state = 'completed' AND (${differs})
    UNION ALL
    SELECT config, replicate, 'has the objective ' || ifnull(trial.objective, 'NULL') || ', but ' || :objective || ' is '
      || ifnull(${objective}, 'NULL')
    FROM trial WHERE sweep = :id AND state = 'completed' AND trial.objective IS NOT ${objective}`)(db, sweep);
}

function* checksumFindings(db: Database.Database, { id }: CheckedSweep): Generator<Finding> {
  const rows = db
    .prepare<[number], Omit<Finding, 'found'> & { epoch: number; checksum: number; state: Buffer }>(
      `SELECT config, replicate, epoch, checksum, checkpoint.state FROM trial JOIN checkpoint ON checkpoint.trial = trial.id
       WHERE sweep = ?`,
    )
    .iterate(id);
  for (const { config, replicate, epoch, checksum, state } of rows) {
    if (crc32(state) !== checksum) yield { config, replicate, found: `has a damaged checkpoint of epoch ${epoch}` };
  }
}
