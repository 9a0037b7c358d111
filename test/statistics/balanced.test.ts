/** What can be compared of results with gaps. */

import { expect, test } from 'vitest';
import { balancedPart } from '../../src/statistics/balanced.ts';

const GAP = NaN;

function part(rows: readonly (readonly number[])[], leader: number | null = null) {
  const { configs, replicates, values } = balancedPart(
    { replicates: rows[0]!.length, objectives: Float64Array.from(rows.flat()) },
    leader,
  );
  return { configs: [...configs], replicates, values: [...values] };
}

test('the first replicates, as many as hold the most results', () => {
  const rows = [
    [1, 2, 3, GAP],
    [4, 5, 6, 7],
    [8, 9, 10, GAP],
    [11, GAP, GAP, GAP],
  ];
  expect(part(rows)).toEqual({ configs: [0, 1, 2], replicates: 3, values: [1, 2, 3, 4, 5, 6, 8, 9, 10] });
  expect(part(rows, 0)).toEqual(part(rows));
});

test('the replicates that the leader has, where it has lost one', () => {
  const rows = [
    [1, GAP, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];
  expect(part(rows, 0)).toEqual({ configs: [0, 1, 2], replicates: 2, values: [1, 3, 4, 6, 7, 9] });
});

test('not those of a leader that has hardly any', () => {
  const rows = [
    [GAP, GAP, 3, 4],
    [4, 5, 6, GAP],
    [7, 8, 9, 10],
    [7, 8, 9, GAP],
  ];
  expect(part(rows, 0)).toMatchObject({ configs: [1, 2, 3], replicates: 3 });
  expect(
    part(
      [
        [GAP, 5],
        [1, 2],
        [3, 4],
      ],
      0,
    ),
  ).toMatchObject({ configs: [1, 2], replicates: 2 });
});

test('nothing before there are two replicates of anything', () => {
  expect(
    part([
      [1, GAP],
      [2, GAP],
    ]),
  ).toEqual({ configs: [], replicates: 0, values: [] });
  expect(balancedPart({ replicates: 0, objectives: new Float64Array(0) }, null).configs).toHaveLength(0);
});
