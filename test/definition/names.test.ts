/** The names that the definition refuses and those that the database refuses are the same. */

import { expect, test } from 'vitest';
import { parameterNameProblem, sweepNameProblem } from '../../db/names.ts';
import { METRIC_NAMES } from '../../src/metrics.ts';
import { KEY_COLUMNS, RESULT_COLUMNS, SHARED_VIEWS } from '../../src/sql-names.ts';
import { definition, mistakesIn } from './reading.ts';

const sweeps = [
  ...SHARED_VIEWS,
  'main_effects',
  'comparisons',
  'layer_history',
  'trial',
  'config',
  'meta',
  'Upper',
  '-a',
  'a-',
  'a_b',
  '',
];

test.each(sweeps)('a sweep called "%s" is refused by both', (name) => {
  expect(sweepNameProblem(name)).toBeDefined();
  expect(mistakesIn(definition({ name: JSON.stringify(name) }))).toHaveLength(1);
});

test.each([...KEY_COLUMNS, ...RESULT_COLUMNS, METRIC_NAMES[0]!, 'epoch', 'metrics', 'State'])(
  'a parameter called %s is refused by both',
  (name) => {
    expect(parameterNameProblem([name])).toBeDefined();
    const text = definition({
      train: `{ loss: binary_crossentropy, optimizer: adam, epochs: 10, batch_size: $${name} }`,
      search: `{ ${name}: { values: [8, 16] } }`,
    });
    expect(mistakesIn(text)).toHaveLength(1);
  },
);

test('two parameters that differ in case only are refused by both', () => {
  expect(parameterNameProblem(['rate', 'Rate'])).toBeDefined();
  const text = definition({
    model: '{ input: { noise: $rate, dropout: $Rate }, layers: [{ units: 1, activation: sigmoid }] }',
    search: '{ rate: { values: [0, 0.1] }, Rate: { values: [0, 0.1] } }',
  });
  expect(mistakesIn(text)).toHaveLength(1);
});
