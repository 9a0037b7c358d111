/** What the local executor and a worker thread say to each other. Plain data, but for the ports. */

import type { MessagePort } from 'node:worker_threads';
import type { AnyCohortTask } from '../src/executor/executor.ts';
import type { OwnTask } from './modules/own-task.ts';
import type { TrialTask } from './train/program.ts';

export type BackendName = 'native' | 'wasm' | 'cpu';

/** Piscina's `workerData`. */
export interface WorkerSettings {
  readonly backend: BackendName;
  /** Of a `LoadingLock`. */
  readonly loading: SharedArrayBuffer;
}

/**
 * The argument of the worker's default export, which resolves to a `CohortEnd`.
 * Through `port` the worker posts `CohortEvent`s and receives `ToWorker`s; the caller transfers it and closes it.
 */
export interface CohortCall {
  readonly task: AnyCohortTask;
  readonly port: MessagePort;
}

/** What a worker tells of itself every so often, over its thread's own port: Node 20 cannot ask a thread for it. */
export interface HeapReport {
  readonly worker: number;
  /** Of JavaScript objects. */
  readonly bytes: number;
}

export type ToWorker =
  | { readonly type: 'add'; readonly trials: readonly (TrialTask | OwnTask)[] }
  /** Stop after the running chunk, its rows posted. (`now` is the executor's business: it ends the thread.) */
  | { readonly type: 'stop' };
