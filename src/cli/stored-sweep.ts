/** Prepares a sweep that is in the database already, for `resume` and `retry`: its definition's file is not needed. */

import { readFileSync } from 'node:fs';
import type { Store } from '../../db/store.ts';
import { hasEnded } from '../coordinator/core/trial-states.ts';
import { type PreparedSweep, sweepFiles } from '../coordinator/prepare.ts';
import type { AnySweep } from '../definition/resolved.ts';
import { SweepError } from '../errors.ts';
import { sha256 } from '../sha256.ts';

/** Errors: `SweepError` of code `data` where a file of the sweep has gone or changed. */
export function prepareStored(store: Store, id: number): PreparedSweep {
  const sweep = store.loadSweep(id);
  checkFiles(sweep);
  const trials = store.trials(id);
  return { id, sweep, trials, ended: trials.every(({ state }) => hasEnded(state)) };
}

function checkFiles(sweep: AnySweep): void {
  for (const [hash, file] of Object.entries(sweepFiles(sweep))) {
    const wrong = whatIsWrong(file, hash);
    if (wrong === undefined) continue;
    throw new SweepError('data', {
      position: { file },
      message: `this file of sweep ${sweep.name} must be as it was when the sweep began, but ${wrong}`,
      hint: 'put it back; where it lies elsewhere now, `nightsweep run` with the definition finds it',
    });
  }
}

function whatIsWrong(file: string, hash: string): string | undefined {
  try {
    return sha256(readFileSync(file)) === hash ? undefined : 'it was changed';
  } catch (error) {
    return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}
