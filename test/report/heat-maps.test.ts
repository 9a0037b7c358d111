/** Which pairs of parameters become maps, and what is in their cells. */

import { expect, test } from 'vitest';
import type { ConfigResult } from '../../db/read-results.ts';
import { heatMaps } from '../../src/report/heat-maps.ts';
import type { ImportanceRow } from '../../src/statistics/analysis-rows.ts';

const VALUES = [0, 1];
const PARAMS = VALUES.flatMap((a) => VALUES.flatMap((b) => VALUES.map((c) => ({ a, b, c, idle: 7 }))));
const RESULTS = PARAMS.map(({ a, b, c }, config): ConfigResult => ({ config, n: 2, mean: 4 * a + 2 * b + c, std: 1 }));
const SEARCHED = { parameters: ['a', 'b', 'c', 'idle'], params: PARAMS, definition: {} };

function share(parameter: string, other: string | null, value: number): ImportanceRow {
  const untested = { f: null, df: null, df_error: null, p_value: null, p_adjusted: null };
  return { parameter, with: other, share: value, method: 'anova', ...untested };
}

function pairs(importance: readonly ImportanceRow[]): string[] {
  return heatMaps(SEARCHED, RESULTS, importance).map(({ x, y }) => `${x} ${y}`);
}

test('the pairs that explain most come first, alone and together; what has one value is in none', () => {
  expect(pairs([])).toEqual(['a b', 'a c', 'b c']);
  expect(pairs([share('c', null, 0.7), share('b', null, 0.2), share('a', null, 0.1)])).toEqual(['b c', 'a c', 'a b']);
  expect(pairs([share('c', null, 0.3), share('a', 'b', 0.5)])).toEqual(['a b', 'a c', 'b c']);
});

test('a cell is the mean over the trials of its configs', () => {
  const [map] = heatMaps(SEARCHED, RESULTS, []);
  expect(map).toEqual({
    x: 'a',
    y: 'b',
    x_labels: ['0', '1'],
    y_labels: ['0', '1'],
    cells: [
      { x: 0, y: 0, mean: 0.5, n: 4 },
      { x: 0, y: 1, mean: 2.5, n: 4 },
      { x: 1, y: 0, mean: 4.5, n: 4 },
      { x: 1, y: 1, mean: 6.5, n: 4 },
    ],
  });
});
