/** Piscina's entry: loads the backend once per thread, then runs one cohort per call. */

import { createRequire } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { parentPort, threadId, workerData, type MessagePort } from 'node:worker_threads';
import type {
  AnyCohortTask,
  AttemptEnd,
  CohortEnd,
  CohortEvent,
  CohortTask,
  OwnCohortTask,
} from '../src/executor/executor.ts';
import { warmUp } from './backend/warm-up.ts';
import { fingerprint, loadBackend, loadLibrary, type Backend } from './backend/backend.ts';
import { BestObjectives } from './best-objectives.ts';
import { Cohort, type CohortHost } from './cohort.ts';
import { datasets } from './data/cache.ts';
import { failedBy } from './endings.ts';
import { layoutOf } from './train/layout.ts';
import { loadNetwork } from './train/module/load.ts';
import { LoadingLock } from './loading-lock.ts';
import { OWN_LAYOUT, OwnCohort } from './modules/own-cohort.ts';
import type { OwnTask } from './modules/own-task.ts';
import type { TrialTask } from './train/program.ts';
import type { CohortCall, HeapReport, ToWorker, WorkerSettings } from './protocol.ts';

const { backend: name, loading } = settings(workerData);
const HEAP_INTERVAL_MILLISECONDS = 2000;

const best = new BestObjectives();

let loaded: Promise<Backend> | undefined;

setInterval(tellHeap, HEAP_INTERVAL_MILLISECONDS).unref();

/** Ahead of the first cohort. */
export async function load(): Promise<void> {
  await (loaded ??= loadAlone());
}

// Piscina calls the default export.
export default async function runCohort({ task, port }: CohortCall): Promise<CohortEnd> {
  const backend = await (loaded ??= loadAlone());
  try {
    return await (isOwn(task) ? runOwn(task, backend, port) : runTraining(task, backend, port));
  } finally {
    port.close();
  }
}

function isOwn(task: AnyCohortTask): task is OwnCohortTask {
  return 'trial' in task.program;
}

async function runTraining(task: CohortTask, backend: Backend, port: MessagePort): Promise<CohortEnd> {
  const post: CohortHost['post'] = (event, transfer = []) => port.postMessage(event, transfer);
  const network = await loadNetwork(task.program, backend.ops).catch((error: unknown) => failedBy(error));
  if (network && 'state' in network) return refuse(task, backend, network, post);
  const dataset = datasets.get.bind(datasets);
  const cohort = new Cohort(task, { backend, dataset, network, post, worker: threadId, best });
  // The coordinator adds tasks of the program.
  obey(port, { add: (trials) => cohort.add(trials as readonly TrialTask[]), stop: () => cohort.stop() });
  return cohort.run();
}

function runOwn(task: OwnCohortTask, backend: Backend, port: MessagePort): Promise<CohortEnd> {
  const cohort = new OwnCohort(task, {
    backend: backend.name,
    fingerprint: fingerprint(backend, OWN_LAYOUT),
    post: (event) => port.postMessage(event),
    worker: threadId,
  });
  obey(port, { add: (trials) => cohort.add(trials as readonly OwnTask[]), stop: () => cohort.stop() });
  return cohort.run();
}

interface Obedient {
  add(trials: readonly (TrialTask | OwnTask)[]): void;
  stop(): void;
}

function obey(port: MessagePort, cohort: Obedient): void {
  port.on('message', (message: ToWorker) => {
    if (message.type === 'add') cohort.add(message.trials);
    else cohort.stop();
  });
}

/** Ends the trials of a program whose module is not sound. */
function refuse(task: CohortTask, backend: Backend, end: AttemptEnd, post: (event: CohortEvent) => void): CohortEnd {
  const { metrics } = task.program;
  const print = fingerprint(backend, layoutOf(task.program));
  post({ type: 'cohort_started', worker: threadId, backend: backend.name, fingerprint: print, metrics });
  for (const { trial } of task.trials) post({ type: 'trial_ended', trial, end, seconds: 0, metrics: [] });
  return { reason: 'finished' };
}

function tellHeap(): void {
  const report: HeapReport = { worker: threadId, bytes: getHeapStatistics().used_heap_size };
  parentPort?.postMessage(report);
}

/** Threads load the native library one after another. */
async function loadAlone(): Promise<Backend> {
  const lock = new LoadingLock(loading);
  if (name === 'native') readAhead(lock);
  lock.take();
  try {
    const backend = await loadBackend(name);
    warmUp(backend);
    return backend;
  } finally {
    lock.release();
  }
}

/** The first thread brings the native library into the process, which takes longest; meanwhile others read its scripts. */
function readAhead(lock: LoadingLock): void {
  try {
    if (lock.tryTake()) loadLibrary();
    lock.release();
    createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/register_all_kernels');
  } catch {
    lock.release();
    // The backend will say what is missing.
  }
}

function settings(data: unknown): WorkerSettings {
  if (typeof data === 'object' && data !== null && 'backend' in data && 'loading' in data)
    return data as WorkerSettings;
  throw new Error('a cohort worker must be started with its settings as workerData');
}
