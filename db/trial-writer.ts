/** Applies the coordinator's writes to trials, attempts and epochs. Runs inside a transaction of the store. */

import type Database from 'better-sqlite3';
import { SweepError } from '../src/errors.ts';
import type { LayerRow, OwnMetrics } from '../src/executor/executor.ts';
import { parseMetricName, type Goal } from '../src/metrics.ts';
import { addOwnMetrics, isBuiltIn, ownColumns } from './own-metrics.ts';
import type { TrialState, Write } from './writes.ts';

type Of<Type extends Write['type']> = Extract<Write, { type: Type }>;

interface TrialFacts {
  readonly sweep: number;
  readonly config: number;
  readonly objective: string;
  readonly goal: Goal;
}

export class TrialWriter {
  readonly #db: Database.Database;
  readonly #now: () => number;
  /** Prepared once; those with metric columns once per list of metrics. */
  readonly #statements = new Map<string, Database.Statement>();

  constructor(db: Database.Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** @throws SweepError `internal` on a transition that the table of states does not have. */
  apply(writes: readonly Write[]): void {
    const changedConfigs = new Map<string, TrialFacts>();
    for (const write of writes) {
      switch (write.type) {
        case 'attempt_started':
          this.#start(write);
          break;
        case 'attempt_placed':
          this.#place(write);
          break;
        case 'attempt_noted':
          this.#changeAttempt(write.trial, 'SET note = ?', [write.note]);
          break;
        case 'epochs':
          this.#addEpochs(write);
          break;
        case 'trial_ended': {
          const facts = this.#end(write);
          changedConfigs.set(`${facts.sweep}/${facts.config}`, facts);
          break;
        }
        case 'attempt_lost':
          this.#lose(write);
          break;
      }
    }
    for (const { sweep, config } of changedConfigs.values()) this.#summarize(sweep, config);
  }

  #start({ trial, run, cohort }: Of<'attempt_started'>): void {
    this.#change(trial, 'queued', "UPDATE trial SET state = 'running', attempts = attempts + 1, epochs = 0");
    this.#run(
      `INSERT INTO attempt (trial, number, run, cohort, started_at)
       SELECT id, attempts, ?, ?, ? FROM trial WHERE id = ?`,
      [run, cohort, this.#now(), trial],
    );
  }

  #place(write: Of<'attempt_placed'>): void {
    const { trial, worker, slot, width, layout, backend, fingerprint, company } = write;
    this.#changeAttempt(
      trial,
      'SET worker = ?, slot = ?, width = ?, layout = ?, backend = ?, fingerprint = ?, company = ?',
      [worker, slot, width, layout, backend, fingerprint, JSON.stringify(company)],
    );
  }

  #addEpochs({ trial, metrics, rows }: Of<'epochs'>): void {
    if (rows.length === 0) return;
    const insert = insertEpoch(columns(metrics));
    for (const { epoch, values, layers = [], own } of rows) {
      if (own) {
        const stored = ownColumns(own);
        this.#run(insertEpoch(stored.names), [trial, epoch, ...stored.values]);
      } else {
        this.#run(insert, [trial, epoch, ...values.map(finiteOrNull)]);
      }
      for (const layer of layers) this.#addLayer(trial, epoch, layer);
    }
    const reported = rows.flatMap(({ own = {} }) => Object.keys(own));
    if (reported.length > 0) addOwnMetrics(this.#db, this.#facts(trial).sweep, reported);
    // The best and the kept epoch may be told late, after ones that follow them.
    const reached = Math.max(...rows.map(({ epoch }) => epoch));
    this.#countEpochs(trial, reached);
    this.#change(trial, 'running', 'UPDATE trial SET epochs = max(epochs, ?)', [reached]);
  }

  #addLayer(trial: number, epoch: number, row: LayerRow): void {
    this.#run(
      `INSERT INTO layer_epoch (trial, epoch, layer, kernel_norm, gradient_norm, clipped_share)
       VALUES (?, ?, ?, ?, ?, ?)`,
      [trial, epoch, row.layer, ...[row.kernel_norm, row.gradient_norm, row.clipped_share].map(finiteOrNull)],
    );
  }

  #end({ trial, end, seconds, metrics, values, own, advice }: Of<'trial_ended'>): TrialFacts {
    const facts = this.#facts(trial);
    this.#countEpochs(trial, end.epochs);
    this.#run(
      `UPDATE run SET trials = trials + 1
       WHERE id = (SELECT run FROM attempt JOIN trial ON trial.id = trial AND attempts = number WHERE trial = ?)`,
      [trial],
    );
    if (end.state === 'completed') {
      const results = own ?? Object.fromEntries(metrics.map((name, index) => [name, values[index] ?? null]));
      const { objective, gap } = judge(facts, results);
      const stored = own ? ownColumns(own) : { names: columns(metrics), values: values.map(finiteOrNull) };
      this.#change(
        trial,
        'running',
        `UPDATE trial SET state = 'completed', epochs = ?, stop_reason = ?, kept_epoch = ?, objective = ?,
         generalisation_gap = ?, (${stored.names.join(', ')}) = (${stored.names.map(() => '?').join(', ')})`,
        [end.epochs, end.stop_reason, end.kept_epoch, objective, gap, ...stored.values],
      );
      this.#changeAttempt(trial, "SET outcome = 'completed', ended_at = ?, epochs = ?, seconds = ?", [
        this.#now(),
        end.epochs,
        seconds,
      ]);
    } else {
      // A failed trial has no result, so averages over trials need no condition; what it reached is among its epochs.
      this.#change(trial, 'running', "UPDATE trial SET state = 'failed', epochs = ?, failure_kind = ?", [
        end.epochs,
        end.kind,
      ]);
      this.#changeAttempt(
        trial,
        `SET outcome = 'failed', ended_at = ?, epochs = ?, seconds = ?, failure_kind = ?, last_loss = ?, message = ?,
         advice = ?, stack = ?`,
        [
          this.#now(),
          end.epochs,
          seconds,
          end.kind,
          finiteOrNull(end.last_loss ?? null),
          end.message,
          advice,
          end.stack ?? null,
        ],
      );
    }
    return facts;
  }

  #lose({ trial, outcome, message }: Of<'attempt_lost'>): void {
    this.#changeAttempt(
      trial,
      'SET outcome = ?, ended_at = ?, message = ?, epochs = (SELECT epochs FROM trial WHERE id = trial)',
      [outcome, this.#now(), message],
    );
    this.#change(trial, 'running', "UPDATE trial SET state = 'queued', epochs = 0");
    this.#run('DELETE FROM epoch WHERE trial = ?', [trial]);
  }

  /** Adds what the trial has newly reached to its run's counter. Comes before the trial's own update. */
  #countEpochs(trial: number, epoch: number): void {
    this.#run(
      `UPDATE run SET epochs = run.epochs + max(0, ? - found.epochs)
       FROM (SELECT run AS id, trial.epochs FROM trial JOIN attempt ON trial = trial.id AND number = attempts WHERE trial.id = ?) AS found
       WHERE run.id = found.id`,
      [epoch, trial],
    );
  }

  /** Two passes, in the order of replicates: the same bits whatever the order in which trials ended. */
  #summarize(sweep: number, config: number): void {
    const completed = "sweep = :sweep AND config = :config AND state = 'completed'";
    this.#statement(
      `WITH centre AS (
         SELECT count(objective) AS n, avg(objective ORDER BY replicate) AS mean FROM trial WHERE ${completed}
       )
       UPDATE config SET (n, mean, std) = (
         SELECT centre.n, mean,
           iif(centre.n > 1, sqrt(sum((objective - mean) * (objective - mean) ORDER BY replicate) / (centre.n - 1)), NULL)
         FROM centre LEFT JOIN trial ON ${completed}
       )
       WHERE sweep = :sweep AND ordinal = :config`,
    ).run({ sweep, config });
  }

  #facts(trial: number): TrialFacts {
    const facts = this.#statement(
      `SELECT trial.sweep, trial.config, sweep.objective, sweep.goal
       FROM trial JOIN sweep ON sweep.id = trial.sweep WHERE trial.id = ?`,
    ).get(trial);
    if (facts === undefined) throw illegal(trial, 'be in the database', 'no such trial');
    return facts as TrialFacts;
  }

  /** `update` on one trial, which must be in `state`. */
  #change(trial: number, state: TrialState, update: string, values: readonly (string | number | null)[] = []): void {
    const { changes } = this.#statement(`${update} WHERE id = ? AND state = ?`).run(...values, trial, state);
    if (changes === 1) return;
    const found = this.#statement('SELECT state FROM trial WHERE id = ?').pluck().get(trial);
    throw illegal(trial, `be ${state}`, found === undefined ? 'no such trial' : `it ${String(found)}`);
  }

  /** Changes the attempt that goes on. */
  #changeAttempt(trial: number, set: string, values: readonly (string | number | null)[]): void {
    const { changes } = this.#statement(
      `UPDATE attempt ${set}
       WHERE attempt.trial = ? AND outcome IS NULL AND number = (SELECT attempts FROM trial WHERE id = attempt.trial)`,
    ).run(...values, trial);
    if (changes !== 1) throw illegal(trial, 'have an attempt that goes on', 'none');
  }

  #run(sql: string, values: readonly (string | number | null)[]): void {
    this.#statement(sql).run(...values);
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** The objective and how much worse it is than on the training part; NULL where the objective is the training part's. */
function judge({ objective, goal }: TrialFacts, results: OwnMetrics): { objective: number | null; gap: number | null } {
  const valueOf = (name: string): number | null => finiteOrNull(results[name] ?? null);
  if (!Object.hasOwn(results, objective)) {
    throw new SweepError('internal', {
      message: `a report must hold the objective ${objective}, but it holds ${Object.keys(results).join(', ')}`,
    });
  }
  const value = valueOf(objective);
  const parsed = parseMetricName(objective);
  const train = parsed ? valueOf(`train_${parsed.metric}`) : null;
  if (parsed?.part === 'train' || value === null || train === null) return { objective: value, gap: null };
  return { objective: value, gap: goal === 'maximize' ? train - value : value - train };
}

function insertEpoch(names: readonly string[]): string {
  return `INSERT INTO epoch (trial, epoch, ${names.join(', ')}) VALUES (?, ?${', ?'.repeat(names.length)})`;
}

/** The names become SQL, and they come from a worker. */
function columns(metrics: readonly string[]): readonly string[] {
  const unknown = metrics.find((metric) => !isBuiltIn(metric));
  if (unknown !== undefined)
    throw new SweepError('internal', { message: `a report must hold known metrics, but it holds '${unknown}'` });
  return metrics;
}

/** SQLite would store NaN as NULL by itself, but infinities as such. */
function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function illegal(trial: number, must: string, found: string): SweepError {
  return new SweepError('internal', { message: `trial ${trial} must ${must}, but found ${found}` });
}
