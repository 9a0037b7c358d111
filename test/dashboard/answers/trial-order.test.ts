/** Trials in every order: numbers, texts and states; what is not there comes last, ties by config and replicate. */

import { expect, test } from 'vitest';
import { orderRows } from '../../../src/dashboard/answers/trial-order.ts';
import { tableOf } from '../trial-table.ts';

const PARAMS = [
  { l2: 0.1, optimizer: 'sgd', momentum: 0.9 },
  { l2: 0.002, optimizer: 'adam' },
  { l2: 0.03, optimizer: 'sgd', momentum: 0 },
];
// As they run: replicate by replicate, the configs in a seeded order.
const TABLE = tableOf(PARAMS, [
  { config: 2, replicate: 0, state: 'completed', objective: 0.5, epoch: 10 },
  { config: 0, replicate: 0, state: 'failed', objective: null, epoch: 3 },
  { config: 1, replicate: 0, state: 'completed', objective: 0.7, epoch: 10 },
  { config: 1, replicate: 1, state: 'running', objective: null, epoch: 4 },
  { config: 2, replicate: 1, state: 'completed', objective: 0.5, epoch: 10 },
  { config: 0, replicate: 1, state: 'queued', objective: null, epoch: 0 },
]);

/** Such as `2/0`: config and replicate. */
function places(by: string, descending = false): string[] {
  return [...orderRows(TABLE, { by, descending })].map((row) => `${TABLE.configs[row]}/${TABLE.replicates[row]}`);
}

test.each<[string, boolean, string[]]>([
  ['config', false, ['0/0', '0/1', '1/0', '1/1', '2/0', '2/1']],
  ['config', true, ['2/0', '2/1', '1/0', '1/1', '0/0', '0/1']],
  ['replicate', false, ['0/0', '1/0', '2/0', '0/1', '1/1', '2/1']],
  ['trial', false, ['2/0', '0/0', '1/0', '1/1', '2/1', '0/1']],
  ['objective', false, ['2/0', '2/1', '1/0', '0/0', '0/1', '1/1']],
  ['objective', true, ['1/0', '2/0', '2/1', '0/0', '0/1', '1/1']],
  ['state', false, ['0/1', '1/1', '1/0', '2/0', '2/1', '0/0']],
  ['l2', false, ['1/0', '1/1', '2/0', '2/1', '0/0', '0/1']],
  ['optimizer', false, ['1/0', '1/1', '0/0', '0/1', '2/0', '2/1']],
  ['momentum', false, ['2/0', '2/1', '0/0', '0/1', '1/0', '1/1']],
  ['momentum', true, ['0/0', '0/1', '2/0', '2/1', '1/0', '1/1']],
])('by %s, descending %s', (by, descending, expected) => {
  expect(places(by, descending)).toEqual(expected);
});

test('numbers come before texts of the same parameter', () => {
  const mixed = tableOf(
    [{ x: 'auto' }, { x: 5 }, { x: true }],
    [0, 1, 2].map((config) => ({ config, replicate: 0 })),
  );
  expect([...orderRows(mixed, { by: 'x', descending: false })]).toEqual([1, 0, 2]);
});

test('a column that there is not is refused', () => {
  expect(() => places('colour')).toThrow("one of their columns, but got 'colour'");
});
