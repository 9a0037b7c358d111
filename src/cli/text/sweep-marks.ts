/** How the state of a whole sweep is marked on a terminal: by a shape, and by a tone. Pure. */

import type { TrialState } from '../../../db/writes.ts';
import { stateOf, type SweepState } from '../../dashboard/sweep-state.ts';
import type { Glyphs, Tone } from '../../dashboard/theme.ts';

export const STATE_TONES: Readonly<Record<SweepState, Tone>> = {
  running: 'accent',
  paused: 'warning',
  unfinished: 'warning',
  finished: 'plain',
};

/** The trial state whose mark stands for it. */
const MARKS: Readonly<Record<SweepState, TrialState>> = {
  running: 'running',
  paused: 'paused',
  unfinished: 'cancelled',
  finished: 'completed',
};

export function markOf(sweep: Parameters<typeof stateOf>[0], glyphs: Glyphs): string {
  return glyphs.mark[MARKS[stateOf(sweep)]];
}
