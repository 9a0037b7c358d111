/** The leaderboard says what is tied, better or chance, and fits the terminal by leaving out what matters least. */

import { expect, test } from 'vitest';
import { leaderboardTable } from '../../../src/cli/show/leaderboard-table.ts';
import { PLAIN_PAPER } from '../../../src/cli/text/paint.ts';
import type { LeaderboardRow } from '../../../src/dashboard/snapshot.ts';
import type { Analysis } from '../../../src/statistics/analysis-rows.ts';
import { analyse } from '../../../src/statistics/analysis.ts';

/** In the order of the leaderboard; the third is the baseline. */
const RESULTS = [
  [0.95, 0.951, 0.952, 0.95, 0.951],
  [0.949, 0.951, 0.95, 0.952, 0.95],
  [0.8, 0.81, 0.8, 0.81, 0.805],
  [0.7, 0.71, 0.69, 0.7, 0.71],
];
const PARAMS = [
  { learning_rate: 0.0123456789, optimizer: 'adam', dropout: 0.2 },
  { learning_rate: 0.0123456789, optimizer: 'adam', dropout: 0.4 },
  { learning_rate: 0.1, optimizer: 'sgd', dropout: 0 },
  { learning_rate: 1, optimizer: 'sgd', dropout: 0.4 },
];

const analysis: Analysis = {
  ...analyse({
    goal: 'maximize',
    baseline: 2,
    replicates: 5,
    folds: null,
    parameters: Object.keys(PARAMS[0]!),
    written: {},
    params: PARAMS,
    objectives: Float64Array.from(RESULTS.flat()),
    lost: new Int32Array(RESULTS.length),
    measure: { objective: 'test_accuracy', isShare: true, rows: RESULTS.map(() => null) },
  }),
  importance: [
    ['learning_rate', 0.8],
    ['optimizer', 0.01],
    ['dropout', 0.1],
  ].map(([parameter, share]) => ({
    parameter: String(parameter),
    with: null,
    share: Number(share),
    method: 'fanova',
    f: null,
    df: null,
    df_error: null,
    p_value: null,
    p_adjusted: null,
  })),
};

const rows = RESULTS.map((values, config): LeaderboardRow => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { rank: config + 1, config, params: PARAMS[config]!, n: 5, mean, std: 0.005, is_baseline: config === 2 };
});

function table(width?: number): string {
  const parameters = Object.keys(PARAMS[0]!);
  const paper = { ...PLAIN_PAPER, width };
  return leaderboardTable(rows, { parameters, objective: 'test_accuracy', goal: 'maximize', analysis, paper });
}

test('a pipe gets every column and every digit', () => {
  expect(table()).toMatchInlineSnapshot(`
    "rank     config  learning_rate  optimizer  dropout  test_accuracy  +-95 %     std  n  vs baseline
    ----  -  ------  -------------  ---------  -------  -------------  ------  ------  -  --------------
       1          0   0.0123456789  adam           0.2         0.9508  0.0010  0.0050  5  +0.1458 better
       2  =       1   0.0123456789  adam           0.4         0.9504  0.0014  0.0050  5  +0.1454 better
       3          2            0.1  sgd              0         0.8050  0.0062  0.0050  5  baseline
       4          3              1  sgd            0.4         0.7020  0.0104  0.0050  5  -0.1030 worse
    =: the results cannot tell it from the best
    "
  `);
});

test.each([80, 60])('on %i columns parameters that hardly matter go before those that do', (width) => {
  expect(table(width)).toMatchSnapshot();
});

test('it never is wider than the terminal, down to records', () => {
  for (let width = 20; width < 130; width += 1) {
    for (const line of table(width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  }
});

test('where nothing could be compared the baseline is still marked', () => {
  const none = { ...analysis, comparisons: [] };
  const text = leaderboardTable(rows, {
    parameters: [],
    objective: 'test_accuracy',
    goal: 'maximize',
    analysis: none,
    paper: PLAIN_PAPER,
  });
  expect(text.split('\n').filter((line) => line.endsWith('baseline'))).toHaveLength(1);
});
