/** Speed and remaining time follow from what was seen, and admit what was not. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateRemaining, workLeft } from '../../src/dashboard/eta.ts';
import { remember, speedOf, totalsAt, type History } from '../../src/dashboard/history.ts';
import type { Snapshot } from '../../src/dashboard/snapshot.ts';
import { SNAPSHOTS, STARTED, states } from '../frames/snapshots.ts';

/** A run of 100 trials of 10 epochs, one trial at a time, `epochs` of them trained. */
function runAt(epochs: number, budget = 10): Snapshot {
  const ended = Math.floor(epochs / 10);
  const [running] = SNAPSHOTS.running.running;
  if (!running) throw new Error('the running snapshot has a running trial');
  return {
    ...SNAPSHOTS.running,
    states: states({ completed: ended, running: 1, queued: 99 - ended }),
    trials: 100,
    epochs_done: epochs,
    epochs_planned: 100 * budget,
    run_trials: ended,
    run_epochs: epochs,
    running: [{ ...running, epoch: epochs % 10, epochs: budget }],
  };
}

/** The history of a run at `speed` epochs a second, looked at every half second. */
function historyOf(seconds: number, speed: (second: number) => number, budget?: number): [History, Snapshot] {
  let history: History = [];
  let epochs = 0;
  let snapshot = runAt(0, budget);
  for (let half = 0; half <= 2 * seconds; half += 1) {
    snapshot = runAt(Math.floor(epochs), budget);
    history = remember(history, snapshot, STARTED + half * 500);
    epochs += speed(half / 2) / 2;
  }
  return [history, snapshot];
}

describe('the speed of a run', () => {
  it('is what a steady run shows', () => {
    const [history] = historyOf(60, () => 5);
    expect(speedOf(history)?.epochs_per_second).toBeCloseTo(5, 1);
    expect(speedOf(history)?.trials_per_minute).toBeCloseTo(30, 0);
  });

  it('is that of the recent past where it changed', () => {
    const [history] = historyOf(100, (second) => (second < 50 ? 1 : 5));
    expect(speedOf(history)?.epochs_per_second).toBeCloseTo(5, 1);
  });

  it('is not known in the first two seconds', () => {
    expect(speedOf(historyOf(1, () => 5)[0])).toBeNull();
    expect(speedOf([])).toBeNull();
  });
});

describe('the history of a run', () => {
  it('stays small and in order through a long night', () => {
    const [history] = historyOf(3600, () => 0.2);
    expect(history.length).toBeLessThanOrEqual(240);
    expect(history[0]).toEqual({ at: STARTED, trials: 0, epochs: 0 });
    const times = history.map((sample) => sample.at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('starts afresh with a new run', () => {
    const [history] = historyOf(20, () => 5);
    const resumed = remember(history, { ...runAt(0), started_at: STARTED + 60_000 }, STARTED + 61_000);
    expect(resumed.map((sample) => sample.at)).toEqual([STARTED + 60_000, STARTED + 61_000]);
  });

  it('knows the totals between two samples', () => {
    const history = [
      { at: 0, trials: 0, epochs: 0 },
      { at: 10, trials: 2, epochs: 40 },
    ];
    expect(totalsAt(history, 5)).toEqual({ at: 5, trials: 1, epochs: 20 });
    expect(totalsAt(history, 99)).toEqual({ at: 99, trials: 2, epochs: 40 });
  });
});

describe('the time that is left', () => {
  it('is the rest of the epochs at the speed of a steady run, with a narrow interval', () => {
    const [history, snapshot] = historyOf(60, () => 5);
    const remaining = estimateRemaining(history, snapshot);
    expect(remaining?.expected).toBeCloseTo(140, -0.5);
    expect(remaining && remaining.high / remaining.low).toBeLessThan(1.25);
  });

  it('has a wider interval where the speed varies', () => {
    const steady = estimateRemaining(...historyOf(60, () => 5));
    const varying = estimateRemaining(...historyOf(60, (second) => (Math.floor(second / 10) % 2 ? 1 : 9)));
    expect(varying && varying.high / varying.low).toBeGreaterThan(
      1.5 * ((steady && steady.high / steady.low) ?? Infinity),
    );
  });

  it('has a wider interval where trials end before their budget, since others may not', () => {
    const exact = estimateRemaining(...historyOf(60, () => 5, 10));
    const early = estimateRemaining(...historyOf(60, () => 5, 100));
    expect(early && early.high / early.low).toBeGreaterThan((exact && exact.high / exact.low) ?? Infinity);
  });

  it('is not known before anything was trained, when nothing is left, or when nothing runs', () => {
    expect(estimateRemaining([], SNAPSHOTS.empty)).toBeNull();
    const [history, snapshot] = historyOf(60, () => 5);
    expect(estimateRemaining(history, { ...snapshot, live: false })).toBeNull();
    expect(estimateRemaining(history, { ...snapshot, states: states({ completed: 100 }), running: [] })).toBeNull();
  });

  it('is always within its own interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 90 }), fc.array(fc.nat(10), { minLength: 5 }), (seconds, speeds) => {
        const [history, snapshot] = historyOf(seconds, (second) => speeds[Math.floor(second) % speeds.length] ?? 0, 30);
        const remaining = estimateRemaining(history, snapshot);
        if (remaining === null) return;
        expect(remaining.low).toBeGreaterThan(0);
        expect(remaining.low).toBeLessThanOrEqual(remaining.expected);
        expect(remaining.high).toBeGreaterThanOrEqual(remaining.expected);
        expect(Number.isFinite(remaining.high)).toBe(true);
      }),
    );
  });

  it('counts what running trials have trained, and half of the rest where they outlived the typical trial', () => {
    const base = runAt(105, 40);
    expect(workLeft(base).epochs).toBeCloseTo(89 * 10 + 5);
    const long = { ...base, epochs_done: 120, running: base.running.map((trial) => ({ ...trial, epoch: 20 })) };
    expect(workLeft(long).epochs).toBeCloseTo(89 * 10 + 10);
  });
});
