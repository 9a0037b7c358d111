/** What is costly is made anew only when its source has changed, and not before it has paid for itself. */

import { beforeEach, expect, test } from 'vitest';
import { Paced } from '../../../src/dashboard/answers/paced.ts';

const COST = 10;
let now: number;
let made: number;
let paced: Paced<number>;

beforeEach(() => {
  now = 0;
  made = 0;
  paced = new Paced(() => now);
});

function get(version: number, key = 1) {
  return paced.get(key, version, () => {
    now += COST;
    made += 1;
    return made;
  });
}

test('it is kept as long as nothing has changed', () => {
  get(1);
  now += 1e9;
  expect(get(1)).toEqual({ value: 1, stale: false });
});

test('after a change it is kept for 20 times its cost, and called stale', () => {
  get(1);
  now += 20 * COST - 1;
  expect(get(2)).toEqual({ value: 1, stale: true });
  now += 1;
  expect(get(2)).toEqual({ value: 2, stale: false });
});

test('something else is made at once', () => {
  get(1);
  expect(get(1, 2)).toEqual({ value: 2, stale: false });
});
