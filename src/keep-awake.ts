/** Keeps the machine from falling asleep while a sweep runs, where the system has a program for that. */

import { type ChildProcess, spawn } from 'node:child_process';

export interface Awake {
  release(): void;
}

/** Silently does nothing where the program is absent or refuses. Ends with this process, however that ends. */
export function keepAwake(why: string): Awake {
  const child = inhibitor(why);
  // Absent, or not allowed to: the sweep runs all the same.
  child?.on('error', () => {});
  child?.stdin?.on('error', () => {});
  child?.unref();
  return { release: () => void child?.kill() };
}

function inhibitor(why: string): ChildProcess | undefined {
  if (process.platform === 'darwin') {
    return spawn('caffeinate', ['-i', '-w', String(process.pid)], { detached: true, stdio: 'ignore' });
  }
  if (process.platform !== 'linux') return undefined;
  // `cat` ends when our end of the pipe is closed: by the system, should we be killed.
  const args = ['--what=sleep:idle', '--who=nightsweep', `--why=${why}`, 'cat'];
  return spawn('systemd-inhibit', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
}
