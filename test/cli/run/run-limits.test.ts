/** Deadlines, times of day and worker counts as users write them. */

import { describe, expect, test } from 'vitest';
import { deadlineOf, parseClock, workerCount, parseMemory } from '../../../src/cli/run/run-limits.ts';

describe('parseClock', () => {
  const evening = new Date(2026, 10, 23, 22, 15);

  test('means the next time that the clock shows it', () => {
    expect(new Date(parseClock('23:00', evening))).toEqual(new Date(2026, 10, 23, 23, 0));
    expect(new Date(parseClock('07:30', evening))).toEqual(new Date(2026, 10, 24, 7, 30));
    expect(new Date(parseClock('22:15', evening))).toEqual(new Date(2026, 10, 24, 22, 15));
  });

  test.each(['24:00', '7', '07:60', 'noon'])('refuses "%s"', (text) => {
    expect(() => parseClock(text, evening)).toThrow(`--until must be a time of day, but is "${text}"`);
  });
});

describe('deadlineOf', () => {
  test('has no deadline unless one is asked for, and never two', () => {
    const now = new Date(1000);
    expect(deadlineOf({}, now)).toBeNull();
    expect(deadlineOf({ for: '2s' }, now)).toBe(3000);
    expect(() => deadlineOf({ for: '8' }, now)).toThrow('--for must be a duration, but is "8"');
    expect(() => deadlineOf({ for: '2s', until: '07:30' }, now)).toThrow('--until and --for must not both be given');
  });
});

describe('workerCount', () => {
  test('is one for each core, but never more than there are trials', () => {
    expect(workerCount(undefined, 8, 100)).toBe(8);
    expect(workerCount(undefined, 8, 3)).toBe(3);
    expect(workerCount('6', 2, 4)).toBe(4);
  });

  test.each(['0', '-1', '1.5', 'all', ''])('refuses "%s"', (text) => {
    expect(() => workerCount(text, 4, 100)).toThrow(`--workers must be a whole number from 1, but is "${text}"`);
  });

  test('refuses far more than there are cores', () => {
    expect(() => workerCount('1000', 4, 100_000)).toThrow('--workers must be at most 16 here, but is 1000');
  });
});

test.each([
  ['8GB', 8e9],
  ['512MB', 512e6],
  ['1.5GiB', 1.5 * 2 ** 30],
])('%s of memory are %d bytes', (text, bytes) => expect(parseMemory(text)).toBe(bytes));

test.each(['8', '0GB', '-1GB', '8 GB', '8gb', 'lots'])('"%s" is no amount of memory', (text) => {
  expect(() => parseMemory(text)).toThrow(/--memory-limit must be an amount of memory/);
});
