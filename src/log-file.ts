/** Where all that a sweep's processes print goes. */

import { resolve } from 'node:path';

/** Beside the database. */
export function logOf(database: string, sweep: string): string {
  return `${resolve(database)}.${sweep}.log`;
}
