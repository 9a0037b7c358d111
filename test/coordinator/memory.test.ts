/** What a measurement of memory leads to, over a clock that the test sets. */

import { describe, expect, test } from 'vitest';
import { MemoryGuard, heapLimit } from '../../src/coordinator/memory.ts';

describe('the memory guard', () => {
  test('lets everything up to the limit go on', () => {
    const guard = new MemoryGuard(1000);
    expect([1, 999, 1000].map((resident, now) => guard.judge(resident, now))).toEqual(['go on', 'go on', 'go on']);
  });

  test('drains above the limit, and gives up when that lasts', () => {
    const guard = new MemoryGuard(1000);
    expect(guard.judge(1001, 5)).toBe('drain');
    expect(guard.judge(1200, 15)).toBe('drain');
    expect(guard.judge(1001, 15.1)).toBe('give up');
  });

  test('goes on draining when memory has come back: what was asked to stop does so', () => {
    const guard = new MemoryGuard(1000);
    guard.judge(1001, 0);
    expect(guard.judge(10, 100)).toBe('drain');
  });

  test('has no patience where memory grows beyond all bounds', () => {
    expect(new MemoryGuard(1000).judge(1250, 0)).toBe('drain');
    expect(new MemoryGuard(1000).judge(1251, 0)).toBe('give up');
  });
});

test.each([
  [8 * 2 ** 30, 4, 2048],
  [100 * 2 ** 30, 2, 4096],
  [100 * 2 ** 20, 8, 64],
])('of %d bytes each of %d workers may keep %d MiB of objects', (limit, workers, expected) => {
  expect(heapLimit(limit, workers)).toBe(expected);
});
