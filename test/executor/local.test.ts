/** The local executor conforms, with a worker that obeys instead of training. */

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeFailure, localExecutor } from '../../src/executor/local.ts';
import { executorConformance } from '../conformance/executor.ts';

const workerFile = fileURLToPath(new URL('../fixtures/obedient-worker.ts', import.meta.url));

executorConformance('the local executor', (workers) => localExecutor({ workers, backend: 'cpu', workerFile }));

describe('a failure of a worker', () => {
  test.each([
    [Object.assign(new Error('Worker terminated'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }), 'out_of_memory'],
    [new Error('RESOURCE_EXHAUSTED: failed to allocate memory'), 'out_of_memory'],
    [new Error('worker exited with code: 13'), 'error'],
    [new Error('x is not a function'), 'error'],
    ['a thrown text', 'error'],
  ])('%s is %s', (error, kind) => {
    expect(describeFailure(error).kind).toBe(kind);
  });
});
