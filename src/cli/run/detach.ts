/** `--detach`: starts this same command again in a session of its own, so that it outlives the terminal. */

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { isLocked } from '../../../db/lock.ts';
import type { PreparedSweep } from '../../coordinator/prepare.ts';
import { heldSweep } from '../../coordinator/held-sweep.ts';
import { SweepError } from '../../errors.ts';
import { logOf } from '../../log-file.ts';
import { commandName } from '../command-name.ts';
import { EXIT } from '../exit-codes.ts';
import { databaseFlag } from '../next-step.ts';

const LOOK_INTERVAL = 100;

/**
 * Returns an exit code once the first sweep that has something to do runs, or has already ended.
 * Errors: `SweepError` of code `conflict` where another process runs it, `backend` where the process ends without it.
 */
export async function startDetached(prepared: readonly PreparedSweep[], database: string): Promise<number> {
  const first = prepared.find(({ ended }) => !ended);
  if (!first) {
    process.stdout.write('All trials have ended; nothing is left to run.\n');
    return EXIT.ended;
  }
  const { name } = first.sweep;
  if (isLocked(database, first.id)) throw heldSweep(name);
  const log = logOf(database, name);
  const { pid, exited } = startAgain(log);
  const code = await untilLive(database, first.id, exited);
  if (code !== undefined && code !== EXIT.ended && code !== EXIT.failedTrials) {
    throw new SweepError('backend', {
      message: `${name} must begin to run, but its process ended with ${code} at once`,
      hint: `the log says why: ${log}`,
    });
  }
  process.stdout.write(describeDetached(name, pid, log, databaseFlag(database)));
  return EXIT.ended;
}

function startAgain(log: string): { readonly pid: number | undefined; readonly exited: Promise<number> } {
  const output = openSync(log, 'a');
  try {
    // A session of its own: neither Ctrl-C nor the end of the terminal reaches it.
    const child = spawn(process.execPath, [...process.execArgv, ...argumentsOfAgain(process.argv.slice(1))], {
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.unref();
    const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? EXIT.internal)));
    return { pid: child.pid, exited };
  } finally {
    closeSync(output);
  }
}

/** Not a terminal, it chooses plain lines by itself where it was not told to print events. */
function argumentsOfAgain(args: readonly string[]): string[] {
  return args.filter((argument) => argument !== '--detach');
}

/** The exit code where the process ends before the sweep was seen to run. */
async function untilLive(database: string, sweep: number, exited: Promise<number>): Promise<number | undefined> {
  let code: number | undefined;
  void exited.then((ended) => (code = ended));
  while (code === undefined && !isLocked(database, sweep)) await setTimeout(LOOK_INTERVAL);
  return code;
}

function describeDetached(name: string, pid: number | undefined, log: string, db: string): string {
  return [
    `${name} runs in the background (process ${pid}); its log is ${log}`,
    `  ${commandName} watch ${name}${db}`,
    `  ${commandName} pause ${name}${db}`,
    `  ${commandName} stop ${name}${db}`,
    '',
  ].join('\n');
}
