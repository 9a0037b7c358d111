/** Opens a database for a change that needs it to be there already. */

import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';

/** @throws SweepError `database` where there is no such database; a store would create one. */
export function existingStore(file: string): Store {
  Reader.open(file).close();
  return Store.open(file);
}
