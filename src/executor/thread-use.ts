/** How busy worker threads are, seen from outside, and how large their heaps are, as they tell. */

import type { EventLoopUtilization } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';
import type { HeapReport } from '../../workers/protocol.ts';
import type { WorkerUse } from './executor.ts';

/** What is measured of a thread. */
export type MeasuredThread = Pick<Worker, 'threadId' | 'performance'>;

export class ThreadUse {
  readonly #heaps = new Map<number, number>();
  #before: ReadonlyMap<number, EventLoopUtilization> = new Map();

  heard({ worker, bytes }: HeapReport): void {
    this.#heaps.set(worker, bytes);
  }

  /** Since the last call; of a new thread since its start. A thread inside a native call counts as busy all along. */
  measure(threads: readonly MeasuredThread[]): WorkerUse[] {
    // A thread that has ended has no id any more.
    const alive = threads.filter(({ threadId }) => threadId >= 0);
    const now = new Map(alive.map(({ threadId, performance }) => [threadId, performance.eventLoopUtilization()]));
    const uses = alive.map(({ threadId, performance }): WorkerUse => {
      const since = this.#before.get(threadId);
      const current = now.get(threadId)!;
      const { utilization } = since ? performance.eventLoopUtilization(current, since) : current;
      return { worker: threadId, busy: utilization, heap: this.#heaps.get(threadId) ?? null };
    });
    this.#before = now;
    for (const worker of this.#heaps.keys()) if (!now.has(worker)) this.#heaps.delete(worker);
    return uses.toSorted((a, b) => a.worker - b.worker);
  }
}
