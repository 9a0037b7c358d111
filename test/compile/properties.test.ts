/** The laws of the compiler hold: each in a process that can be killed, since native code may never come back. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { LAWS } from './laws.ts';

const PROGRAM = fileURLToPath(new URL('./check-law.ts', import.meta.url));

/** Milliseconds; some seconds are usual. */
const DEADLINE = 60_000;

test.each<[sentence: string, law: keyof typeof LAWS]>([
  ['random programs give the same bits compiled as eagerly', 'plain'],
  ['random updates in random places give the same numbers in variables as eagerly', 'inPlace'],
  ['every pass alone changes no bit of a random program', 'passes'],
])('%s', { timeout: DEADLINE + 10_000 }, (_sentence, law) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const args = ['--import', 'tsx', PROGRAM, law, String(seed)];
  const run = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: DEADLINE,
    killSignal: 'SIGKILL',
    maxBuffer: Infinity,
  });
  const [last] = run.stdout.trimEnd().split('\n').slice(-1);
  expect(run.status, `${law}, seed ${seed}, ended by ${run.signal}\nlast program: ${last}\n${run.stderr}`).toBe(0);
});
