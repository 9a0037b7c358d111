/** The thread that keeps a sweep's analysis up to date while the sweep runs, with a connection of its own. */

import { parentPort, workerData } from 'node:worker_threads';
import { passes } from '../../db/database-error.ts';
import { Store } from '../../db/store.ts';

export interface AnalysisThreadData {
  readonly database: string;
  /** Its id. */
  readonly sweep: number;
}

/** The answer to each message; `trouble` is what will not pass by itself. */
export interface AnalysisDone {
  readonly trouble?: string;
}

const { database, sweep } = workerData as AnalysisThreadData;
let store: Store | undefined;

function refresh(): AnalysisDone {
  try {
    store ??= Store.open(database);
    store.analyse(sweep);
    return {};
  } catch (error) {
    if (passes(error) !== undefined) return {};
    return { trouble: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', () => parentPort?.postMessage(refresh()));
