/** The best completed trial of a sweep: by its objective, ties by config, then replicate, in whatever order trials end. */

import type Database from 'better-sqlite3';
import type { Goal } from '../src/metrics.ts';

export class BestTrial {
  readonly #find: Readonly<Record<Goal, Database.Statement<{ sweep: number }, number>>>;

  constructor(db: Database.Database) {
    // Both steps are a seek in the index `best_trial`, however many trials have ended, and tied.
    const completed = "sweep = :sweep AND state = 'completed' AND objective IS NOT NULL";
    const find = (best: 'min' | 'max'): Database.Statement<{ sweep: number }, number> =>
      db
        .prepare<{ sweep: number }, number>(
          `SELECT id FROM trial
           WHERE ${completed} AND objective = (SELECT ${best}(objective) FROM trial WHERE ${completed})
           ORDER BY config, replicate LIMIT 1`,
        )
        .pluck();
    this.#find = { minimize: find('min'), maximize: find('max') };
  }

  /** Undefined where no trial has an objective yet. */
  find(sweep: number, goal: Goal): number | undefined {
    return this.#find[goal].get({ sweep });
  }
}
