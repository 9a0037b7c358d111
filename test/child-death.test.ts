/** What a coordinator's end says of its cause. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { causeOfDeath, oomKills } from '../src/child-death.ts';
import { emptyFolder } from './empty-folder.ts';

const SILENT = { oomKillsBefore: null, oomKillsAfter: null, told: null, printed: '' };

test.each(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS'] as const)(
  '%s comes from native code: it crashed',
  (signal) =>
    expect(causeOfDeath({ ...SILENT, signal, code: null, oomKillsBefore: 1, oomKillsAfter: 2 })).toBe('crashed'),
);

test.each([0, 1, 70])('exit code %d was not meant: it crashed', (code) => {
  expect(causeOfDeath({ signal: null, code, ...SILENT })).toBe('crashed');
});

test('what it said of itself counts for more than the signal', () => {
  expect(
    causeOfDeath({ ...SILENT, signal: 'SIGKILL', code: null, told: { cause: 'stalled', message: 'no progress' } }),
  ).toBe('stalled');
});

test.each([
  [3, 4, 'out_of_memory'],
  [3, 3, 'killed'],
  [null, null, 'killed'],
  [null, 4, 'killed'],
] as const)('SIGKILL while the kernel counted from %j to %j means %s', (oomKillsBefore, oomKillsAfter, cause) => {
  expect(causeOfDeath({ ...SILENT, signal: 'SIGKILL', code: null, oomKillsBefore, oomKillsAfter })).toBe(cause);
});

test.each([
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'FATAL ERROR: invalid table size Allocation failed - JavaScript heap out of memory',
])('after "%s" it was out of memory', (words) => {
  const printed = `{"level":30}\n${words}\n----- Native stack trace -----\n`;
  expect(causeOfDeath({ ...SILENT, signal: 'SIGABRT', code: null, printed })).toBe('out_of_memory');
  expect(causeOfDeath({ ...SILENT, signal: 'SIGKILL', code: null, printed })).toBe('killed');
});

test('the counter is read from either file, and absent where there is neither', () => {
  const folder = emptyFolder();
  const events = join(folder, 'memory.events');
  const machine = join(folder, 'vmstat');
  writeFileSync(events, 'low 0\noom 7\noom_kill 2\noom_group_kill 5\n');
  expect(oomKills([events, machine])).toBe(2);
  writeFileSync(machine, 'nr_free_pages 12\noom_kill 40\n');
  expect(oomKills([events, machine])).toBe(42);
  expect(oomKills([join(folder, 'absent')])).toBeNull();
});
