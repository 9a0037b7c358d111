/** Opens the SQLite file for writing or for reading, after checking that it is what it must be. */

import Database from 'better-sqlite3';
import { resolve } from 'node:path';
import { onDatabase } from './database-error.ts';
import { checkFile, checkWritable, problem } from './file-checks.ts';
import { isLocked } from './lock.ts';
import { APPLICATION_ID, SCHEMA_VERSION, isCurrent, migrate, schemaVersion } from './migrate.ts';

/** Milliseconds that a connection waits for another's lock. */
const BUSY_TIMEOUT = 5000;

/** The write-ahead log is cut back to this after a checkpoint, when a slow reader had made it grow. */
const LOG_SIZE_LIMIT = 64 * 2 ** 20;

/**
 * Opens `file` for writing, creates it where there is none, and brings an older schema up to date.
 * @throws SweepError `database` where that cannot be; nothing is created or overwritten then.
 */
export function openForWriting(file: string): Database.Database {
  const path = resolve(file);
  checkWritable(path, checkFile(path));
  return onDatabase(path, () => {
    const db = new Database(path, { timeout: BUSY_TIMEOUT });
    return closedOnError(db, () => {
      checkOurs(db, path);
      db.pragma('synchronous = NORMAL');
      db.pragma('foreign_keys = ON');
      db.pragma(`journal_size_limit = ${LOG_SIZE_LIMIT}`);
      useWriteAheadLog(db, path);
      migrate(db);
    });
  });
}

/**
 * Opens `file` for reading only; works beside a writer. What an older nightsweep has made is brought up to date first.
 * @throws SweepError `database` where there is no such file, where it is not ours to read, or where it cannot be brought
 * up to date.
 */
export function openForReading(file: string): Database.Database {
  const path = resolve(file);
  const { exists, empty } = checkFile(path);
  if (!exists) {
    throw problem(path, 'there is no such database', 'run a sweep first, or say where its database is with --db');
  }
  if (empty) throw problem(path, 'the database is empty', 'run a sweep first, or say where its database is with --db');
  return onDatabase(path, () => {
    const db = openReadOnly(path);
    if (isCurrent(db)) return db;
    closedOnError(db, () => checkUnused(db, path));
    db.close();
    openForWriting(path).close();
    return openReadOnly(path);
  });
}

function openReadOnly(path: string): Database.Database {
  const db = new Database(path, { readonly: true, timeout: BUSY_TIMEOUT });
  return closedOnError(db, () => checkOurs(db, path));
}

/** A coordinator keeps the schema that it began with. */
function checkUnused(db: Database.Database, path: string): void {
  const running = db
    .prepare<[], { id: number; name: string }>('SELECT id, name FROM sweep ORDER BY id')
    .all()
    .find(({ id }) => isLocked(path, id));
  if (!running) return;
  throw problem(
    path,
    `the database must be brought up to date for this nightsweep, but an older one runs sweep ${running.name} on it`,
    'wait until it has ended, or stop it with the older nightsweep',
  );
}

/** A database of another program, or of a newer nightsweep, is left alone. */
function checkOurs(db: Database.Database, path: string): void {
  const version = schemaVersion(db);
  const application = db.pragma('application_id', { simple: true });
  const objects = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() ?? 0;
  if (application !== APPLICATION_ID && (objects > 0 || version > 0 || db.readonly)) {
    throw problem(
      path,
      'the database must be one of nightsweep, but another program made it; it was left as it is',
      'give another file with --db',
    );
  }
  if (version > SCHEMA_VERSION) {
    throw problem(
      path,
      `the database has schema version ${version}, made by a newer nightsweep, but this one knows versions up to ${SCHEMA_VERSION}; it was left as it is`,
      'use the newer nightsweep, or give another file with --db',
    );
  }
}

function useWriteAheadLog(db: Database.Database, path: string): void {
  const mode = db.pragma('journal_mode', { simple: true });
  // Changing the mode needs the file for itself, so it is not asked for without need.
  if (mode !== 'wal' && db.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
    throw problem(
      path,
      `the database must allow SQLite's write-ahead log, but its file system does not`,
      'give a file on a local disk with --db',
    );
  }
}

function closedOnError(db: Database.Database, prepare: () => void): Database.Database {
  try {
    prepare();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
