/** What makes data the same. */

import { expect, test } from 'vitest';
import { datasetKey, tableKey } from '../../workers/data/dataset-key.ts';
import { HALVES, specOf } from './fixtures.ts';

const FILE = {
  file: '/a/data.csv',
  sha256: 'f'.repeat(64),
  target: 'y',
  categorical: [],
  drop: [],
  missing: 'error',
} as const;
const SPEC = specOf(FILE);

test('a key is a SHA-256', () => {
  expect(datasetKey(SPEC)).toMatch(/^[0-9a-f]{64}$/);
});

test('neither the place of a file nor the order of keys matters', () => {
  expect(datasetKey(specOf({ ...FILE, file: '/b/other.csv' }))).toBe(datasetKey(SPEC));
  expect(datasetKey({ ...SPEC, split: Object.fromEntries(Object.entries(HALVES).toReversed()) as typeof HALVES })).toBe(
    datasetKey(SPEC),
  );
});

test.each([
  ['the bytes of the file', specOf({ ...FILE, sha256: '0'.repeat(64) })],
  ['the target', specOf({ ...FILE, target: 'z' })],
  ['the kind of the target', specOf(FILE, { target_kind: 'class' })],
  ['a transform', specOf(FILE, { transform: { features: { name: 'standardize', fit_on: 'train' }, target: null } })],
  ['the seed of the split', specOf(FILE, { split: { ...HALVES, seed: 2 } })],
])('%s matters', (_, spec) => {
  expect(datasetKey(spec)).not.toBe(datasetKey(SPEC));
});

test('tables are shared by splits, but for the group', () => {
  expect(tableKey(specOf(FILE, { split: { ...HALVES, seed: 2 } }))).toBe(tableKey(SPEC));
  expect(tableKey(specOf(FILE, { split: { ...HALVES, group: 'g' } }))).not.toBe(tableKey(SPEC));
});
