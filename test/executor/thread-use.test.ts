/** How busy threads are: what a thread does shows, also while it does it. */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { ThreadUse } from '../../src/executor/thread-use.ts';

/** Waits inside one call until it is woken, once for each message, as native code does. */
const WAITER = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', () => {
    parentPort.postMessage('busy');
    Atomics.wait(workerData, 0, 0);
    workerData[0] = 0;
    parentPort.postMessage('idle');
  });`;

const threads: Worker[] = [];

afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.terminate()));
});

async function openThread(): Promise<{ readonly thread: Worker; readonly gate: Int32Array }> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(WAITER, { eval: true, workerData: gate });
  threads.push(thread);
  await once(thread, 'online');
  return { thread, gate };
}

test('a thread is busy as long as one call lasts, before that call has ended', async () => {
  const { thread, gate } = await openThread();
  const use = new ThreadUse();
  use.measure([thread]);
  thread.postMessage('work');
  await once(thread, 'message');
  use.measure([thread]);
  // Nothing but the call can happen in between.
  const during = use.measure([thread])[0]!;
  expect(during).toMatchObject({ worker: thread.threadId, busy: 1, heap: null });
  const ended = once(thread, 'message');
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  await ended;
  const after = use.measure([thread])[0]!;
  expect(after.busy).toBeGreaterThan(0);
});

test('a heap is what its worker told last, and is forgotten with the thread', async () => {
  const { thread } = await openThread();
  const use = new ThreadUse();
  const worker = thread.threadId;
  use.heard({ worker, bytes: 10 });
  use.heard({ worker, bytes: 20 });
  expect(use.measure([thread])[0]?.heap).toBe(20);
  expect(use.measure([])).toEqual([]);
  expect(use.measure([thread])[0]?.heap).toBeNull();
});

test('a thread that has ended is not measured', async () => {
  const { thread } = await openThread();
  await thread.terminate();
  expect(new ThreadUse().measure([thread])).toEqual([]);
});
