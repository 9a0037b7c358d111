/** Piscina's entry: loads the backend once per thread, then runs one cohort per call. */

import { threadId, workerData } from 'node:worker_threads';
import type { AttemptEnd, CohortEnd, CohortEvent, CohortTask } from '../src/executor/executor.ts';
import { warmUp } from './backend/warm-up.ts';
import { fingerprint, loadBackend, type Backend } from './backend/backend.ts';
import { Cohort, failedBy } from './cohort.ts';
import { datasets } from './data/cache.ts';
import { layoutOf } from './train/layout.ts';
import { loadNetwork } from './train/module/load.ts';
import type { CohortCall, ToWorker, WorkerSettings } from './protocol.ts';

const { backend: name, loading } = settings(workerData);
const FREE = 0;
const HELD = 1;
/** A thread that was killed while it loaded never lets go: wait no longer than loading can take. */
const LONGEST_LOADING_MILLISECONDS = 120_000;

let loaded: Promise<Backend> | undefined;

// Piscina calls the default export.
export default async function runCohort({ task, port }: CohortCall): Promise<CohortEnd> {
  const backend = await (loaded ??= loadAlone());
  const post = (event: CohortEvent): void => port.postMessage(event);
  try {
    const network = await loadNetwork(task.program, backend.ops).catch((error: unknown) => failedBy(error));
    if (network && 'state' in network) return refuse(task, backend, network, post);
    const dataset = datasets.get.bind(datasets);
    const cohort = new Cohort(task, { backend, dataset, network, post, worker: threadId });
    port.on('message', (message: ToWorker) => {
      if (message.type === 'add') cohort.add(message.trials);
      else cohort.stop();
    });
    return await cohort.run();
  } finally {
    port.close();
  }
}

/** Ends the trials of a program whose module is not sound. */
function refuse(task: CohortTask, backend: Backend, end: AttemptEnd, post: (event: CohortEvent) => void): CohortEnd {
  const { metrics } = task.program;
  const layout = layoutOf(task.program);
  post({
    type: 'cohort_started',
    worker: threadId,
    backend: backend.name,
    fingerprint: fingerprint(backend, layout),
    metrics,
  });
  for (const { trial } of task.trials) post({ type: 'trial_ended', trial, end, seconds: 0, metrics: [] });
  return { reason: 'finished' };
}

/** One thread at a time: the native library keeps a set of attribute names that has no lock and grows with first uses. */
async function loadAlone(): Promise<Backend> {
  const lock = new Int32Array(loading);
  let isHolder = Atomics.compareExchange(lock, 0, FREE, HELD) === FREE;
  while (!isHolder) {
    if (Atomics.wait(lock, 0, HELD, LONGEST_LOADING_MILLISECONDS) === 'timed-out') break;
    isHolder = Atomics.compareExchange(lock, 0, FREE, HELD) === FREE;
  }
  try {
    const backend = await loadBackend(name);
    warmUp(backend);
    return backend;
  } finally {
    if (isHolder) {
      Atomics.store(lock, 0, FREE);
      Atomics.notify(lock, 0, 1);
    }
  }
}

function settings(data: unknown): WorkerSettings {
  if (typeof data === 'object' && data !== null && 'backend' in data && 'loading' in data)
    return data as WorkerSettings;
  throw new Error('a cohort worker must be started with its settings as workerData');
}
