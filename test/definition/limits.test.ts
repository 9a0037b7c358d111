/** `limits`: what they resolve to, what is refused, and that they never make a sweep another one. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadDefinition } from '../../src/definition/load.ts';
import { NO_LIMITS } from '../../src/definition/resolved.ts';
import { emptyFolder } from '../empty-folder.ts';
import { definition, mistakesIn } from './reading.ts';

const OWN = 'name: own\ntrial: { module: ./trial.mjs }\nobjective: { metric: depth, goal: maximize }\n';

const folder = emptyFolder();
beforeAll(() => writeFileSync(join(folder, 'trial.mjs'), 'export default async () => {};'));

async function load(text: string, ...set: string[]) {
  const file = join(folder, 'a.yaml');
  writeFileSync(file, text);
  return loadDefinition(file, { set });
}

describe('resolved', () => {
  test('there are none unless they are given', async () => {
    expect((await load(definition())).sweep.limits).toEqual(NO_LIMITS);
  });

  test('times are durations or seconds', async () => {
    const { sweep } = await load(definition({ limits: '{ timeout: 1h30m, stall_timeout: 90 }' }));
    expect(sweep.limits).toEqual({ seconds: 5400, stall_seconds: 90, epochs: null });
  });

  test("a module's trials may be limited in their reports", async () => {
    const { sweep } = await load(`${OWN}limits: { epochs: 1000 }`);
    expect(sweep.limits).toEqual({ ...NO_LIMITS, epochs: 1000 });
  });

  test.each([
    ['limits.timeout=2h', 7200],
    ['limits.timeout=0.5', 0.5],
  ])('--set %s', async (setting, seconds) => {
    expect((await load(definition(), setting)).sweep.limits).toEqual({ ...NO_LIMITS, seconds });
  });

  test('they are no part of the identity', async () => {
    const [plain, limited] = [await load(definition()), await load(definition(), 'limits.stall_timeout=5m')];
    expect(limited.hash).toBe(plain.hash);
  });
});

test.each([
  [
    '{ timeout: 2 hours }',
    'a.yaml:5:20 limits.timeout: must be seconds, or a duration such as 90s, 45m or 1h30m, but found "2 hours"',
  ],
  [
    '{ timeout: 0s }',
    'a.yaml:5:20 limits.timeout: must be seconds, or a duration such as 90s, 45m or 1h30m, but found "0s"',
  ],
  ['{ stall_timeout: 0 }', 'a.yaml:5:26 limits.stall_timeout: must be > 0, but found 0'],
  ['{ timout: 1h }', 'a.yaml:5:11 limits.timout: unknown key (did you mean timeout?)'],
  ['1h', 'a.yaml:5:9 limits: must be a map, but found "1h"'],
  [
    '{ epochs: 5 }',
    'a.yaml:5:19 limits.epochs: must be left out beside data, model and train: it is for trials that a module runs (train.epochs is their number of epochs)',
  ],
])('limits: %s is refused', (limits, message) => {
  expect(mistakesIn(definition({ limits }))).toEqual([message]);
});
