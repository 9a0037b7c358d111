/** Brings a database to this version's schema: numbered migrations, then the views. */

import type Database from 'better-sqlite3';
import { readFileSync, readdirSync } from 'node:fs';
import { SHARED_VIEWS } from '../src/sql-names.ts';
import { refreshAnalysis } from './analysis.ts';
import { quoted } from './names.ts';
import { sweepColumns } from './sweep-rows.ts';
import { VIEWS_VERSION, createSweepViews, dropSweepViews } from './views.ts';

/** Marks a file as nightsweep's in SQLite's header: the letters `nswp`. */
export const APPLICATION_ID = 0x6e737770;

const folder = new URL('./migrations/', import.meta.url);
const migrations = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .toSorted();

/** `user_version` of a database that this version writes: the number of migrations. */
export const SCHEMA_VERSION = migrations.length;

export function schemaVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Whether its tables and views are those of this version. */
export function isCurrent(db: Database.Database): boolean {
  return schemaVersion(db) === SCHEMA_VERSION && viewsVersion(db) >= VIEWS_VERSION;
}

/** Applies in one transaction what is missing, then analyses what is there; does nothing, and takes no lock, when nothing is. */
export function migrate(db: Database.Database): void {
  if (isCurrent(db)) return;
  db.transaction(() => {
    // Asked again under the lock: another process may have been faster.
    for (const migration of migrations.slice(schemaVersion(db))) {
      db.exec(readFileSync(new URL(migration, folder), 'utf8'));
    }
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
    if (viewsVersion(db) < VIEWS_VERSION) recreateViews(db);
  }).immediate();
  // An older version may not have kept it.
  for (const { id } of sweepColumns(db)) refreshAnalysis(db, id, Date.now());
}

function viewsVersion(db: Database.Database): number {
  const value = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'views_version'").pluck().get();
  return value === undefined ? 0 : Number(value);
}

function recreateViews(db: Database.Database): void {
  for (const view of SHARED_VIEWS) db.exec(`DROP VIEW IF EXISTS ${quoted(view)}`);
  db.exec(readFileSync(new URL('./views.sql', import.meta.url), 'utf8'));
  for (const columns of sweepColumns(db)) db.exec(dropSweepViews(columns.name) + createSweepViews(columns));
  db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('views_version', ?)").run(String(VIEWS_VERSION));
}
