/** Prepares a sweep that is in the database already, for `resume` and `retry`: its definition's file is not needed. */

import type { Store } from '../../../db/store.ts';
import { checkFiles } from '../../coordinator/check-files.ts';
import { hasEnded } from '../../coordinator/core/trial-states.ts';
import type { PreparedSweep } from '../../coordinator/prepare.ts';

/** Errors: `SweepError` of code `data` where a file of the sweep has gone or changed. */
export function prepareStored(store: Store, id: number): PreparedSweep {
  const sweep = store.loadSweep(id);
  checkFiles(sweep);
  const trials = store.trials(id);
  return { id, sweep, trials, ended: trials.every(({ state }) => hasEnded(state)) };
}
