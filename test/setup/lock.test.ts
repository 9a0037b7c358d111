/** The lock of set-up, between real processes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

/** A process that says `waiting` when it has to wait, `held` when it holds the lock, and ends when told to. */
function contender(lock: string) {
  const program = `
    import { takeLock } from './scripts/setup/lock.mjs';
    const release = await takeLock(process.argv[1], () => console.log('waiting'));
    console.log('held');
    process.stdin.once('data', () => { release(); process.stdin.destroy(); });
  `;
  const cwd = new URL('../..', import.meta.url);
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, lock], {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const says = async (): Promise<string | undefined> => {
    const { done, value } = await lines.next();
    return done === true ? undefined : value;
  };
  return { child, says };
}

test('a second set-up waits until the first one gives the lock back', async () => {
  const first = contender(`test-${process.pid}-back`);
  expect(await first.says()).toBe('held');
  const second = contender(`test-${process.pid}-back`);
  expect(await second.says()).toBe('waiting');
  first.child.stdin.write('go\n');
  expect(await second.says()).toBe('held');
});

test('the lock of a set-up that was killed is free', async () => {
  const first = contender(`test-${process.pid}-kill`);
  expect(await first.says()).toBe('held');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = contender(`test-${process.pid}-kill`);
  expect(await second.says()).toBe('held');
});
