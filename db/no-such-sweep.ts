/** The error for a sweep's name that the database does not have. */

import { didYouMean } from '../src/did-you-mean.ts';
import { SweepError } from '../src/errors.ts';

/** Names the nearest sweep, else the newest ones; `names` from old to new. */
export function noSuchSweep(name: string, names: readonly string[]): SweepError {
  const known =
    names.length > 0 ? `there are: ${names.slice(-10).join(', ')}` : 'there are no sweeps in this database yet';
  const hint = didYouMean(name, names) ?? known;
  return new SweepError('usage', { message: `there is no sweep '${name}'`, hint });
}
