/** A database that refuses for a while: nothing is dropped, nothing is doubled, and the order stays. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Write } from '../../db/writes.ts';
import { PatientCommit } from '../../src/coordinator/patient-commit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function noted(trial: number): Write {
  return { type: 'attempt_noted', trial, note: '' };
}

function setUp() {
  const disk = { error: undefined as Error | undefined, written: [] as Write[] };
  const heard: string[] = [];
  const commit = new PatientCommit({
    commit: (writes) => {
      if (disk.error) throw disk.error;
      disk.written.push(...writes);
    },
    passes: (error) => error instanceof Error && error.message === 'full',
    onCommitted: () => {},
    onBlocked: () => heard.push('blocked'),
    onLasting: () => heard.push('lasting'),
    onFreed: () => heard.push('freed'),
    onError: (error) => heard.push(String(error)),
  });
  return { disk, heard, commit };
}

test('writes all in order, once, when there is room again', () => {
  const { disk, heard, commit } = setUp();
  disk.error = new Error('full');
  commit.add([noted(1)]);
  expect(commit.flush()).toBe(false);
  vi.advanceTimersByTime(20_000);
  commit.add([noted(2)]);
  expect(commit.flush()).toBe(false);
  expect(heard).toEqual(['blocked', 'lasting']);
  disk.error = undefined;
  vi.advanceTimersByTime(5000);
  expect(disk.written).toEqual([noted(1), noted(2)]);
  expect(heard).toEqual(['blocked', 'lasting', 'freed']);
  expect(commit.flush()).toBe(true);
  expect(disk.written).toHaveLength(2);
});

test('reports an error that does not pass, at once or while it waits', () => {
  const { disk, heard, commit } = setUp();
  disk.error = new Error('read-only');
  commit.add([noted(1)]);
  expect(() => commit.flush()).toThrow('read-only');
  disk.error = new Error('full');
  commit.flush();
  disk.error = new Error('I/O');
  vi.advanceTimersByTime(1000);
  expect(heard).toEqual(['blocked', 'Error: I/O']);
});
