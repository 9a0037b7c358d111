/** Numbers that follow from a snapshot and that more than one display needs. Pure. */

import type { Snapshot } from './snapshot.ts';

/** Trials that will not change any more. */
export function endedTrials({ states }: Pick<Snapshot, 'states'>): number {
  return states.completed + states.pruned + states.failed + states.cancelled;
}
