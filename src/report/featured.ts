/** Which configs a report shows in detail, and which it samples. Pure. */

import type { LeaderboardRow } from '../dashboard/snapshot.ts';
import type { ParallelRow } from './report-data.ts';

export type FeaturedConfig = Pick<LeaderboardRow, 'config' | 'params' | 'is_baseline'>;

/** The best ones that are shown in detail. */
const LEADERS = 3;
/** Rows of parallel coordinates: the best ones, and an even sample of the others. */
const PARALLEL = { best: 500, others: 1500 } as const;

/** The leaders, the baseline, the one in the middle and the last one, best first. @param rows all configs with a result, best first */
export function featuredConfigs(rows: readonly LeaderboardRow[]): LeaderboardRow[] {
  const middle = rows.length >> 1;
  return rows.filter(
    ({ is_baseline }, index) => is_baseline || index < LEADERS || index === middle || index === rows.length - 1,
  );
}

/** Best first. @param rows all configs with a result, best first */
export function parallelRows(rows: readonly LeaderboardRow[]): ParallelRow[] {
  const best = rows.slice(0, PARALLEL.best);
  const others = rows.slice(PARALLEL.best);
  const step = Math.max(1, others.length / PARALLEL.others);
  const sample = others.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
  return [...best, ...sample].map(({ config, params, mean }) => ({ config, params, mean }));
}
