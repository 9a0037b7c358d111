/** Starts the coordinator as a child process, passes on what it says, stops it, and tells how it ended: one child's life. */

import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ChildExit, describeExit, oomKills } from './child-death.ts';
import {
  type Begin,
  type FromCoordinator,
  type RunOutcome,
  type ToCoordinator,
  parseFromCoordinator,
} from './coordinator/messages.ts';
import { SweepError } from './errors.ts';

export interface SupervisedRun extends Omit<Begin, 'type'> {
  /** File that gets all that the child prints; appended to. */
  readonly log: string;
  /** Same bits on every x64 processor, at some cost for wide layers. */
  readonly portable: boolean;
}

export type SupervisedEnd =
  | { readonly type: 'ended'; readonly outcome: RunOutcome }
  /** It could not begin or go on, and says why. */
  | { readonly type: 'failed'; readonly error: SweepError }
  /** Killed, or taken down by native code; what was committed stays. */
  | (ChildExit & { readonly type: 'died'; readonly description: string });

export interface Supervision {
  /** Settles when the child is gone; never rejects. */
  readonly ended: Promise<SupervisedEnd>;
  /** `chunk`: after the running chunk; `now`: at once. */
  stop(when: 'chunk' | 'now'): void;
  /** For a child that does not react any more. */
  kill(): void;
}

/**
 * Starts a run; to start it again after a crash is up to `superviseRun`.
 * Errors: `SweepError` of code `database` when the log cannot be written to.
 */
export function supervise(run: SupervisedRun, listen: (message: FromCoordinator) => void): Supervision {
  const { log, portable, ...begin } = run;
  const logStart = existsSync(log) ? statSync(log).size : 0;
  const oomKillsBefore = oomKills();
  const child = startCoordinator(log, coordinatorEnvironment(run.workers, portable));
  const send = (message: ToCoordinator): void => {
    if (child.connected) child.send(message, () => {});
  };
  let end: SupervisedEnd | undefined;
  let told: ChildExit['told'] = null;
  child.on('message', (raw) => {
    const message = parseFromCoordinator(raw);
    if (message.type === 'ended') end = { type: 'ended', outcome: message.outcome };
    else if (message.type === 'failed') end = { type: 'failed', error: new SweepError(message.code, message.problems) };
    else if (message.type === 'dying') told = { cause: message.cause, message: message.message };
    listen(message);
  });
  const ended = exitOf(child).then(
    ({ description, ...exit }): SupervisedEnd =>
      end ?? {
        type: 'died',
        ...exit,
        description,
        oomKillsBefore,
        oomKillsAfter: oomKills(),
        told,
        printed: printedTo(log, logStart),
      },
  );
  send({ type: 'begin', ...begin });
  return { ended, stop: (when) => send({ type: 'stop', when }), kill: () => void child.kill('SIGKILL') };
}

/** What native code reads once, from the environment of its process. */
export function coordinatorEnvironment(
  workers: number,
  portable: boolean,
  base: Readonly<NodeJS.ProcessEnv> = process.env,
): NodeJS.ProcessEnv {
  return {
    ...base,
    // All sessions of a process share one pool of threads: one for each worker lets them run side by side.
    TF_NUM_INTEROP_THREADS: String(workers),
    TF_NUM_INTRAOP_THREADS: '1',
    OMP_NUM_THREADS: '1',
    // Bits differ between the two; off is faster for small products.
    TF_ENABLE_ONEDNN_OPTS: '0',
    TF_CPP_MIN_LOG_LEVEL: '2',
    ...(portable ? { TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL: 'false' } : {}),
  };
}

function startCoordinator(log: string, env: NodeJS.ProcessEnv): ChildProcess {
  const built = fileURLToPath(new URL('./coordinator/main.js', import.meta.url));
  const file = existsSync(built) ? built : built.replace(/\.js$/, '.ts');
  const output = openLog(log);
  try {
    // A process group of its own: a Ctrl-C in the terminal must reach it once, through us, and not twice.
    return fork(file, { detached: true, env, stdio: ['ignore', output, output, 'ipc'] });
  } finally {
    closeSync(output);
  }
}

function openLog(log: string): number {
  try {
    return openSync(log, 'a');
  } catch (error) {
    throw new SweepError('database', {
      position: { file: log },
      message: `the log must be a file that can be written to, but: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'move away what is there, or give another file with --db: the log lies beside the database',
    });
  }
}

interface Exit extends Pick<ChildExit, 'signal' | 'code'> {
  readonly description: string;
}

/** Resolves when the child has ended and all that it sent has been received. */
async function exitOf(child: ChildProcess): Promise<Exit> {
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, description: describeExit({ code, signal }) }));
    child.once('error', (error) => {
      // One that could not be started never exits; other errors are followed by its exit.
      if (child.pid === undefined) resolve({ code: null, signal: null, description: error.message });
    });
  });
  const disconnected = new Promise<void>((resolve) => {
    if (child.connected) child.once('disconnect', resolve);
    else resolve();
  });
  const exit = await exited;
  await disconnected;
  return exit;
}

/** Bytes at the end of a log that are of interest. */
const PRINTED = 65_536;

/** The end of what this child wrote. */
function printedTo(log: string, start: number): string {
  try {
    return readFileSync(log).subarray(start).subarray(-PRINTED).toString('utf8');
  } catch {
    return '';
  }
}

const TAIL_LINES = 10;

/** The last lines of what a child printed that may say why it ended. Pure. */
export function tailOf(printed: string): string {
  const lines = printed.trimEnd().split('\n');
  // What went as planned says nothing about the end.
  return lines
    .filter((line) => !line.startsWith('{"level":30'))
    .slice(-TAIL_LINES)
    .join('\n');
}
