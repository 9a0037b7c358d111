/** Epochs that are still to be trained: exact where budgets are, and else no more certain than the data allow. */

import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/dashboard/snapshot.ts';
import { lengthOfTrials, workLeft, type WorkLeft } from '../../src/dashboard/work-left.ts';
import { SNAPSHOTS, states } from '../frames/snapshots.ts';

function leftOf(snapshot: Snapshot): WorkLeft | null {
  const length = lengthOfTrials(snapshot);
  return length && workLeft(snapshot, length);
}

describe('the work that is left', () => {
  function snapshotOf(more: Partial<Snapshot>): Snapshot {
    return { ...SNAPSHOTS.running, trials: 100, epochs_planned: 1000, running: [], ...more };
  }

  it('is exact where no trial can end before its budget, also after a resume from checkpoints', () => {
    const resumed = snapshotOf({ states: states({ completed: 20, queued: 80 }), epochs_done: 207 });
    expect(leftOf(resumed)).toMatchObject({ low: 793, expected: 793, high: 793 });
  });

  it('is less where trials fail early, since others will', () => {
    const failing = snapshotOf({ states: states({ completed: 10, failed: 10, queued: 80 }), epochs_done: 110 });
    const work = leftOf(failing)!;
    expect(work.expected).toBeCloseTo(80 * 5.5);
    expect(work.high).toBeLessThanOrEqual(890);
    expect(work.low).toBeLessThan(work.expected);
  });

  it('is not known of modules that report as often as they like, before one of them has ended', () => {
    const modules = { epochs_planned: 100, states: states({ queued: 100 }), epochs_done: 30 };
    expect(leftOf(snapshotOf(modules))).toBeNull();
    const later = { ...modules, states: states({ completed: 2, queued: 98 }), epochs_done: 60 };
    expect(leftOf(snapshotOf(later))?.expected).toBeCloseTo(98 * 30);
  });
});
