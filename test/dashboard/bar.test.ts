/** The bar is always full, and no state vanishes from it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAR_ORDER, barSegments } from '../../src/dashboard/bar.ts';
import { states } from '../frames/snapshots.ts';

const counts = fc.record(Object.fromEntries(BAR_ORDER.map((state) => [state, fc.nat(5000)])));

describe('the progress bar', () => {
  it('fills its width exactly, whatever the counts', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 300 }), (some, width) => {
        const all = states(some);
        const total = BAR_ORDER.reduce((sum, state) => sum + all[state], 0);
        const cells = barSegments(all, width).reduce((sum, segment) => sum + segment.cells, 0);
        expect(cells).toBe(total > 0 ? width : 0);
      }),
    );
  });

  it('shows every state that has trials, where there are cells for all of them', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: BAR_ORDER.length, max: 300 }), (some, width) => {
        const all = states(some);
        const shown = barSegments(all, width).map((segment) => segment.state);
        expect(shown).toEqual(BAR_ORDER.filter((state) => all[state] > 0));
      }),
    );
  });

  it('divides in proportion', () => {
    expect(barSegments(states({ completed: 50, running: 25, queued: 25 }), 40)).toEqual([
      { state: 'completed', cells: 20 },
      { state: 'running', cells: 10 },
      { state: 'queued', cells: 10 },
    ]);
  });

  it('keeps one failure among ten thousand trials visible', () => {
    expect(barSegments(states({ completed: 9999, failed: 1 }), 20)).toEqual([
      { state: 'completed', cells: 19 },
      { state: 'failed', cells: 1 },
    ]);
  });

  it('is empty without trials or without room', () => {
    expect(barSegments(states({}), 20)).toEqual([]);
    expect(barSegments(states({ queued: 3 }), 0)).toEqual([]);
    expect(barSegments(states({ queued: 3 }), -4)).toEqual([]);
  });
});
