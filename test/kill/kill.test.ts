/** A short kill test; `npm run kill-test -- --rounds 25` is the long one. */

import { expect, test } from 'vitest';
import { killedRun, undisturbedRun } from './round.ts';

const SEED = 2;

test('a sweep that is killed again and again ends with the bytes of one that was left alone', async () => {
  const undisturbed = await undisturbedRun();
  expect(undisturbed.tables.get('trial_results')).toHaveLength(48);
  const round = await killedRun(0, SEED, undisturbed);
  expect(round.problems).toEqual([]);
  const { coordinator, supervisor, both } = round.kills;
  expect(coordinator + supervisor + both + round.faults.commit + round.faults.refill).toBeGreaterThan(0);
}, 120_000);
