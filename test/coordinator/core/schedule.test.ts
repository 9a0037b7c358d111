/** Order, widths and refills: who trains when, and with how many others. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cohortWidth, widestStack } from '../../../src/coordinator/core/cohort-width.ts';
import { orderTrials } from '../../../src/coordinator/core/order.ts';
import { nextGrant, refillCount, type ProgramFacts } from '../../../src/coordinator/core/schedule.ts';
import { nextTrialState } from '../../../src/coordinator/core/trial-states.ts';
import { type Waiter, WaitingTrials } from '../../../src/coordinator/core/waiting.ts';
import type { Program } from '../../../workers/train/program.ts';
import { buildProgram, type LayerOptions } from '../../train/builders.ts';

describe('orderTrials', () => {
  test('holds every config once per replicate, replicate by replicate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 5 }), fc.nat(), (configs, count, seed) => {
        const order = orderTrials(configs, count, seed);
        expect(order.map((place) => place.replicate)).toEqual(
          Array.from({ length: configs * count }, (_, index) => Math.floor(index / configs)),
        );
        const places = new Set(order.map((place) => `${place.config}/${place.replicate}`));
        expect(places.size).toBe(configs * count);
      }),
    );
  });

  test('begins each replicate with the included configs, in their order', () => {
    const order = orderTrials(30, 3, 5, [4, 0, 17, 1]);
    for (const replicate of [0, 1, 2]) {
      const own = order.filter((place) => place.replicate === replicate).map(({ config }) => config);
      expect(own.slice(0, 4)).toEqual([4, 0, 17, 1]);
      expect([...own].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, config) => config));
    }
  });

  test('depends on the seed alone', () => {
    expect(orderTrials(20, 2, 1)).toEqual(orderTrials(20, 2, 1));
    expect(orderTrials(20, 2, 1)).not.toEqual(orderTrials(20, 2, 2));
  });
});

function program(sizes: readonly number[], batch: number): Program {
  const layers = sizes.slice(1).map((units): LayerOptions => ({ units, activation: 'relu' }));
  const [width] = sizes;
  return buildProgram({
    width: width!,
    layers,
    batch,
    parts: { train: batch, validation: 0, test: 100 },
    optimizer: { name: 'adam', amsgrad: false, weight_decay: false },
  });
}

describe('cohort widths', () => {
  test('are smaller for larger networks', () => {
    const widths = [program([2, 5, 5, 5, 5, 5, 1], 32), program([2, 500, 1], 30), program([784, 20, 10], 1000)];
    const [tiny, small, large] = widths.map(widestStack);
    expect(tiny).toBe(64);
    expect(small).toBeGreaterThanOrEqual(8);
    expect(small).toBeLessThanOrEqual(32);
    expect(large).toBe(2);
  });

  test('are 1 where a stack gains nothing', () => {
    expect(widestStack(program([784, 256, 128, 10], 128))).toBe(1);
  });

  test('leave every worker its share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 16 }), (waiting, workers) => {
        const width = cohortWidth(32, waiting, workers);
        const share = Math.ceil(waiting / workers);
        expect(width).toBeLessThanOrEqual(Math.min(32, share));
        // One slot less would take another round; none of the rounds is nearly empty.
        expect(Math.ceil(share / width)).toBe(Math.ceil(share / 32));
        expect(Math.ceil(share / Math.max(1, width - 1)) > Math.ceil(share / 32) || width === 1).toBe(true);
      }),
    );
  });
});

/** Trials of a program in a row from `position` on, all of one replicate. */
function waiters(programIndex: number, count: number, position: number, replicate = 0): Waiter[] {
  return Array.from({ length: count }, (_, index) => ({
    id: position + index,
    program: programIndex,
    replicate,
    position: position + index,
  }));
}

/** The same for all programs, but for those that the free worker has compiled. */
function facts(held: number, widest: number, ...compiled: readonly number[]): ProgramFacts {
  return { held: () => held, widest: () => widest, isCompiled: (index) => compiled.includes(index) };
}

describe('the schedule', () => {
  test('serves the program of the foremost trial', () => {
    const waiting = new WaitingTrials([...waiters(0, 4, 10), ...waiters(1, 4, 2)]);
    expect(nextGrant(waiting, [], facts(0, 2), 1)).toEqual({ program: 1, width: 2, count: 3 });
  });

  test('prefers a program that the worker has compiled, but never to an earlier replicate', () => {
    const waiting = new WaitingTrials([...waiters(0, 1, 0, 1), ...waiters(1, 1, 1, 1), ...waiters(2, 1, 2, 2)]);
    expect(nextGrant(waiting, [], facts(0, 1, 1), 2)?.program).toBe(1);
    expect(nextGrant(waiting, [], facts(0, 1, 0, 1), 2)?.program).toBe(0);
    expect(nextGrant(waiting, [], facts(0, 1, 2), 2)?.program).toBe(0);
  });

  test('shares a program among the workers that other programs leave, at least two', () => {
    const lone = new WaitingTrials(waiters(0, 24, 0));
    expect(nextGrant(lone, [], facts(0, 32), 1)).toEqual({ program: 0, width: 24, count: 24 });
    expect(nextGrant(lone, [], facts(0, 32), 4)).toEqual({ program: 0, width: 6, count: 6 });
    const three = new WaitingTrials([...waiters(0, 24, 0), ...waiters(1, 24, 24), ...waiters(2, 24, 48)]);
    expect(nextGrant(three, [], facts(0, 32), 4)).toEqual({ program: 0, width: 12, count: 12 });
  });

  test('counts what a cohort holds as its share: the next one is as wide', () => {
    const waiting = new WaitingTrials(waiters(0, 80, 0));
    const first = nextGrant(waiting, [], facts(0, 24), 2)!;
    expect(first).toEqual({ program: 0, width: 20, count: 30 });
    waiting.take(0, first.count);
    expect(nextGrant(waiting, [0], facts(first.count, 24), 2)).toEqual({ program: 0, width: 20, count: 30 });
    const last = new WaitingTrials(waiters(0, 3, 0));
    expect(nextGrant(last, [0], facts(20, 24), 2)).toEqual({ program: 0, width: 3, count: 3 });
  });

  test('refills a cohort with later replicates only while no program without a worker waits for earlier ones', () => {
    const waiting = new WaitingTrials([...waiters(0, 4, 10, 1), ...waiters(1, 4, 0, 0)]);
    expect(refillCount(waiting, [0], 0, 4, 1)).toBe(0);
    expect(refillCount(waiting, [0, 1], 0, 4, 2)).toBe(2);
    expect(refillCount(new WaitingTrials(waiters(0, 4, 0)), [0], 0, 9, 1)).toBe(4);
  });
});

describe('waiting trials', () => {
  test('come in the order of their positions, also after some were put back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 500 }), { minLength: 1 }), fc.nat(), (positions, cut) => {
        const all = positions.map((position): Waiter => ({ id: position, program: 0, replicate: 0, position }));
        const waiting = new WaitingTrials(all);
        const taken = waiting.take(0, cut % all.length);
        for (const trial of taken.reverse()) waiting.putBack(trial);
        expect(waiting.take(0, all.length).map((trial) => trial.position)).toEqual(positions.sort((a, b) => a - b));
        expect(waiting.programs()).toEqual([]);
      }),
    );
  });
});

describe('the state table', () => {
  test('never lets a finished trial change', () => {
    expect(() => nextTrialState('completed', 'start')).toThrow('A trial that is completed must not start.');
    expect(() => nextTrialState('failed', 'start')).toThrow('A trial that is failed must not start.');
  });
});
