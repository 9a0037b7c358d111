/** `--on-end`: runs the user's command when a sweep ends, with a summary as JSON on its standard input. */

import { spawn } from 'node:child_process';
import type { DisplayEvent } from '../../dashboard/display.ts';
import type { LeaderboardRow, Snapshot } from '../../dashboard/snapshot.ts';

/** Milliseconds that the command may take. */
const TIMEOUT = 60_000;

/** Field names are public: they are documented in docs/events.md and only ever added to. */
export interface EndSummary {
  readonly sweep: string;
  readonly database: string;
  readonly outcome: EndReason;
  readonly exit_code: number;
  /** That this run took. */
  readonly seconds: number;
  /** By state. */
  readonly trials: Snapshot['states'];
  readonly objective: string;
  readonly goal: string;
  /** Null as long as no trial has a result. */
  readonly best: Pick<LeaderboardRow, 'config' | 'params' | 'mean' | 'std' | 'n'> | null;
}

export type EndReason = Extract<DisplayEvent, { type: 'ended' }>['reason'];

export function summarise(
  { sweep, database, states, objective, goal, best: [first] }: Snapshot,
  end: Pick<EndSummary, 'outcome' | 'exit_code' | 'seconds'>,
): EndSummary {
  const best = first
    ? { config: first.config, params: first.params, mean: first.mean, std: first.std, n: first.n }
    : null;
  return { sweep, database, ...end, trials: states, objective, goal, best };
}

/** Returns what went wrong with the command, in a line; undefined where nothing did. Never rejects. */
export function runOnEnd(command: string, summary: EndSummary): Promise<string | undefined> {
  return new Promise((resolve) => {
    // What it prints is no part of our output, which may be JSON.
    const child = spawn(command, { shell: true, stdio: ['pipe', process.stderr, process.stderr], timeout: TIMEOUT });
    const fail = (what: string): void => resolve(`the command of --on-end ${what}: ${command}`);
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => {
      if (signal !== null) fail(`was ended by ${signal}`);
      else if (code !== 0) fail(`ended with exit code ${code}`);
      else resolve(undefined);
    });
    // It need not read it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(`${JSON.stringify(summary)}\n`);
  });
}
