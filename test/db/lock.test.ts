/** One coordinator per sweep: the kernel's lock is exclusive, and free at once when its holder is killed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { acquireLock, isLocked, lockFile } from '../../db/lock.ts';
import { emptyFolder } from '../empty-folder.ts';

const HOLDER = fileURLToPath(new URL('../fixtures/hold-lock.ts', import.meta.url));

test('a sweep that nobody ever held is free, and looking leaves no file', () => {
  const file = join(emptyFolder(), 'a.db');
  expect(isLocked(file, 1)).toBe(false);
  expect(existsSync(lockFile(file, 1))).toBe(false);
});

test('a lock excludes a second one of the same process until it is released', () => {
  const file = join(emptyFolder(), 'a.db');
  const lock = acquireLock(file, 1);
  expect(lock).toBeDefined();
  expect(isLocked(file, 1)).toBe(true);
  expect(acquireLock(file, 1)).toBeUndefined();
  lock?.release();
  expect(isLocked(file, 1)).toBe(false);
  const next = acquireLock(file, 1);
  expect(next).toBeDefined();
  next?.release();
});

test('locks of two sweeps, and of two databases, are independent', () => {
  const folder = emptyFolder();
  const locks = [
    acquireLock(join(folder, 'a.db'), 1),
    acquireLock(join(folder, 'a.db'), 2),
    acquireLock(join(folder, 'b.db'), 1),
  ];
  expect(locks.every((lock) => lock !== undefined)).toBe(true);
  for (const lock of locks) lock?.release();
});

test('the file of the lock stays empty, without a journal beside it', () => {
  const file = join(emptyFolder(), 'a.db');
  const lock = acquireLock(file, 1);
  expect(statSync(lockFile(file, 1)).size).toBe(0);
  expect(existsSync(`${lockFile(file, 1)}-journal`)).toBe(false);
  lock?.release();
});

test('another process is excluded while its holder lives, and the lock is free at once after SIGKILL', async () => {
  const file = join(emptyFolder(), 'a.db');
  const holder = spawn(process.execPath, ['--import', 'tsx', HOLDER, file, '1'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(isLocked(file, 1)).toBe(true);
  expect(acquireLock(file, 1)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'close');
  expect(isLocked(file, 1)).toBe(false);
  const lock = acquireLock(file, 1);
  expect(lock).toBeDefined();
  lock?.release();
});
