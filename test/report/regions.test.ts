/** Decision regions that cannot be drawn. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Store } from '../../db/store.ts';
import { Reader } from '../../db/reader.ts';
import { regionsOf } from '../../src/report/regions.ts';
import { emptyFolder } from '../db/places.ts';
import { createSample } from '../db/sample-sweep.ts';

test('are no error where there is no network, and one that is told where something is wrong', async () => {
  const folder = emptyFolder();
  const file = join(folder, 'a.db');
  const store = Store.open(file);
  createSample(store);
  store.close();
  const reader = Reader.open(file);
  const sweep = reader.sweepNamed('moons');
  reader.close();
  expect(await regionsOf(file, sweep)).toEqual({ regions: null, problem: null });
  expect(await regionsOf(join(folder, 'gone.db'), sweep)).toEqual({
    regions: null,
    problem: expect.stringMatching(/^the decision regions could not be drawn: .*gone\.db there is no such database/),
  });
});
