/** What must hold of a database's file and folder before SQLite touches them, so that nothing is created or overwritten in vain. */

import { accessSync, constants, readFileSync, realpathSync, statSync, statfsSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { SweepError } from '../src/errors.ts';
import { networkFileSystemOf } from './network-mounts.ts';

/** Room for the tables of a sweep and a write-ahead log before its first checkpoint. */
const LEAST_FREE_BYTES = 8 * 2 ** 20;

export interface FileState {
  readonly exists: boolean;
  readonly empty: boolean;
}

/** `file` is absolute. Throws where it is there, but cannot be a database. */
export function checkFile(file: string): FileState {
  checkName(file);
  const stats = statOf(file);
  if (!stats) return { exists: false, empty: true };
  if (stats.isDirectory()) {
    throw problem(
      file,
      'the database must be a file, but this is a folder',
      `give a file in it: --db ${file}/nightsweep.db`,
    );
  }
  if (!stats.isFile()) throw problem(file, 'the database must be an ordinary file', 'give another file with --db');
  if (stats.size === 0) return { exists: true, empty: true };
  // Whether it is SQLite is SQLite's to say: were we to open and close the file here, POSIX would drop the locks that a
  // connection of this process may hold on it (https://sqlite.org/howtocorrupt.html, 2.2).
  if (!allows(file, constants.R_OK)) throw problem(file, 'the database must be readable', 'change its permissions');
  return { exists: true, empty: false };
}

/** Throws unless a database can be created or changed at `file`. */
export function checkWritable(file: string, { exists }: FileState): void {
  const folder = dirname(file);
  const stats = statOf(folder);
  if (!stats)
    throw problem(file, `the database's folder must exist, but ${folder} does not`, `create it: mkdir -p ${folder}`);
  if (!stats.isDirectory()) throw problem(file, `the database must lie in a folder, but ${folder} is none`);
  const network = networkFileSystem(exists ? realpathSync(file) : realpathSync(folder));
  if (network !== undefined) {
    throw problem(
      file,
      `the database must be on a local disk, but this is a network file system (${network}), where SQLite's locks and shared memory do not work`,
      'give a file on a local disk with --db, and copy it here when the sweep has ended',
    );
  }
  if (exists && !allows(file, constants.W_OK)) {
    throw problem(
      file,
      'the database must be writable, but the file is read-only',
      'change its permissions, or give another file with --db',
    );
  }
  if (!allows(folder, constants.W_OK)) {
    throw problem(
      file,
      `the database's folder must be writable, because SQLite keeps its log beside the file, but ${folder} is read-only`,
      'change its permissions, or give another file with --db',
    );
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < LEAST_FREE_BYTES) {
    throw problem(
      file,
      `the disk must have ${LEAST_FREE_BYTES / 2 ** 20} MB free, but it has ${((bavail * bsize) / 2 ** 20).toFixed(1)} MB`,
      'make room, or give a file on another disk with --db',
    );
  }
}

export function problem(file: string, message: string, hint?: string): SweepError {
  return new SweepError('database', { position: { file }, message, ...(hint === undefined ? {} : { hint }) });
}

function checkName(file: string): void {
  // The binding would silently open the trimmed name.
  if (file !== file.trim()) {
    throw problem(file, `the database's name must not begin or end with a blank, but it is '${basename(file)}'`);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTDIR') return undefined;
    throw problem(path, `cannot be looked at (${code})`, 'check the permissions of its folders');
  }
}

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** Only Linux has a mount table to read; elsewhere nothing is known. */
function networkFileSystem(path: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return networkFileSystemOf(path, readFileSync('/proc/self/mountinfo', 'utf8'));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
