/** The progress bar: how many cells each state of trial gets. Pure. */

import type { TrialState } from '../../db/writes.ts';

/** States from left to right: what is done, what is being done, what is to do. */
export const BAR_ORDER: readonly TrialState[] = [
  'completed',
  'pruned',
  'failed',
  'cancelled',
  'running',
  'paused',
  'queued',
];

export interface BarSegment {
  readonly state: TrialState;
  readonly cells: number;
}

/**
 * Segments that fill `width` cells exactly, in proportion by largest remainder. Every state that has trials gets a
 * cell as long as there are cells for all of them: a single failure must not vanish among thousands.
 */
export function barSegments(states: Readonly<Record<TrialState, number>>, width: number): readonly BarSegment[] {
  const present = BAR_ORDER.filter((state) => states[state] > 0);
  const total = present.reduce((sum, state) => sum + states[state], 0);
  if (total === 0 || width <= 0) return [];
  const least = width >= present.length ? 1 : 0;
  const spare = width - least * present.length;
  const wishes = present.map((state) => Math.max(0, (states[state] / total) * width - least));
  const scale = spare / (wishes.reduce((sum, wish) => sum + wish, 0) || 1);
  const cells = wishes.map((wish) => least + Math.floor(wish * scale));
  const byRemainder = present
    .map((_, index) => index)
    .sort((a, b) => remainder(wishes, b, scale) - remainder(wishes, a, scale));
  const missing = width - cells.reduce((sum, count) => sum + count, 0);
  for (const index of byRemainder.slice(0, missing)) cells[index] = (cells[index] ?? 0) + 1;
  return present.map((state, index) => ({ state, cells: cells[index] ?? 0 })).filter((segment) => segment.cells > 0);
}

function remainder(wishes: readonly number[], index: number, scale: number): number {
  const exact = (wishes[index] ?? 0) * scale;
  return exact - Math.floor(exact);
}
