/** The error for a sweep that another process runs already. */

import { SweepError } from '../errors.ts';

export function heldSweep(name: string): SweepError {
  return new SweepError('conflict', {
    message: `sweep ${name} must be run by one process at a time, but another one runs it now`,
    hint: `look on with \`nightsweep watch ${name}\``,
  });
}
