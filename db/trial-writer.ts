/** Applies the coordinator's writes to trials, attempts and epochs. Runs inside a transaction of the store. */

import type Database from 'better-sqlite3';
import { SweepError } from '../src/errors.ts';
import type { OwnMetrics } from '../src/executor/executor.ts';
import { parseMetricName, type Goal } from '../src/metrics.ts';
import { BestTrial } from './best-trial.ts';
import type { Checkpoints } from './checkpoints.ts';
import { EpochWriter } from './epoch-writer.ts';
import { addOwnMetrics, ownColumns } from './own-metrics.ts';
import { finiteOrNull, metricColumns } from './result-columns.ts';
import { Statements, type Value } from './statements.ts';
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
  readonly #statements: Statements;
  readonly #epochs: EpochWriter;
  readonly #checkpoints: Checkpoints;
  readonly #best: BestTrial;

  constructor(db: Database.Database, checkpoints: Checkpoints, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.#checkpoints = checkpoints;
    this.#statements = new Statements(db);
    this.#epochs = new EpochWriter(this.#statements);
    this.#best = new BestTrial(db);
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

  /** Takes a trial that is queued or running back to a checkpoint, or to its beginning: what lies beyond it goes. */
  rewind(trial: number, epoch: number): void {
    this.#run("UPDATE trial SET epochs = ? WHERE id = ? AND state IN ('queued', 'running')", [epoch, trial]);
    this.#epochs.dropBeyond(trial, epoch);
    this.#checkpoints.dropBeyond(trial, epoch);
  }

  #start({ trial, run, cohort, alone }: Of<'attempt_started'>): void {
    this.#change(trial, 'queued', "UPDATE trial SET state = 'running', attempts = attempts + 1");
    this.#run(
      `INSERT INTO attempt (trial, number, run, cohort, alone, started_at)
       SELECT id, attempts, ?, ?, ?, ? FROM trial WHERE id = ?`,
      [run, cohort, alone ? 1 : 0, this.#now(), trial],
    );
  }

  #place(write: Of<'attempt_placed'>): void {
    const { trial, worker, slot, width, layout, backend, fingerprint, company, resumed_from } = write;
    this.#changeAttempt(
      trial,
      `SET worker = ?, slot = ?, width = ?, layout = ?, backend = ?, fingerprint = ?, company = ?,
       resumed_from_epoch = ?`,
      [worker, slot, width, layout, backend, fingerprint, JSON.stringify(company), resumed_from],
    );
    const reached = this.#reached(trial);
    if (resumed_from > reached) throw illegal(trial, `go on from epoch ${reached} at most`, `epoch ${resumed_from}`);
    if (resumed_from < reached) this.rewind(trial, resumed_from);
  }

  #addEpochs({ trial, metrics, rows, checkpoint }: Of<'epochs'>): void {
    if (rows.length === 0 && !checkpoint) return;
    this.#epochs.add(trial, metrics, rows);
    const reported = rows.flatMap(({ own = {} }) => Object.keys(own));
    if (reported.length > 0) addOwnMetrics(this.#db, this.#facts(trial).sweep, reported);
    // The best and the kept epoch may be told late, after ones that follow them; the checkpoint's may have no row.
    const reached = rows.reduce((last, { epoch }) => Math.max(last, epoch), checkpoint?.epoch ?? 0);
    this.#count(trial, reached, 0);
    this.#change(trial, 'running', 'UPDATE trial SET epochs = max(epochs, ?)', [reached]);
    if (checkpoint) this.#checkpoints.put(trial, checkpoint);
  }

  #end({ trial, end, seconds, metrics, values, own, advice, checkpoint }: Of<'trial_ended'>): TrialFacts {
    const facts = this.#facts(trial);
    this.#count(trial, end.epochs, 1);
    this.#checkpoints.dropBeyond(trial, 0);
    if (end.state === 'completed') {
      const formerBest = this.#best.find(facts.sweep, facts.goal);
      const results = own ?? Object.fromEntries(metrics.map((name, index) => [name, values[index] ?? null]));
      const { objective, gap } = judge(facts, results);
      const stored = own ? ownColumns(own) : { names: metricColumns(metrics), values: values.map(finiteOrNull) };
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
      if (this.#best.find(facts.sweep, facts.goal) === trial) {
        if (formerBest !== undefined) this.#checkpoints.dropBeyond(formerBest, 0);
        if (checkpoint) this.#checkpoints.put(trial, checkpoint);
      }
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

  #lose({ trial, outcome, message, cause }: Of<'attempt_lost'>): void {
    this.#changeAttempt(
      trial,
      `SET outcome = ?, ended_at = ?, message = ?, loss_cause = ?,
       epochs = (SELECT epochs FROM trial WHERE id = attempt.trial)`,
      [outcome, this.#now(), message, cause ?? null],
    );
    this.#change(trial, 'running', "UPDATE trial SET state = 'queued'");
    this.rewind(trial, this.#checkpoints.newestEpoch(trial));
  }

  /** Adds to its run's counters what the trial has newly reached, and its end. Comes before the trial's own update. */
  #count(trial: number, epoch: number, ended: 0 | 1): void {
    this.#run(
      `UPDATE run SET trials = run.trials + ?, epochs = run.epochs + max(0, ? - found.epochs)
       FROM (SELECT run AS id, trial.epochs FROM trial JOIN attempt ON trial = trial.id AND number = attempts WHERE trial.id = ?) AS found
       WHERE run.id = found.id`,
      [ended, epoch, trial],
    );
  }

  /** Two passes, in the order of replicates: the same bits whatever the order in which trials ended. */
  #summarize(sweep: number, config: number): void {
    const completed = "sweep = :sweep AND config = :config AND state = 'completed'";
    this.#statements
      .get(
        `WITH centre AS (
         SELECT count(objective) AS n, avg(objective ORDER BY replicate) AS mean FROM trial WHERE ${completed}
       )
       UPDATE config SET (n, mean, std) = (
         SELECT centre.n, mean,
           iif(centre.n > 1, sqrt(sum((objective - mean) * (objective - mean) ORDER BY replicate) / (centre.n - 1)), NULL)
         FROM centre LEFT JOIN trial ON ${completed}
       )
       WHERE sweep = :sweep AND ordinal = :config`,
      )
      .run({ sweep, config });
  }

  #facts(trial: number): TrialFacts {
    const facts = this.#statements
      .get(
        `SELECT trial.sweep, trial.config, sweep.objective, sweep.goal
         FROM trial JOIN sweep ON sweep.id = trial.sweep WHERE trial.id = ?`,
      )
      .get(trial);
    if (facts === undefined) throw illegal(trial, 'be in the database', 'no such trial');
    return facts as TrialFacts;
  }

  /** The epoch that is recorded of a trial. */
  #reached(trial: number): number {
    return this.#statements.get('SELECT epochs FROM trial WHERE id = ?').pluck().get(trial) as number;
  }

  /** `update` on one trial, which must be in `state`. */
  #change(trial: number, state: TrialState, update: string, values: readonly Value[] = []): void {
    const { changes } = this.#run(`${update} WHERE id = ? AND state = ?`, [...values, trial, state]);
    if (changes === 1) return;
    const found = this.#statements.get('SELECT state FROM trial WHERE id = ?').pluck().get(trial);
    throw illegal(trial, `be ${state}`, found === undefined ? 'no such trial' : `it ${String(found)}`);
  }

  /** Changes the attempt that goes on. */
  #changeAttempt(trial: number, set: string, values: readonly Value[]): void {
    const { changes } = this.#run(
      `UPDATE attempt ${set}
       WHERE attempt.trial = ? AND outcome IS NULL AND number = (SELECT attempts FROM trial WHERE id = attempt.trial)`,
      [...values, trial],
    );
    if (changes !== 1) throw illegal(trial, 'have an attempt that goes on', 'none');
  }

  #run(sql: string, values: Value[]): Database.RunResult {
    return this.#statements.get(sql).run(...values);
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

function illegal(trial: number, must: string, found: string): SweepError {
  return new SweepError('internal', { message: `trial ${trial} must ${must}, but found ${found}` });
}
