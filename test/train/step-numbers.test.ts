/** What the steps of an epoch take by their number, worked out for all of them at once. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { OptimizerProgram, ScheduleProgram } from '../../workers/train/program.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { createTraining } from '../../workers/train/training.ts';
import { buildProgram, buildTask } from './builders.ts';
import { hyperTensors, perSlot } from './hyper-tensors.ts';

const none = { weight_decay: false } as const;
const OPTIMIZERS: readonly OptimizerProgram[] = [
  { name: 'sgd', momentum: false, nesterov: false, weight_decay: true },
  { name: 'sgd', momentum: true, nesterov: true, ...none },
  { name: 'adam', amsgrad: false, ...none },
  { name: 'adam', amsgrad: true, weight_decay: true },
  { name: 'adamax', ...none },
  { name: 'nadam', ...none },
  { name: 'adagrad', ...none },
  { name: 'rmsprop', momentum: false, centered: false, ...none },
  { name: 'rmsprop', momentum: true, centered: true, ...none },
];
const SCHEDULES: readonly (ScheduleProgram | null)[] = [
  null,
  ...[false, true].flatMap((whole): ScheduleProgram[] => [
    { name: 'exponential_decay', staircase: whole },
    { name: 'inverse_time_decay', staircase: whole },
    { name: 'polynomial_decay', cycle: whole },
    { name: 'cosine_decay', warmup: whole },
  ]),
  { name: 'piecewise_constant', pieces: 3 },
  { name: 'reduce_on_plateau', monitor: 'validation_loss' },
];
/** Updates that each slot has made. */
const MADE = [0, 3, 1000];
const STEPS = 7;

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

describe.each(OPTIMIZERS)('$name, momentum $momentum, amsgrad $amsgrad', (optimizer) => {
  test.each(SCHEDULES)('by the schedule %o: the same bits as step by step', (schedule) => {
    tf.tidy(() => {
      const program = buildProgram({ optimizer, schedule });
      const training = createTraining(program, backend.ops, 'stacked');
      const { hyper } = buildTask(program);
      // Betas above 1 would not be any.
      const factorOf = (slot: number): number => 1 - slot / 37;
      const own = MADE.map((_, slot) =>
        Object.fromEntries(Object.entries(hyper).map(([name, value]) => [name, value * factorOf(slot)])),
      );
      const numbers = hyperTensors(program, own);
      const after = (steps: number): Tensors => ({
        t: tf.tensor1d(
          MADE.map((made) => made + steps),
          'int32',
        ),
        'plateau.rate': perSlot([0.1, 0.05, 0.025]),
      });

      const all = training.stepInputs(after(0), numbers, STEPS);
      for (let step = 0; step < STEPS; step += 1) {
        const one = training.stepInputs(after(step), numbers, 1);
        expect(Object.keys(all)).toEqual(Object.keys(one));
        for (const [name, expected] of Object.entries(one)) {
          const found = named(all, name);
          expect(expected.shape).toEqual([MADE.length, 1, 1]);
          const width = found.shape[2]!;
          expect([1, STEPS]).toContain(width);
          const values = found.dataSync();
          const ofStep = MADE.map((_, slot) => values[slot * width + (width === 1 ? 0 : step)]!);
          expect(new Float32Array(ofStep), `${name} of step ${step}`).toEqual(expected.dataSync());
        }
      }
    });
  });
});
