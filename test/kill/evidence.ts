/** What a database tells of the kills that its sweep went through, and the tables that must not tell of them. */

import { openForReading } from '../../db/database.ts';

const VIEWS = {
  trial_results: 'sweep, config, replicate',
  learning_curves: 'sweep, config, replicate, epoch',
  layer_history: 'sweep, config, replicate, epoch, layer',
  leaderboard: 'sweep, config',
  comparisons: 'sweep, reference, config',
  main_effects: 'sweep, parameter, level',
  parameter_importance: 'sweep, parameter, with_parameter',
} as const;

/** Every row as text, ordered by its keys; numbers so that they are equal only where their bits are. */
export function resultTables(file: string): Map<string, readonly string[]> {
  return reading(file, (db) => {
    const tables = Object.entries(VIEWS).map(([view, keys]) => {
      const rows = db.prepare(`SELECT * FROM ${view} ORDER BY ${keys}`).all();
      return [view, rows.map((row) => JSON.stringify(row))] as const;
    });
    return new Map(tables);
  });
}

/** The first row of each table that differs, in words; empty where all are the same. */
export function tableDifferences(
  expected: ReadonlyMap<string, readonly string[]>,
  found: ReadonlyMap<string, readonly string[]>,
): string[] {
  return [...expected].flatMap(([view, rows]) => {
    const others = found.get(view) ?? [];
    const index = rows.findIndex((row, place) => row !== others[place]);
    if (index >= 0) return [`${view}: must have\n  ${rows[index]}\nbut has\n  ${others[index] ?? 'nothing'}`];
    return others.length > rows.length ? [`${view}: has ${others.length} rows, but must have ${rows.length}`] : [];
  });
}

export interface Survival {
  /** Coordinators that died while trials ran which later went on from a checkpoint. */
  readonly deathsSurvived: number;
  /** Attempts that died and went on from a checkpoint. */
  readonly attemptsResumed: number;
  /** Attempts that died before their first checkpoint. */
  readonly attemptsRestarted: number;
  /** Epochs that were committed and yet trained again: must be 0. */
  readonly committedEpochsLost: number;
  /** Trials that failed: must be 0, for all are innocent. */
  readonly failed: number;
}

export function survivalOf(file: string): Survival {
  return reading(file, (db) => {
    const survival = db
      .prepare<[], Omit<Survival, 'failed'>>(
        `SELECT count(DISTINCT iif(later.resumed_from_epoch > 0, earlier.run, NULL)) AS deathsSurvived,
           count(*) FILTER (WHERE later.resumed_from_epoch > 0) AS attemptsResumed,
           count(*) FILTER (WHERE later.resumed_from_epoch = 0) AS attemptsRestarted,
           total(max(0, earlier.epochs - later.resumed_from_epoch)) AS committedEpochsLost
         FROM attempt AS earlier JOIN attempt AS later USING (trial)
         WHERE later.number = earlier.number + 1 AND earlier.outcome = 'lost'
           AND later.resumed_from_epoch IS NOT NULL`,
      )
      .get()!;
    const failed = db.prepare<[], number>("SELECT count(*) FROM trial WHERE state = 'failed'").pluck().get()!;
    return { ...survival, failed };
  });
}

/** What a death cost the trials that ran, at most. */
export interface Loss {
  /** Since a trial's newest checkpoint was committed. */
  readonly seconds: number;
  /** Seconds between a trial's newest two checkpoints. */
  readonly interval: number;
}

const NO_LOSS: Loss = { seconds: 0, interval: 0 };

/**
 * Right after the coordinator `pid` was killed. Counts trials that it had given two checkpoints: others have no interval
 * yet, and what an earlier coordinator left running was lost with that one.
 */
export function lossOf(file: string, pid: number, moment: number): Loss {
  return reading(file, (db) =>
    db
      .prepare<{ pid: number; moment: number }, Loss>(
        `SELECT (:moment - max(created_at)) / 1e3 AS seconds, (max(created_at) - min(created_at)) / 1e3 AS interval
         FROM run JOIN attempt ON attempt.run = run.id AND attempt.outcome IS NULL
         JOIN checkpoint ON checkpoint.trial = attempt.trial AND created_at >= attempt.started_at
         WHERE run.pid = :pid GROUP BY attempt.trial HAVING count(*) = 2`,
      )
      .all({ pid, moment })
      .reduce(greater, NO_LOSS),
  );
}

export function greater(a: Loss, b: Loss): Loss {
  return { seconds: Math.max(a.seconds, b.seconds), interval: Math.max(a.interval, b.interval) };
}

function reading<Result>(file: string, work: (db: ReturnType<typeof openForReading>) => Result): Result {
  const db = openForReading(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}
