/** What the user reads of an error that ended a command, and the exit code it means. */

import { SweepError } from '../errors.ts';
import { EXIT } from './exit-codes.ts';

/** What better-sqlite3 says where its native part is absent, or was built for another Node. */
const UNBUILT_SQLITE = /Could not locate the bindings file|better_sqlite3\.node/;

export interface Failure {
  /** With a final line feed; without a stack unless `debug`. */
  readonly text: string;
  readonly exitCode: number;
}

/** Whether stacks are to be shown. It may stand anywhere in the line, and is asked before and after that is parsed. */
export function isDebugging(): boolean {
  return process.argv.includes('--debug');
}

export function describeFailure(error: unknown, debug: boolean): Failure {
  const { message, exitCode } = verdictOn(error);
  return { text: `${debug ? stackOf(error) : message}\n`, exitCode };
}

function verdictOn(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof SweepError) {
    return { message: error.message, exitCode: error.code === 'internal' ? EXIT.internal : EXIT.usage };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (UNBUILT_SQLITE.test(message)) {
    return {
      message: 'SQLite must be compiled for this Node, but is not: run `nightsweep setup`',
      exitCode: EXIT.usage,
    };
  }
  if (isRefusal(error)) return { message, exitCode: EXIT.usage };
  return { message: `nightsweep: internal error: ${message} (--debug shows the stack)`, exitCode: EXIT.internal };
}

/** Whether the system refused what was asked for: something that the user can change, and no defect of ours. */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && REFUSALS.has(code);
}

const REFUSALS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

/** Of the error and of what caused it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\nCaused by: ${stackOf(error.cause)}`;
}
