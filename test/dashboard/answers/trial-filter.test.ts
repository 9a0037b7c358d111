/** The filter line: what each term lets pass, and what is said of a line that means nothing. */

import { expect, test } from 'vitest';
import { compileFilter } from '../../../src/dashboard/answers/trial-filter.ts';
import { tableOf } from '../trial-table.ts';

const PARAMS = [
  { learning_rate: 0.1, optimizer: 'sgd momentum', momentum: 0.9, bias: true },
  { learning_rate: 0.0001, optimizer: 'adam', bias: false },
  { learning_rate: 0.0312345678, optimizer: 'rmsprop', bias: true },
];
const TABLE = tableOf(PARAMS, [
  { config: 0, replicate: 0, state: 'failed', failure_kind: 'diverged', epoch: 3 },
  { config: 1, replicate: 0, state: 'completed', objective: 0.7, epoch: 10, train_loss: 0.2 },
  { config: 2, replicate: 0, state: 'completed', objective: 0.5, epoch: 10, train_loss: 0.4 },
  { config: 0, replicate: 1, state: 'failed', failure_kind: 'error', epoch: 0 },
  { config: 1, replicate: 1, state: 'running', epoch: 4, train_loss: 0.3 },
  { config: 2, replicate: 1, state: 'queued', epoch: 0 },
]);
const ALL = [0, 1, 2, 3, 4, 5];

function passing(filter: string): number[] {
  const { passes, problem } = compileFilter(filter, TABLE);
  expect(problem).toBeNull();
  return ALL.filter((row) => passes?.(row));
}

test.each<[string, number[]]>([
  ['', ALL],
  ['   ', ALL],
  ['failed', [0, 3]],
  ['FAILED', [0, 3]],
  ['diverged', [0]],
  ['failed error', [3]],
  ['state=completed', [1, 2]],
  ['state!=failed', [1, 2, 4, 5]],
  ['failure_kind=error', [3]],
  ['config=1', [1, 4]],
  ['replicate>=1 config<2', [3, 4]],
  ['trial=3', [2]],
  ['epoch<4', [0, 3, 5]],
  ['objective>0.5', [1]],
  ['objective>=5e-1', [1, 2]],
  ['objective!=0.5', [0, 1, 3, 4, 5]],
  ['train_loss<=0.3', [1, 4]],
  ['learning_rate<0.05', [1, 2, 4, 5]],
  ['learning_rate=1e-4', [1, 4]],
  ['learning_rate==0.0001', [1, 4]],
  // As the table shows it, and as it is.
  ['learning_rate=0.03123', [2, 5]],
  ['learning_rate=0.0312345678', [2, 5]],
  ['learning_rate!=0.03123', [0, 1, 3, 4]],
  ['0.03123', [2, 5]],
  ['optimizer=adam', [1, 4]],
  // Parts of names.
  ['rep>=1', [3, 4, 5]],
  ['learn<0.05 optim=adam', [1, 4]],
  ['optimizer="sgd momentum"', [0, 3]],
  ['optimizer=sgd', []],
  ['bias=true completed', [2]],
  ['momentum=0.9', [0, 3]],
  ['momentum!=0.9', [1, 2, 4, 5]],
  ['momentum>=0', [0, 3]],
  // Words that are neither a state nor a kind are looked for everywhere.
  ['prop', [2, 5]],
  ['1e-4', [1, 4]],
  ['0.0001', [1, 4]],
  ['"sgd mom"', [0, 3]],
  ['fail', [0, 3]],
  ['div', [0]],
  ['nothing-like-this', []],
])('%j lets pass rows %j', (filter, rows) => {
  expect(passing(filter)).toEqual(rows);
});

test.each([
  ['learning-rate<0.1', "nothing is called 'learning-rate'; did you mean learning_rate?"],
  ['stats=failed', "nothing is called 'stats'; did you mean state?"],
  ['loss<1', "'loss' may be train_loss or validation_loss"],
  [
    'colour=red',
    "nothing is called 'colour'; there are learning_rate, optimizer, momentum, bias, trial, config, replicate, state, " +
      'epoch, train_loss, validation_loss, objective, generalisation_gap, failure_kind',
  ],
  ['objective>high', "objective is a number, but 'high' is none"],
  ['config=', "'config=' must go on with a value"],
  ['=3', "'=3' must begin with the name of a column or a parameter"],
  ['optimizer<adam', 'optimizer is text and has no order: ask for optimizer=VALUE or optimizer!=VALUE'],
  ['failed state>failed', 'state is text and has no order: ask for state=VALUE or state!=VALUE'],
])('%j: %s', (filter, problem) => {
  expect(compileFilter(filter, TABLE)).toEqual({ passes: null, problem });
});
