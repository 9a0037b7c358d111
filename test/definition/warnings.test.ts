/** What is warned about, and what is not. */

import { expect, test } from 'vitest';
import { sweepWarnings } from '../../src/definition/check-sweep.ts';
import { definition, soundly } from './reading.ts';

function warningsOf(sections: Record<string, string>): string[] {
  const { rest, sections: configs } = soundly(definition(sections));
  return sweepWarnings(rest, configs);
}

const threeParts = '{ generator: moons, split: { train: 40, validation: 30, test: 30 } }';
const searchedPenalty = {
  model: '{ layers: [{ units: 8, l2: $l2 }, { units: 1, activation: sigmoid }] }',
  search: '{ l2: { values: [0, 0.1] } }',
};

test.each<readonly [what: string, sections: Record<string, string>, warnings: readonly string[]]>([
  ['nothing', {}, []],
  [
    'ranking by a loss that contains the searched penalty',
    { ...searchedPenalty, data: threeParts, objective: 'validation_loss' },
    [
      'objective: validation_loss contains the penalties, and a penalty is searched: validation_data_loss compares what was learned',
    ],
  ],
  ['ranking by the loss without it', { ...searchedPenalty, data: threeParts, objective: 'validation_data_loss' }, []],
  [
    'choosing a config on the test part for want of a validation part',
    { ...searchedPenalty, objective: 'test_accuracy' },
    ['objective: choosing by test_accuracy flatters the winner; add a validation part'],
  ],
  [
    'choosing a config on the test part beside a validation part',
    { ...searchedPenalty, data: threeParts, objective: 'test_accuracy' },
    ['objective: choosing by test_accuracy flatters the winner; use validation_accuracy'],
  ],
  [
    'stopping and selecting on the test part',
    {
      train:
        '{ loss: binary_crossentropy, optimizer: adam, epochs: 10, early_stopping: { monitor: test_loss }, keep: best }',
    },
    [
      'train.early_stopping.monitor: test_loss stops on the test part, whose figures are then too good',
      'train.keep: test_loss selects the epoch on the test part, whose figures are then too good',
    ],
  ],
  [
    'steering the learning rate by the test part, said or for want of another',
    {
      train:
        '{ loss: binary_crossentropy, optimizer: { name: sgd, learning_rate: { name: reduce_on_plateau, initial_learning_rate: 0.1 } }, epochs: 10 }',
    },
    ['train.optimizer.learning_rate.monitor: test_loss steers by the test part, whose figures are then too good'],
  ],
  [
    'normalizing batches of one row',
    {
      model: '{ layers: [{ units: 8, normalization: batch_normalization }, { units: 1, activation: sigmoid }] }',
      train: '{ loss: binary_crossentropy, optimizer: sgd, epochs: 10, batch_size: 1 }',
    },
    ['train.batch_size: 1 row has no spread, by which batch_normalization divides'],
  ],
  [
    'a transform that learns from all rows',
    { data: '{ generator: moons, transform: { features: { name: standardize, fit_on: all } } }' },
    ['data.transform.features.fit_on: all lets the other parts leak into training'],
  ],
  [
    'folds that are never held out, or more often than others',
    { data: '{ generator: moons, split: { folds: 4 } }', replicates: '6' },
    ['replicates: 6 do not hold out each of the 4 folds equally often; 4 would'],
  ],
  [
    'a space that has fewer configs than are asked for',
    { ...searchedPenalty, data: threeParts, objective: 'validation_accuracy', method: '{ name: random, configs: 3 }' },
    ['method: found only 2 different configs of the 3 asked for'],
  ],
  ['folds that are held out equally often', { data: '{ generator: moons, split: { folds: 4 } }', replicates: '8' }, []],
])('%s', (_, sections, warnings) => {
  expect(warningsOf(sections)).toEqual(warnings);
});
