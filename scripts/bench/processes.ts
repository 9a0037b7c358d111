/** Other programs that a benchmark starts. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Finished {
  readonly seconds: number;
  readonly code: number | null;
  readonly stdout: string;
}

/** Runs a program to its end. Its stderr is ours; its stdout is gathered. */
export async function runProcess(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  return { seconds: (performance.now() - started) / 1000, code, stdout };
}

/** Builds `dist` from the sources: what is timed is what users start. */
export async function build(): Promise<void> {
  const { code } = await runProcess(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
  if (code !== 0) throw new Error('the build must succeed before sweeps are timed');
}

/** Exit codes of `run` that leave results: all completed, some failed (diverging trials are part of W3). */
const ENDED: ReadonlySet<number | null> = new Set([0, 2]);

/** Seconds of one `nightsweep run`, start-up and database included, in plain lines. */
export async function runSweep(file: string, database: string, options: readonly string[]): Promise<number> {
  const command = [join(ROOT, 'dist/src/cli/main.js'), 'run', file, '--db', database, '--plain', ...options];
  const { seconds, code, stdout } = await runProcess(process.execPath, command);
  if (!ENDED.has(code)) throw new Error(`the run of ${file} must end, but its exit code is ${code}:\n${stdout}`);
  return seconds;
}
