/** Trains one trial once more, by itself, up to the state with which it ends. */

import type { CohortEvent } from '../../src/executor/executor.ts';
import type { Backend } from '../backend/backend.ts';
import { Cohort } from '../cohort.ts';
import { datasets } from '../data/cache.ts';
import type { Network } from '../train/network.ts';
import type { Program, TrialTask } from '../train/program.ts';

/**
 * The checkpoint of its end. `listen` hears what a coordinator would.
 * Errors: where the trial does not complete.
 */
export async function trainAgain(
  backend: Backend,
  program: Program,
  network: Network | undefined,
  task: TrialTask,
  listen: (event: CohortEvent) => void,
): Promise<Uint8Array> {
  let ended: Extract<CohortEvent, { type: 'trial_ended' }> | undefined;
  const post = (event: CohortEvent): void => {
    if (event.type === 'wants_trials') cohort.add([]);
    if (event.type === 'trial_ended') ended = event;
    listen(event);
  };
  // Alone and without checkpoints on the way: none of that changes its bits, and the first to end is the best so far.
  const alone = { version: 1, cohort: 0, program, width: 1, trials: [task], checkpointSeconds: Infinity } as const;
  const cohort = new Cohort(alone, { backend, network, dataset: (spec) => datasets.get(spec), post, worker: 0 });
  const end = await cohort.run();
  if (ended?.checkpoint) return ended.checkpoint;
  if (ended?.end.state === 'failed') throw new Error(`trained again, it failed: ${ended.end.message}`);
  throw new Error(`trained again, it did not end: ${end.reason === 'failed' ? end.message : end.reason}`);
}
