/** Which of many configs a report shows in detail, and which it samples. */

import { expect, test } from 'vitest';
import type { LeaderboardRow } from '../../src/dashboard/snapshot.ts';
import { featuredConfigs, parallelRows } from '../../src/report/featured.ts';

/** Best first; config and place are the same. */
function rowsOf(count: number, baseline = -1): LeaderboardRow[] {
  return Array.from({ length: count }, (_, config) => {
    return { rank: config + 1, config, params: {}, n: 1, mean: -config, std: null, is_baseline: config === baseline };
  });
}

test.each([
  [0, []],
  [1, [0]],
  [3, [0, 1, 2]],
  [9, [0, 1, 2, 4, 8]],
])('of %i configs %j are shown in detail', (count, configs) => {
  expect(featuredConfigs(rowsOf(count)).map(({ config }) => config)).toEqual(configs);
});

test('the baseline always is', () => {
  expect(featuredConfigs(rowsOf(100, 70)).map(({ config }) => config)).toEqual([0, 1, 2, 50, 70, 99]);
});

test('a few thousand are all in the parallel coordinates; of more the best, and every so many of the others', () => {
  expect(parallelRows(rowsOf(2000))).toHaveLength(2000);
  const configs = parallelRows(rowsOf(10_001)).map(({ config }) => config);
  expect(configs).toHaveLength(2000);
  expect(configs.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, config) => config));
  const steps = new Set(configs.slice(501).map((config, index) => config - configs[500 + index]!));
  expect(steps).toEqual(new Set([6, 7]));
});
