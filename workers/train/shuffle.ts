/** The order of the training rows in an epoch: a function of seed, replicate, epoch and number of rows only. */

import { PhiloxStream, streamKey } from '../random/philox.ts';

/** Numbers kept: the same order serves all configs of a replicate. */
const CACHED_ROWS = 1 << 22;

const cache = new Map<string, Int32Array>();
let cachedRows = 0;

/** @param epoch from 1 */
export function epochOrder(seed: number, replicate: number, epoch: number, rows: number): Int32Array {
  const key = `${seed}/${replicate}/${epoch}/${rows}`;
  let order = cache.get(key);
  if (!order) {
    order = new PhiloxStream(streamKey(seed, 'shuffle', replicate), epoch).permutation(rows);
    cachedRows += rows;
    for (const [oldest, { length }] of cache) {
      if (cachedRows <= CACHED_ROWS) break;
      cache.delete(oldest);
      cachedRows -= length;
    }
    cache.set(key, order);
  }
  return order;
}
