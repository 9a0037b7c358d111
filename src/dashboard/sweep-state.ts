/** The state of a whole sweep in one word. Pure. */

import type { SweepOverview } from '../../db/reader.ts';

/** `running`, `finished`, or `unfinished` when no coordinator works on the rest. */
export function stateOf({ live, states }: Pick<SweepOverview, 'live' | 'states'>): string {
  if (live) return 'running';
  return states.queued + states.running + states.paused === 0 ? 'finished' : 'unfinished';
}
