/** SQLite's error codes as SweepErrors: what went wrong with the file, and what to do. */

import Database from 'better-sqlite3';
import { SweepError } from '../src/errors.ts';

/** The second where the index that all users of the log share, in the same folder, cannot grow. */
const DISK_FULL = /^SQLITE_(FULL|IOERR_SHMSIZE)/;
const LOCKED = /^SQLITE_(BUSY|LOCKED)/;

const EXPLANATIONS: readonly { readonly code: RegExp; readonly message: string; readonly hint: string }[] = [
  {
    code: /^SQLITE_NOTADB/,
    message: 'must be an SQLite database, but it is something else',
    hint: 'give another file with --db',
  },
  {
    code: /^SQLITE_CORRUPT/,
    message: 'is damaged',
    hint: "try SQLite's own `.recover` on a copy of it",
  },
  {
    // Even a reader of a write-ahead log writes: the index that all its users share.
    code: /^SQLITE_READONLY_(DIRECTORY|CANTINIT)/,
    message: 'must lie in a folder that can be written to, because SQLite keeps its log beside the file',
    hint: 'copy it to another folder, or change the permissions of this one',
  },
  {
    code: /^SQLITE_(READONLY|PERM)/,
    message: 'must be writable, but it is read-only',
    hint: 'change its permissions, or give another file with --db',
  },
  {
    code: /^SQLITE_CANTOPEN/,
    message: 'cannot be opened, nor its log beside it',
    hint: 'check the permissions of the file and of its folder; from a read-only disk, copy it elsewhere',
  },
  {
    code: DISK_FULL,
    message: 'cannot grow: the disk is full',
    hint: 'make room; nothing that was committed is lost',
  },
  {
    code: LOCKED,
    message: 'has been locked by another process for too long',
    hint: 'close other programs that write to it',
  },
  {
    code: /^SQLITE_IOERR/,
    message: 'cannot be read or written: the system reports an input/output error',
    hint: 'check the disk',
  },
];

export function isSqliteError(error: unknown): error is InstanceType<typeof Database.SqliteError> {
  return error instanceof Database.SqliteError;
}

/** `error` as a SweepError of code `database` where SQLite blames the file, else unchanged. SQLite's own error is the `cause`. */
export function databaseError(error: unknown, file: string): unknown {
  if (!isSqliteError(error)) return error;
  const known = EXPLANATIONS.find(({ code }) => code.test(error.code));
  if (!known) return error;
  const translated = new SweepError('database', {
    position: { file },
    message: `the database ${known.message} [${error.code}: ${error.message}]`,
    hint: known.hint,
  });
  translated.cause = error;
  return translated;
}

/** Why a change could not be made just now, where the same change may well succeed later. */
export function passes(error: unknown): 'disk_full' | 'locked' | undefined {
  const cause = error instanceof SweepError ? error.cause : error;
  if (!isSqliteError(cause)) return undefined;
  if (DISK_FULL.test(cause.code)) return 'disk_full';
  return LOCKED.test(cause.code) ? 'locked' : undefined;
}

/** Runs `work` on the database in `file`; SQLite's complaints about the file come out as SweepErrors. */
export function onDatabase<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw databaseError(error, file);
  }
}
