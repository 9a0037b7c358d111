/** The time that is left: what was said on the way is held against what then happened. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateRemaining } from '../../src/dashboard/eta.ts';
import { SNAPSHOTS, STARTED } from '../frames/snapshots.ts';
import { NO_HISTORY, remember } from '../../src/dashboard/history.ts';
import { playNight, watchNight, type Moment, type NightOptions } from './night.ts';

/** Numbers in [0, 1), always the same. */
function* chances(): Generator<number, never> {
  let state = 7;
  for (;;) {
    state = (state * 48271) % 2147483647;
    yield state / 2147483647;
  }
}

function manyTrials(count: number, trialOf: (chance: () => number) => NightOptions['trials'][number]) {
  const source = chances();
  return Array.from({ length: count }, () => trialOf(() => source.next().value));
}

/** What is said at the moments that lie at these shares of the night, and what is true. */
function toldAt(moments: readonly Moment[], shares: readonly number[]) {
  const end = moments.at(-1)!.second;
  return shares.map((share) => {
    const seen = moments.slice(0, Math.max(1, Math.floor(share * moments.length)));
    const last = seen.at(-1)!;
    return { share, told: estimateRemaining(watchNight(seen), last.snapshot), truth: end - last.second };
  });
}

/** Of the moments at which something is said, those at which the truth lies in the interval. */
function shareRight(options: NightOptions, from = 0.05): number {
  const shares = Array.from({ length: 19 }, (_, index) => (index + 1) / 20).filter((share) => share >= from);
  const said = toldAt(playNight(options), shares).flatMap(({ told, truth }) => (told ? [{ told, truth }] : []));
  expect(said.length).toBeGreaterThan(shares.length / 2);
  return said.filter(({ told, truth }) => told.low <= truth && truth <= told.high).length / said.length;
}

const STEADY: NightOptions = { trials: manyTrials(100, () => ({ length: 40, speed: 4 })), slots: 4, budget: 40 };

describe('the time that is left', () => {
  it('is the rest of the epochs at the speed of a steady run, with a narrow interval', () => {
    for (const { told, truth } of toldAt(playNight(STEADY), [0.1, 0.3, 0.6, 0.9])) {
      expect(told && told.expected / truth).toBeGreaterThan(0.9);
      expect(told && told.expected / truth).toBeLessThan(1.1);
      expect(told && told.high / told.low).toBeLessThan(1.3);
    }
  });

  it('has the truth in its interval where trials stop early', () => {
    const trials = manyTrials(200, (chance) => ({
      length: Math.ceil(400 * Math.min(1, chance() ** 2 + 0.05)),
      speed: 10,
    }));
    expect(shareRight({ trials, slots: 8, budget: 400, earlyStopping: true })).toBeGreaterThanOrEqual(0.9);
  });

  it('has the truth in its interval where trials differ in speed by a factor of a hundred', () => {
    const trials = manyTrials(200, (chance) => ({ length: 50, speed: 0.5 * 100 ** chance() }));
    expect(shareRight({ trials, slots: 8, budget: 50 }, 0.15)).toBeGreaterThanOrEqual(0.8);
  });

  it('does not promise that a long trial at the end takes no longer than the others together', () => {
    const trials = [...manyTrials(31, () => ({ length: 100, speed: 1 })), { length: 1000, speed: 1 }];
    const moments = playNight({ trials, slots: 8, budget: 1000, earlyStopping: true });
    const [late] = toldAt(moments, [0.75]);
    expect(late?.told?.expected).toBeGreaterThan(0.4 * late!.truth);
  });

  it('is wide before any trial has ended, where trials may stop early, and narrow where they may not', () => {
    const options = { trials: manyTrials(64, () => ({ length: 400, speed: 4 })), slots: 8, budget: 400 };
    const early = 0.05;
    const [open] = toldAt(playNight({ ...options, earlyStopping: true }), [early]);
    const [fixed] = toldAt(playNight(options), [early]);
    expect(open?.told && open.told.high / open.told.low).toBeGreaterThan(1.8);
    expect(fixed?.told && fixed.told.high / fixed.told.low).toBeLessThan(1.3);
  });

  it('is not known in the first seconds, when nothing is left, or when nothing runs', () => {
    expect(estimateRemaining(NO_HISTORY, SNAPSHOTS.empty)).toBeNull();
    const moments = playNight(STEADY);
    expect(toldAt(moments, [0.01])[0]?.told).toBeNull();
    const seen = moments.slice(0, moments.length >> 1);
    const history = watchNight(seen);
    const { snapshot } = seen.at(-1)!;
    expect(estimateRemaining(history, snapshot)).not.toBeNull();
    expect(estimateRemaining(history, { ...snapshot, live: false })).toBeNull();
    expect(estimateRemaining(history, moments.at(-1)!.snapshot)).toBeNull();
  });

  it('is always a time within its own interval', () => {
    const trial = fc.record({ length: fc.integer({ min: 0, max: 30 }), speed: fc.constantFrom(0.5, 3, 40) });
    const night = fc.record({
      trials: fc.array(trial, { minLength: 1, maxLength: 20 }),
      slots: fc.integer({ min: 1, max: 6 }),
      budget: fc.constantFrom(30, 60),
      earlyStopping: fc.boolean(),
    });
    fc.assert(
      fc.property(night, fc.double({ min: 0, max: 1, noNaN: true }), (options, share) => {
        const { told } = toldAt(playNight(options), [share])[0]!;
        if (told === null) return;
        expect(told.low).toBeGreaterThanOrEqual(0);
        expect(told.low).toBeLessThanOrEqual(told.expected);
        expect(told.expected).toBeLessThanOrEqual(told.high);
        expect(Number.isFinite(told.high)).toBe(true);
      }),
    );
  });

  it('is vague while a run only stutters', () => {
    const { snapshot } = playNight(STEADY)[0]!;
    const epochs = (second: number): number => (second < 30 ? 0 : 40);
    const history = Array.from({ length: 61 }, (_, second) => second).reduce<ReturnType<typeof watchNight>>(
      (known, second) => remember(known, { ...snapshot, run_epochs: epochs(second) }, STARTED + 1000 * second),
      NO_HISTORY,
    );
    const told = estimateRemaining(history, snapshot)!;
    expect(told.high / told.low).toBeGreaterThan(5);
  });

  it('is vague for somebody who comes late, and has not seen how the speed varied', () => {
    const moments = playNight(STEADY);
    const { snapshot, second } = moments[moments.length >> 1]!;
    const at = STARTED + second * 1000;
    const vitals = { ...SNAPSHOTS.running.vitals!, at, training_seconds: second };
    const told = estimateRemaining(remember(NO_HISTORY, { ...snapshot, vitals }, at), snapshot);
    expect(told!.expected / (moments.at(-1)!.second - second)).toBeCloseTo(1, 0);
    expect(told!.high / told!.low).toBeGreaterThan(1.5);
  });
});
