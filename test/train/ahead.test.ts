/** Steps whose pass was made by the evaluation before them. */

import { beforeAll, describe, expect, test } from 'vitest';
import { TrainingAlone } from '../../scripts/bench/training-alone.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { passesAhead } from '../../workers/train/ahead.ts';
import { Stack } from '../../workers/train/stack.ts';
import { buildDataset, buildProgram, buildTask, type ProgramOptions } from './builders.ts';
import { bits } from './trajectory.ts';

const EPOCHS = 6;
const HIDDEN = { units: 70, activation: 'relu' } as const;
const OUTPUT = { activation: 'sigmoid' } as const;

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

describe('end with the same bits as steps that make their own', () => {
  test.each<[string, ProgramOptions]>([
    ['one hidden layer', {}],
    ['two hidden layers', { layers: [HIDDEN, { units: 5, activation: 'tanh' }, OUTPUT] }],
    [
      'penalties',
      {
        layers: [
          { ...HIDDEN, l2: true, activity_l1: true },
          { ...OUTPUT, l1: true },
        ],
      },
    ],
    ['targets of their own', { label_smoothing: true, class_weight: true }],
    ['clipped and noisy gradients', { clip: { variable_norm: false, global_norm: true, value: false }, noise: { gradients: true, labels: false } }], // prettier-ignore
    ['a history of gradients', { layer_history: { weight_norms: true, gradient_norms: true } }],
    ['a budget of steps', { counts_steps: true }],
  ])('with %s', (_what, options) => {
    const program = buildProgram({
      layers: [HIDDEN, OUTPUT],
      optimizer: { name: 'adam', amsgrad: false, weight_decay: false },
      batch: 'full',
      ...options,
    });
    expect(passesAhead(program, 'flat')).toBe(true);
    const dataset = buildDataset(program);
    const entrants = [0, 1, 2].map((replicate) => ({
      task: buildTask(program, { replicate, hyper: { epochs: 1000, steps: 4 } }),
      dataset,
    }));
    const alone = new TrainingAlone(program, backend, entrants, { layout: 'flat', eager: false });
    const stack = new Stack(program, backend, { layout: 'flat' });
    try {
      stack.seat(entrants.map((enter) => ({ enter })));
      // Two calls: the second begins with a pass of its own.
      stack.run(EPOCHS - 2);
      stack.run(2);
      const expected = alone.trained(EPOCHS)['parameters']!.dataSync<'float32'>();
      const size = expected.length / entrants.length;
      const found = stack.states([0, 1, 2]).map(({ parameters }) => bits(parameters as Float32Array));
      expect(found).toEqual([0, 1, 2].map((slot) => bits(expected.slice(slot * size, (slot + 1) * size))));
    } finally {
      stack.dispose();
      alone.dispose();
    }
  });
});

test.each<[string, ProgramOptions]>([
  ['several steps', { batch: 5 }],
  ['dropout', { layers: [{ ...HIDDEN, dropout: true }, OUTPUT] }],
  ['dropout of the inputs', { input: { noise: false, dropout: true } }],
  ['noise on the inputs', { input: { noise: true, dropout: false } }],
  ['noise on labels', { noise: { gradients: false, labels: true } }],
  ['noise on weights', { layers: [{ ...HIDDEN, weight_noise: true }, OUTPUT] }],
  ['noise after an activation', { layers: [{ ...HIDDEN, noise_after: true }, OUTPUT] }],
  ['means over the batch', { layers: [{ ...HIDDEN, normalization: 'batch_normalization' }, OUTPUT] }],
  ['changed images', { augment: { flip: 'horizontal', shift: false, rotate: false } }],
  ['more rows than are worth a pass for nothing', { parts: { train: 4000, validation: 4, test: 5 } }],
])('are not of epochs with %s', (_what, options) => {
  expect(passesAhead(buildProgram({ layers: [HIDDEN, OUTPUT], batch: 'full', ...options }), 'flat')).toBe(false);
});

test('are of the layout flat alone', () => {
  const program = buildProgram({ batch: 'full' });
  expect((['flat', 'stacked', 'single'] as const).map((layout) => passesAhead(program, layout))).toEqual([true, false, false]); // prettier-ignore
});
