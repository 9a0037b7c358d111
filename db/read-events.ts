/** What went wrong in a sweep, and when its runs began and ended. */

import type Database from 'better-sqlite3';
import type { FailedTrialRow, LogLine, Queries } from '../src/dashboard/queries.ts';
import { failedLine, lostLine, runBegunLine, runEndedLine } from '../src/event-lines.ts';
import { parseParams } from './read-sweep.ts';

type FailureKinds = Queries['failures']['answer']['kinds'];

/** Newest first, by place in the order of execution. */
export function readFailedTrials(
  db: Database.Database,
  sweep: number,
  { offset, count }: { readonly offset: number; readonly count: number },
): FailedTrialRow[] {
  return db
    .prepare<[number, number, number], Omit<FailedTrialRow, 'params'> & { readonly params: string }>(
      `SELECT trial.id AS trial, trial.config, trial.replicate, params, trial.failure_kind AS kind, trial.epochs AS epoch,
         last_loss, ifnull(message, '') AS message, advice, stack
       FROM (SELECT id FROM trial WHERE sweep = ? AND state = 'failed' ORDER BY id DESC LIMIT ? OFFSET ?) AS page
       JOIN trial ON trial.id = page.id
       JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
       JOIN attempt ON attempt.trial = trial.id AND attempt.number = trial.attempts
       ORDER BY trial.id DESC`,
    )
    .all(sweep, count, offset)
    .map((row) => ({ ...row, params: parseParams(row.params) }));
}

export function countFailedTrials(db: Database.Database, sweep: number): number {
  return db
    .prepare<[number], number>("SELECT count(*) FROM trial WHERE sweep = ? AND state = 'failed'")
    .pluck()
    .get(sweep)!;
}

/** The commonest first. */
export function readFailureKinds(db: Database.Database, sweep: number): FailureKinds {
  return db
    .prepare<[number], FailureKinds[number]>(
      `SELECT failure_kind AS kind, count(*) AS trials FROM trial
       WHERE sweep = ? AND state = 'failed' GROUP BY failure_kind ORDER BY trials DESC, kind`,
    )
    .all(sweep);
}

interface RunRow {
  readonly id: number;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly outcome: string | null;
  readonly workers: number;
  readonly backend: string;
}

interface AttemptRow {
  readonly at: number;
  readonly config: number;
  readonly replicate: number;
  readonly outcome: 'failed' | 'lost' | 'retried';
  readonly kind: string | null;
  readonly epoch: number | null;
  readonly message: string | null;
}

/** More lines than this are left out, the oldest. */
const MOST_ATTEMPTS = 10_000;

/** What can be told of a sweep without its log, newest first: the beginnings and ends of its runs, and what was lost or failed. */
export function readTimeline(db: Database.Database, sweep: number): LogLine[] {
  const runs = db
    .prepare<[number], RunRow>('SELECT id, started_at, ended_at, outcome, workers, backend FROM run WHERE sweep = ?')
    .all(sweep);
  const attempts = db
    .prepare<[number, number], AttemptRow>(
      `SELECT ended_at AS at, config, replicate, outcome, attempt.failure_kind AS kind, attempt.epochs AS epoch, message
       FROM trial JOIN attempt ON attempt.trial = trial.id
       WHERE trial.sweep = ? AND outcome IN ('failed', 'lost', 'retried')
       ORDER BY ended_at DESC, trial.id DESC LIMIT ?`,
    )
    .all(sweep, MOST_ATTEMPTS);
  return [...runs.flatMap(runLines), ...attempts.map(attemptLine)].sort((a, b) => b.at - a.at);
}

function runLines({ id, started_at, ended_at, outcome, workers, backend }: RunRow): LogLine[] {
  const begun: LogLine = { at: started_at, level: 'info', message: runBegunLine(id, workers, backend) };
  if (ended_at === null) return [begun];
  const level = outcome === 'failed' ? 'error' : 'info';
  return [begun, { at: ended_at, level, message: runEndedLine(id, outcome) }];
}

function attemptLine({ at, outcome, kind, epoch, message, ...place }: AttemptRow): LogLine {
  const line =
    outcome === 'failed' ? failedLine(place, { kind: kind ?? 'error', epoch, message }) : lostLine(place, message);
  return { at, level: 'warning', message: line };
}
