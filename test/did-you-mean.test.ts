/** Which name a misspelt one is taken for. */

import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../src/did-you-mean.ts';

test.each([
  ['prise', 'price'],
  ['Price', 'price'],
  ['pirce', 'price'],
  ['distrct', 'district'],
  ['dropuot_rate', 'dropout_rate'],
  ['zzz', undefined],
  ['id', undefined],
])('%s: %s', (name, meant) => {
  expect(nearest(name, ['area', 'price', 'district', 'dropout_rate'])).toBe(meant);
});

test('the first of equally near names is taken, and none where there is none', () => {
  expect(nearest('l3', ['l1', 'l2'])).toBe('l1');
  expect(nearest('l3', [])).toBe(undefined);
});

test('a name of one letter is not taken for another one', () => {
  expect(nearest('y', ['a', 'b'])).toBe(undefined);
  expect(nearest('y', ['a', 'Y'])).toBe('Y');
});

test('says what was meant as it is to be written', () => {
  expect(didYouMean('my-swep', ['my-sweep'])).toBe('did you mean my-sweep?');
  expect(didYouMean('my-swep', ['my-sweep'], (near) => `"${near}"`)).toBe('did you mean "my-sweep"?');
  expect(didYouMean('zzz', ['my-sweep'])).toBe(undefined);
});
