/** How a run is begun where a test has no wishes of its own: what is left to say is the database, the sweep and the log. */

import { defaultMemoryLimit } from '../../src/memory-limit.ts';
import type { FirstRun } from '../../src/supervise-run.ts';

export const PLAIN_RUN = {
  workers: 2,
  backend: 'native',
  deadline: null,
  files: {},
  checkpointSeconds: 0.5,
  memoryLimit: defaultMemoryLimit(),
  share: false,
  portable: false,
} satisfies Partial<FirstRun>;
