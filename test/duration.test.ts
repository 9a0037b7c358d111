/** Durations as users write them. */

import { expect, test } from 'vitest';
import { secondsOf } from '../src/duration.ts';

test.each([
  ['90s', 90],
  ['45m', 2700],
  ['8h', 28_800],
  ['1h30m', 5400],
  ['0.5h', 1800],
  ['2d', 172_800],
])('reads %s', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test.each(['', '8', 'h', '8 h', '-8h', '0s', '0.0h', '1.s', 'ever', '8h later'])('"%s" is none', (text) => {
  expect(secondsOf(text)).toBeUndefined();
});
