/** What is stored with a trial that diverged names what its config gives reason for, and nothing else. */

import { expect, test } from 'vitest';
import { divergenceAdvice } from '../../src/diagnosis/divergence-advice.ts';
import { moonsData, plainSgd, trainSection } from '../resolved.ts';

const RAW = { ...moonsData(100, 30), target_kind: 'number' } as const;
const STANDARDIZE = { name: 'standardize', fit_on: 'train' } as const;
const SCALED = { ...RAW, transform: { features: STANDARDIZE, target: STANDARDIZE } };
const MSE = trainSection({ loss: { name: 'mse' }, optimizer: plainSgd(10, 0.9) });

test.each([
  [
    'all three causes',
    { data: RAW, train: MSE },
    'try a learning rate below 10, or clip gradients; scale features and target (data.transform); take huber or mae instead of mse',
  ],
  [
    'scaled data and a gentle loss',
    { data: SCALED, train: { ...MSE, loss: { name: 'huber' } } },
    'try a learning rate below 10, or clip gradients',
  ],
  [
    'classes, whose gradients are clipped',
    {
      data: moonsData(100, 30),
      train: trainSection({ clip: { variable_norm: null, global_norm: 1, value: null } }),
    },
    'try a learning rate below 0.1; scale features (data.transform)',
  ],
  [
    'a schedule',
    {
      data: SCALED,
      train: trainSection({
        optimizer: {
          ...plainSgd(1),
          learning_rate: { name: 'piecewise_constant', boundaries: [5], values: [1, 0.1] },
        },
      }),
    },
    'try a schedule of smaller learning rates than piecewise_constant has, or clip gradients',
  ],
] as const)('%s', (_, config, expected) => {
  expect(divergenceAdvice(config)).toBe(expected);
});
