/** Which name a misspelt one is taken for. */

import { expect, test } from 'vitest';
import { didYouMean } from '../src/did-you-mean.ts';

test.each([
  ['prise', 'price'],
  ['Price', 'price'],
  ['pirce', 'price'],
  ['distrct', 'district'],
  ['dropuot_rate', 'dropout_rate'],
  ['zzz', undefined],
  ['id', undefined],
])('%s: %s', (name, meant) => {
  expect(didYouMean(name, ['area', 'price', 'district', 'dropout_rate'])).toBe(meant);
});

test('the first of equally near names is taken, and none where there is none', () => {
  expect(didYouMean('l3', ['l1', 'l2'])).toBe('l1');
  expect(didYouMean('l3', [])).toBe(undefined);
});
