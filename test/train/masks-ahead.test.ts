/** Masks of dropout, which are drawn for as many steps at once as are not too large. */

import { beforeAll, expect, test } from 'vitest';
import { TrainingAlone } from '../../scripts/bench/training-alone.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { buildDataset, buildProgram, buildTask } from './builders.ts';
import { bits } from './trajectory.ts';

const STEPS = 11;

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

test.each([true, false])('give the same bits however many steps are drawn at once, eagerly: %s', (eager) => {
  const program = buildProgram({
    layers: [{ units: 2000, activation: 'relu', dropout: true }, { activation: 'sigmoid' }],
    batch: 16,
    parts: { train: 16 * STEPS - 5, validation: 4, test: 5 },
  });
  const dataset = buildDataset(program);
  const entrants = Array.from({ length: 64 }, (_, replicate) => ({ task: buildTask(program, { replicate }), dataset }));
  const train = (slots: number): { readonly drawn: readonly number[]; readonly weights: readonly unknown[] } => {
    const drawn: number[] = [];
    const ops: Backend['ops'] = {
      ...backend.ops,
      keepMasks(draw, masks) {
        drawn.push(draw.steps);
        return backend.ops.keepMasks(draw, masks);
      },
    };
    const alone = new TrainingAlone(program, { ...backend, ops }, entrants.slice(0, slots), { layout: 'flat', eager });
    try {
      const trained = alone.trained(2)['parameters']!.dataSync<'float32'>();
      const size = trained.length / slots;
      return { drawn, weights: [0, 1].map((slot) => bits(trained.slice(slot * size, (slot + 1) * size))) };
    } finally {
      alone.dispose();
    }
  };
  const few = train(2);
  const many = train(64);
  expect(new Set(few.drawn)).toEqual(new Set([STEPS]));
  expect(new Set(many.drawn)).toEqual(new Set([2]));
  expect(many.weights).toEqual(few.weights);
});
