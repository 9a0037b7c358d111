/** The executor of one machine: cohorts run in worker threads, one at a time in each, kept by a Piscina pool. */

import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, type Worker, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { BackendName, CohortCall, HeapReport, ToWorker, WorkerSettings } from '../../workers/protocol.ts';
import type {
  AnyCohortTask,
  CohortEnd,
  CohortEvent,
  Executor,
  FailureKind,
  RunningCohort,
  WorkerUse,
} from './executor.ts';
import { ownThreadFile } from '../own-thread.ts';
import { ThreadUse } from './thread-use.ts';

export interface LocalExecutorOptions {
  readonly workers: number;
  readonly backend: BackendName;
  /** Absolute path of the file whose default export runs a `CohortCall`; ours unless a test gives its own. */
  readonly workerFile?: string;
  /** Mebibytes of JavaScript objects that each worker may keep; one that wants more ends as `out_of_memory`. */
  readonly heapLimit?: number;
  /** Errors of threads that had no cohort: worth a line in the log, of no consequence. */
  readonly onError?: (error: unknown) => void;
}

const WORKER = ownThreadFile(new URL('../../workers/cohort-worker.js', import.meta.url));
/** Gets our worker ready; none from the sources, since the hooks that read TypeScript come too late for a thread's first file. */
const READY = WORKER.endsWith('.js') ? fileURLToPath(new URL('../../workers/thread.js', import.meta.url)) : null;

/** Starts its threads at once, which load our worker and its backend while the sweep is being prepared. */
export function localExecutor(options: LocalExecutorOptions): Executor {
  return new LocalExecutor(options);
}

class LocalExecutor implements Executor {
  readonly workers: number;
  readonly #pool: Piscina<CohortCall, CohortEnd>;
  readonly #workerFile: string;
  readonly #loading = new SharedArrayBuffer(4);
  readonly #running = new Set<RunningCohort>();
  readonly #use = new ThreadUse();

  constructor(options: LocalExecutorOptions) {
    const { workers, backend, heapLimit, workerFile = WORKER, onError = () => {} } = options;
    this.workers = workers;
    this.#workerFile = workerFile;
    const workerData: WorkerSettings = { backend, loading: this.#loading };
    this.#pool = new Piscina({
      workerData,
      ...(heapLimit === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapLimit } }),
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: 1,
      // A waiting worker must keep its event loop, or it would never hear a message on a cohort's port.
      atomics: 'disabled',
      // Not the worker's file: a pool whose file fails to load at the start replaces its threads for ever.
      filename: workerFile === WORKER ? READY : null,
    });
    this.#pool.on('error', onError);
    this.#pool.on('message', (message: HeapReport) => this.#use.heard(message));
  }

  start(task: AnyCohortTask, listen: (event: CohortEvent) => void): RunningCohort {
    const { port1: port, port2 } = new MessageChannel();
    const abort = new AbortController();
    let worker: number | undefined;
    const hear = (event: CohortEvent): void => {
      if (event.type === 'cohort_started') ({ worker } = event);
      listen(event);
    };
    port.on('message', hear);
    const call: CohortCall = { task, port: port2 };
    const result = this.#pool.run(call, {
      filename: this.#workerFile,
      transferList: [port2],
      signal: abort.signal,
    });
    let aborted: { readonly end: CohortEnd; readonly gone: Promise<unknown> } | undefined;
    const ended = result
      .then(
        async (end) => {
          // The result comes on another port than the events: read those that are still under way.
          drain(port, hear);
          // A module that did not obey goes on in its thread.
          if (end.reason === 'failed' && end.kind === 'timed_out') await this.#endThread(worker);
          return end;
        },
        async (error: unknown): Promise<CohortEnd> => {
          if (aborted) {
            await aborted.gone;
            return aborted.end;
          }
          drain(port, hear);
          return { reason: 'failed', ...describeFailure(error) };
        },
      )
      .finally(() => {
        port.close();
        this.#running.delete(cohort);
      });
    const post = (message: ToWorker): void => port.postMessage(message);
    const endThread = (end: CohortEnd): void => {
      // An ended cohort's thread may serve another one by now.
      if (aborted || !this.#running.has(cohort)) return;
      // What is still on its way must not be heard any more: the trials are queued again.
      port.off('message', hear);
      aborted = { end, gone: this.#abortAndWait(abort) };
    };
    const cohort: RunningCohort = {
      ended,
      add: (trials) => post({ type: 'add', trials }),
      stop: (when) => {
        if (when === 'chunk') post({ type: 'stop' });
        else endThread({ reason: 'stopped' });
      },
      fail: (kind, message) => endThread({ reason: 'failed', kind, message }),
    };
    this.#running.add(cohort);
    return cohort;
  }

  use(): readonly WorkerUse[] {
    return this.#use.measure(this.#pool.threads);
  }

  async close(): Promise<void> {
    const running = [...this.#running];
    for (const cohort of running) cohort.stop('now');
    await Promise.all(running.map((cohort) => cohort.ended));
    await this.#pool.destroy();
  }

  /** Piscina puts another one in its place. */
  async #endThread(id: number | undefined): Promise<void> {
    await this.#pool.threads.find(({ threadId }) => threadId === id)?.terminate();
  }

  /** Piscina forgets an aborted thread at once, though a native call in it may last: wait until it is really gone. */
  async #abortAndWait(abort: AbortController): Promise<void> {
    const before: readonly Worker[] = this.#pool.threads;
    // A thread that has ended already has no id any more.
    const ids = new Map(before.map((thread) => [thread, thread.threadId]));
    abort.abort();
    const kept = new Set(this.#pool.threads);
    const gone = before.filter((thread) => !kept.has(thread) && ids.get(thread) !== -1);
    await Promise.all(
      gone.map(async (thread) => {
        if (thread.threadId !== -1) await exitOf(thread);
        this.#freeLoading(ids.get(thread)!);
      }),
    );
  }

  /** A thread that was ended while it loaded its backend can no longer let the next one load. */
  #freeLoading(thread: number): void {
    const lock = new Int32Array(this.#loading);
    if (Atomics.compareExchange(lock, 0, thread, 0) === thread) Atomics.notify(lock, 0, 1);
  }
}

/** Not `events.once`, which rejects when the thread tells an error on its way out, such as a full heap. */
function exitOf(thread: Worker): Promise<unknown> {
  return new Promise((resolve) => thread.once('exit', resolve));
}

function drain(port: MessagePort, listen: (event: CohortEvent) => void): void {
  for (;;) {
    const received: { message: CohortEvent } | undefined = receiveMessageOnPort(port);
    if (!received) return;
    listen(received.message);
  }
}

/** Names the failure of a worker from what its thread or its promise died of. */
export function describeFailure(error: unknown): { kind: FailureKind; message: string; stack?: string } {
  if (!(error instanceof Error)) return { kind: 'error', message: String(error) };
  const { message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  const outOfMemory = code === 'ERR_WORKER_OUT_OF_MEMORY' || /RESOURCE_EXHAUSTED|\bOOM\b|out of memory/i.test(message);
  // Piscina's words for a thread that ended by itself. A crash of native code takes the whole process along.
  const exit = /^worker exited with code: (-?\d+)/.exec(message);
  if (exit) {
    return { kind: 'error', message: `a trial must leave its thread alive, but it called process.exit(${exit[1]})` };
  }
  return { kind: outOfMemory ? 'out_of_memory' : 'error', message, ...(stack === undefined ? {} : { stack }) };
}
