/** Data are loaded once, and the least recently used go first. */

import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DatasetCache } from '../../workers/data/cache.ts';
import type { DataSpec } from '../../workers/data/dataset.ts';
import { loadDataset } from '../../workers/data/load.ts';
import { complaint, fileSource, HALVES, specOf, writeCsv } from './fixtures.ts';

const ROOMY = { count: 10, bytes: 2 ** 20 };
const moons = (seed: number): DataSpec =>
  specOf({ generator: 'moons', samples: 20, noise: 0.1, seed }, { target_kind: 'class' });

test('the same spec gives the same object, equal to what loading gives', () => {
  const cache = new DatasetCache(ROOMY);
  const dataset = cache.get(moons(1));
  expect(cache.get(moons(1))).toBe(dataset);
  expect(dataset).toEqual(loadDataset(moons(1)));
});

test('a file is read once for all its splits', () => {
  const file = writeCsv('x,y\n1,2\n3,4\n5,6\n7,9');
  const source = fileSource(file);
  const cache = new DatasetCache(ROOMY);
  const first = cache.get(specOf(source));
  rmSync(file);
  const second = cache.get(specOf(source, { split: { ...HALVES, train: 3 } }));
  expect([first.parts.train.length, second.parts.train.length]).toEqual([2, 3]);
});

test('beyond the count, the least recently used goes', () => {
  const cache = new DatasetCache({ ...ROOMY, count: 2 });
  const [first, second] = [cache.get(moons(1)), cache.get(moons(2))];
  cache.get(moons(1));
  cache.get(moons(3));
  expect(cache.get(moons(1))).toBe(first);
  expect(cache.get(moons(2))).not.toBe(second);
});

test('beyond the bytes too, but the newest stays', () => {
  const cache = new DatasetCache({ ...ROOMY, bytes: 1 });
  const first = cache.get(moons(1));
  expect(cache.get(moons(1))).toBe(first);
  const second = cache.get(moons(2));
  expect(cache.get(moons(2))).toBe(second);
  expect(cache.get(moons(1))).not.toBe(first);
});

test('what fails to load is not kept', () => {
  const cache = new DatasetCache(ROOMY);
  const broken = { ...moons(1), split: { ...HALVES, train: 50 } };
  const first = complaint(() => cache.get(broken));
  expect(first).toBe('data.split: the parts must have no more rows than the data, 20, found train 50');
  expect(complaint(() => cache.get(broken))).toBe(first);
});
