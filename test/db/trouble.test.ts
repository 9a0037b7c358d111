/** A full disk and a locked file pass, and nothing is lost by them; a file that is gone is noticed, and who keeps the log from shrinking. */

import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Checkpoints } from '../../db/checkpoints.ts';
import { onDatabase, passes } from '../../db/database-error.ts';
import { openForWriting } from '../../db/database.ts';
import { Store } from '../../db/store.ts';
import { TrialWriter } from '../../db/trial-writer.ts';
import type { Write } from '../../db/writes.ts';
import { SweepError } from '../../src/errors.ts';
import { emptyFolder } from '../empty-folder.ts';
import { rowsOf } from './rows.ts';
import { FACTS, checkpointed, createSample, placed, started } from './sample-sweep.ts';

function newStore(): { readonly store: Store; readonly file: string; readonly run: number } {
  const file = join(emptyFolder(), 'a.db');
  const store = Store.open(file);
  return { store, file, run: store.startRun(createSample(store), FACTS) };
}

/** What `work` throws. */
function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('a commit that finds the disk full passes, leaves nothing of it, and succeeds as soon as there is room', () => {
  const { store, file, run } = newStore();
  store.close();
  const db = openForWriting(file);
  const trials = new TrialWriter(db, new Checkpoints(db, Date.now), Date.now);
  const commit = (writes: readonly Write[]): void =>
    onDatabase(file, () => db.transaction(() => trials.apply(writes))());
  commit([started(1, run), placed(1)]);
  const large = [checkpointed(1, 1, 3, new Uint8Array(100_000))];
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages}`);
  const error = errorOf(() => commit(large));
  expect(error).toBeInstanceOf(SweepError);
  expect(passes(error)).toBe('disk_full');
  expect(rowsOf(file, 'SELECT count(*) AS n FROM epoch')).toEqual([{ n: 0 }]);
  db.pragma(`max_page_count = ${pages + 1000}`);
  commit(large);
  expect(rowsOf(file, 'SELECT count(*) AS n FROM epoch')).toEqual([{ n: 3 }]);
  db.close();
});

test('a lock of another program passes, a defect or a damaged file does not', () => {
  const { store, file } = newStore();
  const holder = new Database(file);
  holder.exec('BEGIN IMMEDIATE');
  const impatient = new Database(file, { timeout: 0 });
  const error = errorOf(() => onDatabase(file, () => impatient.exec('BEGIN IMMEDIATE')));
  expect(passes(error)).toBe('locked');
  holder.exec('ROLLBACK');
  expect(errorOf(() => impatient.exec('BEGIN IMMEDIATE; ROLLBACK'))).toBeUndefined();
  expect(passes(errorOf(() => impatient.exec('SELECT * FROM nowhere')))).toBeUndefined();
  expect(passes(errorOf(() => store.write([started(99, 1)])))).toBeUndefined();
  expect(passes(new Error('SQLITE_FULL'))).toBeUndefined();
  holder.close();
  impatient.close();
  store.close();
});

test('a file that was removed or replaced is not there any more', () => {
  const { store, file } = newStore();
  expect(store.isThere()).toBe(true);
  renameSync(file, `${file}.away`);
  expect(store.isThere()).toBe(false);
  copyFileSync(`${file}.away`, file);
  expect(store.isThere()).toBe(false);
  rmSync(file);
  renameSync(`${file}.away`, file);
  expect(store.isThere()).toBe(true);
  store.close();
});

test('the log grows by what is written and is gone when the store is closed', () => {
  const { store, run } = newStore();
  const before = store.walBytes();
  store.write([started(1, run), placed(1), checkpointed(1, 1, 2, new Uint8Array(100_000))]);
  expect(store.walBytes()).toBeGreaterThan(before + 100_000);
  store.close();
  expect(store.walBytes()).toBe(0);
});

test.runIf(process.platform === 'linux')('other processes that have the database open are named', async () => {
  const { store, file } = newStore();
  expect(store.blockingReaders()).toEqual([]);
  const program = `
    const Database = require('better-sqlite3');
    new Database(process.argv[1], { readonly: true }).prepare('SELECT count(*) FROM sweep').get();
    console.log('open');
    process.stdin.resume();`;
  const reader = spawn(process.execPath, ['-e', program, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(reader.stdout, 'data');
  expect(store.blockingReaders()).toEqual([{ pid: reader.pid, name: expect.stringContaining('node') as unknown }]);
  reader.stdin.end();
  await once(reader, 'close');
  expect(store.blockingReaders()).toEqual([]);
  store.close();
});
