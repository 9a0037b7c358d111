/** The speed of a run follows from what was seen of its training; time in which nothing was seen to train does not count. */

import { describe, expect, it } from 'vitest';
import { NO_HISTORY, remember, speedOf, timeOf, totalsAt, type History } from '../../src/dashboard/history.ts';
import type { Snapshot } from '../../src/dashboard/snapshot.ts';
import { SNAPSHOTS, STARTED } from '../frames/snapshots.ts';

const HOUR = 3600;

interface Stretch {
  readonly seconds: number;
  /** Epochs per second. */
  readonly speed: number;
  readonly paused?: boolean;
  /** The machine sleeps, or the display does: nobody looks. */
  readonly unseen?: boolean;
}

/** A run of trials of ten epochs. */
function snapshotAt(epochs: number, paused = false): Snapshot {
  const notice = paused ? 'paused' : null;
  return {
    ...SNAPSHOTS.running,
    vitals: null,
    run_epochs: Math.floor(epochs),
    run_trials: Math.floor(epochs / 10),
    notice,
    running: paused ? [] : SNAPSHOTS.running.running,
  };
}

/** Looks every `gap` seconds at a run that goes on like this. */
function watch(stretches: readonly Stretch[], gap = 0.5): History {
  let history = NO_HISTORY;
  let epochs = 0;
  let second = 0;
  for (const { seconds, speed, paused = false, unseen = false } of stretches) {
    const end = second + seconds;
    for (; second < end; second += gap) {
      if (!unseen) history = remember(history, snapshotAt(epochs, paused), STARTED + second * 1000);
      epochs += speed * gap;
    }
  }
  return remember(history, snapshotAt(epochs), STARTED + second * 1000);
}

describe('the speed of a run', () => {
  it('is what a steady run shows', () => {
    const speed = speedOf(watch([{ seconds: 60, speed: 5 }]));
    expect(speed?.epochs_per_second).toBeCloseTo(5, 1);
    expect(speed?.trials_per_minute).toBeCloseTo(30, 0);
  });

  it('is that of the recent past where it changed', () => {
    const history = watch([
      { seconds: 50, speed: 1 },
      { seconds: 50, speed: 5 },
    ]);
    expect(speedOf(history)?.epochs_per_second).toBeCloseTo(5, 1);
  });

  it('is not known in the first two seconds', () => {
    expect(speedOf(watch([{ seconds: 1, speed: 5 }]))).toBeNull();
    expect(speedOf(NO_HISTORY)).toBeNull();
  });

  it.each([
    ['a pause', { seconds: HOUR, speed: 0, paused: true }],
    ['the machine asleep', { seconds: 8 * HOUR, speed: 0, unseen: true }],
    ['a display that was stopped while the run went on', { seconds: HOUR, speed: 5, unseen: true }],
  ])('is not changed by %s', (_, gap) => {
    const history = watch([{ seconds: 60, speed: 5 }, gap, { seconds: 10, speed: 5 }]);
    expect(speedOf(history)?.epochs_per_second).toBeCloseTo(5, 0);
    expect(timeOf(history) / 1000).toBeCloseTo(70, -1);
  });

  it('goes on to be known after the clock was set back', () => {
    const before = watch([{ seconds: 60, speed: 5 }]);
    const after = [0, 1, 2, 3].reduce<History>(
      (history, second) => remember(history, snapshotAt(300 + 5 * second), STARTED - 1e7 + second * 1000),
      before,
    );
    expect(timeOf(after) - timeOf(before)).toBe(3000);
    expect(speedOf(after)?.epochs_per_second).toBeCloseTo(5, 1);
  });

  it('counts trials that end all at once, between two snapshots that show none in a slot', () => {
    const full = (epochs: number): Snapshot => snapshotAt(epochs);
    const empty = (epochs: number): Snapshot => ({ ...snapshotAt(epochs), running: [] });
    const history = [full(0), empty(160), full(160), empty(320), full(320)].reduce<History>(
      (known, snapshot, second) => remember(known, snapshot, STARTED + second * 1000),
      NO_HISTORY,
    );
    expect(history.samples.at(-1)).toMatchObject({ time: 4000, trials: 32, epochs: 320 });
  });
});

describe('the history of a run', () => {
  it('stays small through a long night, and fades with age but not more', () => {
    const { samples: history } = watch([{ seconds: 8 * HOUR, speed: 0.2 }], 2);
    expect(history.length).toBeLessThan(400);
    const end = history.at(-1)!.time;
    expect(end).toBe(8 * HOUR * 1000);
    for (const [index, { time }] of history.entries()) {
      const next = history[index + 1]?.time ?? end;
      expect(next).toBeGreaterThanOrEqual(time);
      expect(next - time).toBeLessThanOrEqual(Math.max(4000, (end - time) / 10));
    }
  });

  it('starts afresh with a new run', () => {
    const history = watch([{ seconds: 20, speed: 5 }]);
    const resumed = remember(history, { ...snapshotAt(0), started_at: STARTED + 60_000 }, STARTED + 61_000);
    expect(resumed.samples).toMatchObject([{ time: 0, epochs: 0 }]);
  });

  it('begins with what the coordinator knows, for somebody who comes late', () => {
    const { vitals } = SNAPSHOTS.running;
    const late = STARTED + 8 * HOUR * 1000;
    const snapshot = { ...snapshotAt(5000), vitals: { ...vitals!, at: late, training_seconds: 1000 } };
    const history = remember(NO_HISTORY, snapshot, late);
    expect(speedOf(history)?.epochs_per_second).toBeCloseTo(5);
    expect(speedOf(remember(NO_HISTORY, snapshotAt(5000), late))).toBeNull();
  });

  it('knows the totals between two samples', () => {
    const history = watch([{ seconds: 2, speed: 20 }], 2);
    expect(totalsAt(history, 1000)).toMatchObject({ trials: 2, epochs: 20 });
    expect(totalsAt(history, 99_000)).toMatchObject({ trials: 4, epochs: 40 });
  });
});
