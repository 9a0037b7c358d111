/** The state of a whole sweep in one word. Pure. */

import type { SweepOverview } from '../../db/reader.ts';

export type SweepState = 'running' | 'paused' | 'unfinished' | 'finished';

/** `paused` is held until it is resumed; `unfinished` is what no coordinator works on, though trials are left. */
export function stateOf({ live, pausedAt, states }: Pick<SweepOverview, 'live' | 'pausedAt' | 'states'>): SweepState {
  if (states.queued + states.running + states.paused === 0 && !live) return 'finished';
  if (pausedAt !== null) return 'paused';
  return live ? 'running' : 'unfinished';
}
