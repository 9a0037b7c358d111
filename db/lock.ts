/** The lock that makes a second coordinator of a sweep impossible: held by the kernel, free at once when its process dies. */

import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isSqliteError, onDatabase } from './database-error.ts';

/** Milliseconds: longer than any `isLocked` holds its shared lock. */
const PATIENCE = 500;

export interface Lock {
  release(): void;
}

/** An EXCLUSIVE transaction on a side file of its own: no pids to trust, and it survives suspend. */
export function lockFile(dbFile: string, sweepId: number): string {
  return `${resolve(dbFile)}.${sweepId}.lock`;
}

/** Undefined when another connection, of this or of another process, holds it. The empty file stays when it is released. */
export function acquireLock(dbFile: string, sweepId: number): Lock | undefined {
  const file = lockFile(dbFile, sweepId);
  return onDatabase(file, () => {
    const db = new Database(file, { timeout: PATIENCE });
    try {
      // Nothing is ever written, so no journal file is wanted either.
      db.pragma('journal_mode = MEMORY');
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (isBusy(error)) return undefined;
      throw error;
    }
    return { release: () => void db.close() };
  });
}

/** Whether a coordinator holds the sweep at this moment. */
export function isLocked(dbFile: string, sweepId: number): boolean {
  const file = lockFile(dbFile, sweepId);
  if (!existsSync(file)) return false;
  return onDatabase(file, () => {
    const db = new Database(file, { readonly: true, timeout: 0 });
    try {
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      return false;
    } catch (error) {
      if (isBusy(error)) return true;
      throw error;
    } finally {
      db.close();
    }
  });
}

function isBusy(error: unknown): boolean {
  return isSqliteError(error) && error.code.startsWith('SQLITE_BUSY');
}
