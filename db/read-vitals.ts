/** What the coordinator that holds a sweep used lately. */

import type Database from 'better-sqlite3';
import type { Vitals } from '../src/dashboard/snapshot.ts';

/** Milliseconds after which a measurement tells nothing of the present. */
const LONGEST_AGE = 15_000;

/** Of the sweep's newest run; null where nothing was measured within the last seconds before `now`. */
export function readVitals(db: Database.Database, sweep: number, now: number): Vitals | null {
  const row = db
    .prepare<[number, number], { at: number; facts: string }>(
      `SELECT measured_at AS at, facts FROM vitals
       WHERE sweep = ? AND run = (SELECT max(id) FROM run WHERE run.sweep = vitals.sweep) AND measured_at >= ?`,
    )
    .get(sweep, now - LONGEST_AGE);
  // Written by the store from measured vitals.
  return row ? { at: row.at, ...(JSON.parse(row.facts) as Omit<Vitals, 'at'>) } : null;
}
