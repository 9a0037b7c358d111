import { threadId } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { LoadingLock } from '../../workers/loading-lock.ts';

const OTHER = threadId + 1;

test('one thread holds it at a time, and is the only one that lets it go', () => {
  const holder = new SharedArrayBuffer(4);
  const [lock, ids] = [new LoadingLock(holder), new Int32Array(holder)];
  ids[0] = OTHER;
  expect(lock.tryTake()).toBe(false);
  lock.release();
  expect(ids[0]).toBe(OTHER);
  ids[0] = 0;
  expect(lock.tryTake()).toBe(true);
  expect(ids[0]).toBe(threadId);
  lock.release();
  expect(ids[0]).toBe(0);
  lock.take();
  expect(ids[0]).toBe(threadId);
});
