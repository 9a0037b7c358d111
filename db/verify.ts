/** Checks a database as a whole and the invariants of its sweeps, reading only: also while a sweep runs. */

import type Database from 'better-sqlite3';
import { onDatabase } from './database-error.ts';
import { openForReading } from './database.ts';
import { INVARIANTS, type CheckedSweep, type Finding, type Invariant } from './invariants.ts';
import { noSuchSweep } from './no-such-sweep.ts';

export interface CheckResult {
  readonly name: string;
  /** What must hold, as a sentence without its full stop. */
  readonly must: string;
  readonly counted: number;
  readonly unit: string;
  /** The first of them, as `SWEEP/CONFIG/REPLICATE` or a part of it and what is wrong there. */
  readonly violations: readonly string[];
  /** How many there are in all. */
  readonly violated: number;
  /** What to do where there are some. */
  readonly advice: string;
}

export interface Verification {
  readonly database: readonly CheckResult[];
  readonly sweeps: readonly { readonly id: number; readonly name: string; readonly checks: readonly CheckResult[] }[];
}

/** Of each check: more would only repeat it. */
const SHOWN = 10;

/**
 * @param name of one sweep; all of them without it
 * @throws SweepError `database` where there is no such file or it cannot be read, `usage` where there is no such sweep
 */
export function verify(file: string, name?: string): Verification {
  const db = openForReading(file);
  try {
    return onDatabase(file, () => ({
      database: [integrity(db), foreignKeys(db)],
      sweeps: sweepsToCheck(db, name).map((sweep) => ({
        id: sweep.id,
        name: sweep.name,
        // A transaction for each, since the writer's log grows as long as one is open.
        checks: INVARIANTS.map((invariant) => db.transaction(() => check(db, sweep, invariant))()),
      })),
    }));
  } finally {
    db.close();
  }
}

function sweepsToCheck(db: Database.Database, name: string | undefined): CheckedSweep[] {
  const sweeps = db
    .prepare<[], CheckedSweep>(
      `SELECT id, name, replicates, objective, goal, json_extract(resolved, '$.record.epochs') AS record,
         EXISTS (SELECT 1 FROM config WHERE sweep = sweep.id AND json_type(config.resolved, '$.trial') IS NOT NULL) AS own
       FROM sweep ORDER BY id`,
    )
    .all();
  if (name === undefined) return sweeps;
  const found = sweeps.filter((sweep) => sweep.name === name);
  if (found.length === 0)
    throw noSuchSweep(
      name,
      sweeps.map((sweep) => sweep.name),
    );
  return found;
}

function check(db: Database.Database, sweep: CheckedSweep, invariant: Invariant): CheckResult {
  const { name, must, unit, advice } = invariant;
  return {
    ...gather(invariant.findings(db, sweep), (finding) => `${placeOf(sweep, finding)} ${finding.found}`),
    name,
    must,
    unit,
    advice,
    counted: invariant.count(db, sweep),
  };
}

function placeOf({ name }: CheckedSweep, { config, replicate }: Finding): string {
  return [name, config, replicate].filter((part) => part !== null).join('/');
}

function gather<Item>(
  findings: Iterable<Item>,
  describe: (item: Item) => string,
): Pick<CheckResult, 'violations' | 'violated'> {
  const violations: string[] = [];
  let violated = 0;
  for (const finding of findings) {
    violated += 1;
    if (violated <= SHOWN) violations.push(describe(finding));
  }
  return { violations, violated };
}

const DAMAGED =
  'the file is damaged: stop what runs, copy it away, and try `sqlite3 FILE .recover`; test the disk before going on';

function integrity(db: Database.Database): CheckResult {
  const lines = db.pragma('integrity_check') as { readonly integrity_check: string }[];
  return {
    name: 'pages',
    must: 'the file is whole, and its indexes say what its tables say',
    counted: Number(db.pragma('page_count', { simple: true })),
    unit: 'pages',
    advice: DAMAGED,
    ...gather(
      lines.filter((line) => line.integrity_check !== 'ok'),
      (line) => line.integrity_check,
    ),
  };
}

function foreignKeys(db: Database.Database): CheckResult {
  const tables = db.prepare<[], number>("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get() ?? 0;
  // Tables without rowids have none.
  const lines = db.pragma('foreign_key_check') as { table: string; rowid: number | null; parent: string }[];
  return {
    name: 'references',
    must: 'every row belongs to a sweep, a config or a trial that is there',
    counted: tables,
    unit: 'tables',
    advice: DAMAGED,
    ...gather(
      lines,
      ({ table, rowid, parent }) =>
        `${table}${rowid === null ? '' : `: row ${rowid}`} refers to a row of ${parent} that is not there`,
    ),
  };
}
