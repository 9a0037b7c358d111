/** Schedules beyond the recorded ones of `test/golden`: every slot on its own, and the corners. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import type { Program, ScheduleProgram } from '../../workers/train/program.ts';
import { learningRate, plateauEnd, scheduleState } from '../../workers/train/schedules.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { buildProgram } from './builders.ts';
import { hyperTensors, perSlot, type Numbers } from './hyper-tensors.ts';
import { expectSameBits } from './slots.ts';

const started = { initial_learning_rate: 0.1, decay_steps: 7 };
const warmed = { ...started, alpha: 0.1, warmup_target: 0.3 };
const CASES: readonly { readonly schedule: ScheduleProgram; readonly numbers: Numbers }[] = [
  ...[false, true].flatMap((staircase) => [
    { schedule: { name: 'exponential_decay' as const, staircase }, numbers: { ...started, decay_rate: 0.83 } },
    { schedule: { name: 'inverse_time_decay' as const, staircase }, numbers: { ...started, decay_rate: 0.4 } },
  ]),
  ...[false, true].map((cycle) => ({
    schedule: { name: 'polynomial_decay' as const, cycle },
    numbers: { ...started, end_learning_rate: 0.003, power: 1.7 },
  })),
  { schedule: { name: 'cosine_decay', warmup: false }, numbers: { ...started, alpha: 0.05 } },
  { schedule: { name: 'cosine_decay', warmup: true }, numbers: { ...warmed, warmup_steps: 4 } },
  {
    schedule: { name: 'piecewise_constant', pieces: 3 },
    numbers: { 'boundaries.0': 3, 'boundaries.1': 9, 'values.0': 0.3, 'values.1': 0.2, 'values.2': 0.1 },
  },
];

function hyperOf(schedule: ScheduleProgram | null, slots: readonly Numbers[]): Tensors {
  const prefixed = slots.map((numbers) =>
    Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`schedule.${name}`, value])),
  );
  return hyperTensors(buildProgram({ schedule }), prefixed);
}

function ratesOf(schedule: ScheduleProgram, numbers: Numbers, updates: readonly number[]): Float32Array {
  return tf
    .tidy(() => {
      const hyper = hyperOf(
        schedule,
        updates.map(() => numbers),
      );
      return learningRate({ schedule }, perSlot(updates), {}, hyper);
    })
    .dataSync<'float32'>();
}

describe.each(['native', 'wasm', 'cpu'] satisfies BackendName[])('on %s', (backendName) => {
  beforeAll(async () => {
    await loadBackend(backendName);
  });

  test.each(CASES)('$schedule gives a slot the same bits wherever it stands', ({ schedule, numbers }) => {
    expectSameBits((slots) => {
      const own = slots.map((slot) =>
        Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, value * (1 + slot / 37)])),
      );
      const updates = perSlot(slots.map((slot) => 2 * slot + 1));
      return learningRate({ schedule }, updates, {}, hyperOf(schedule, own));
    });
  });
});

describe('in the corners', () => {
  beforeAll(async () => {
    await loadBackend('native');
  });

  test('a warm-up of no steps begins at its target', () => {
    const [first, last] = ratesOf({ name: 'cosine_decay', warmup: true }, { ...warmed, warmup_steps: 0 }, [0, 100]);
    expect(first).toBeCloseTo(0.3, 6);
    expect(last).toBeCloseTo(0.03, 6);
  });

  test('a power of 0 keeps the rate, also where the decay has ended', () => {
    const numbers = { ...started, end_learning_rate: 0.02, power: 0 };
    const rates = ratesOf({ name: 'polynomial_decay', cycle: false }, numbers, [0, 3, 7, 50]);
    rates.forEach((rate) => expect(rate).toBeCloseTo(0.1, 6));
  });

  test('a staircase falls at the multiples of its steps, however many there were', () => {
    const numbers = { initial_learning_rate: 1, decay_steps: 10, decay_rate: 1 };
    const updates = [9_999_989, 9_999_990, 9_999_999, 10_000_000];
    const rates = ratesOf({ name: 'inverse_time_decay', staircase: true }, numbers, updates);
    const expected = [999_998, 999_999, 999_999, 1_000_000].map((steps) => 1 / (1 + steps));
    rates.forEach((rate, i) => expect(rate / expected[i]!).toBeCloseTo(1, 7));
  });

  test('without a schedule the rate is the argument of the optimizer', () => {
    tf.tidy(() => {
      const hyper = { 'optimizer.learning_rate': perSlot([0.25]) };
      expect(learningRate({ schedule: null }, perSlot([4]), {}, hyper).dataSync()[0]).toBe(0.25);
      expect(scheduleState({ schedule: null })).toEqual({});
      expect(plateauEnd({ schedule: null }, {}, {}, hyper)).toEqual({});
    });
  });

  test('each slot has a plateau of its own, and one that never measures a number is reduced like any other', () => {
    const program: Pick<Program, 'schedule'> = { schedule: { name: 'reduce_on_plateau', monitor: 'train_loss' } };
    const numbers = {
      factor: 0.5,
      patience: 2,
      min_delta: 0,
      cooldown: 0,
      min_learning_rate: 0,
      initial_learning_rate: 0.8,
    };
    tf.tidy(() => {
      const hyper = hyperOf(program.schedule, [numbers, { ...numbers, patience: 1 }, numbers]);
      let state: Tensors = Object.fromEntries(
        Object.entries(scheduleState(program)).map(([name, initial]) => [
          name,
          typeof initial === 'number' ? perSlot([initial, initial, initial]) : named(hyper, initial.hyper),
        ]),
      );
      for (const falling of [3, 2, 1]) {
        state = plateauEnd(program, state, { train_loss: perSlot([falling, 1, NaN]) }, hyper);
      }
      const rates = [...learningRate(program, perSlot([0, 0, 0]), state, hyper).dataSync()];
      [0.8, 0.2, 0.4].forEach((rate, slot) => expect(rates[slot]).toBeCloseTo(rate, 6));
    });
  });
});
