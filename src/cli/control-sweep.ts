/** Tells the coordinator of a running sweep, through the database, to pause, to go on or to stop; waits until it does. */

import { setTimeout } from 'node:timers/promises';
import { Reader, type SweepOverview } from '../../db/reader.ts';
import { type CommandName, Store } from '../../db/store.ts';
import { SweepError } from '../errors.ts';
import { commandName } from './command-name.ts';
import { databaseFlag } from './next-step.ts';
import { shellWord } from './text/shell-word.ts';

/** Milliseconds; a chunk may take longer. */
const PATIENCE = 10_000;
const LOOK_INTERVAL = 100;

interface Rule {
  /** What keeps it from being asked, though the sweep runs. */
  readonly refusal: (sweep: SweepOverview) => string | undefined;
  readonly isDone: (sweep: SweepOverview) => boolean;
  readonly done: string;
  /** While it is being waited for. */
  readonly pending: string;
}

const RULES: Readonly<Record<CommandName, Rule>> = {
  pause: {
    refusal: ({ pausedAt }) => (pausedAt === null ? undefined : 'it is paused already'),
    isDone: ({ pausedAt, states, live }) => !live || (pausedAt !== null && states.running === 0),
    done: 'paused',
    pending: 'pauses at the end of its running chunk',
  },
  resume: {
    refusal: ({ pausedAt }) => (pausedAt === null ? 'it is not paused' : undefined),
    isDone: ({ pausedAt, live }) => !live || pausedAt === null,
    done: 'goes on',
    pending: 'goes on in a moment',
  },
  stop: {
    refusal: () => undefined,
    isDone: ({ live }) => !live,
    done: 'stopped',
    pending: 'stops at the end of its running chunk',
  },
};

/**
 * Returns what to tell the user: what has come of it, and how to go on.
 * Errors: `SweepError` of code `usage` where there is no such sweep, where it does not run, or where it is so already.
 */
export async function controlSweep(db: string, name: string, command: CommandName): Promise<string> {
  const reader = Reader.open(db);
  try {
    const sweep = reader.sweepNamed(name);
    check(sweep, command, db);
    const store = Store.open(db);
    try {
      store.addCommand(sweep.id, command);
    } finally {
      store.close();
    }
    const { isDone } = RULES[command];
    const end = performance.now() + PATIENCE;
    let now = reader.sweepNamed(name);
    while (!isDone(now) && performance.now() < end) {
      await setTimeout(LOOK_INTERVAL);
      now = reader.sweepNamed(name);
    }
    return describe(now, command, db);
  } finally {
    reader.close();
  }
}

/** The same for the dashboard, which has one line. */
export async function controlInALine(db: string, name: string, command: CommandName): Promise<string> {
  return (await controlSweep(db, name, command)).split('\n', 1)[0] ?? '';
}

function check(sweep: SweepOverview, command: CommandName, db: string): void {
  const { name, live } = sweep;
  const refusal = live ? RULES[command].refusal(sweep) : 'no process runs it now';
  if (refusal === undefined) return;
  const canGoOn = (!live && openTrials(sweep) > 0) || sweep.pausedAt !== null;
  throw new SweepError('usage', {
    message: `sweep ${name} cannot be ${command === 'resume' ? 'resumed' : command === 'stop' ? 'stopped' : 'paused'}: ${refusal}`,
    hint: canGoOn ? `to go on: ${suggest('resume', name, db)}` : `see ${suggest('show', name, db)}`,
  });
}

function describe(sweep: SweepOverview, command: CommandName, db: string): string {
  const { name, live } = sweep;
  const { isDone, done, pending } = RULES[command];
  if (!live && openTrials(sweep) === 0) return `${name} has ended; see ${suggest('best', name, db)}\n`;
  const what = !live ? 'stopped' : isDone(sweep) ? done : pending;
  const next =
    command === 'resume' ? `To look on: ${suggest('watch', name, db)}` : `To go on: ${suggest('resume', name, db)}`;
  return `${name} ${what}.\n${next}\n`;
}

function openTrials({ states }: SweepOverview): number {
  return states.queued + states.running + states.paused;
}

function suggest(command: string, name: string, db: string): string {
  return `${commandName} ${command} ${shellWord(name)}${databaseFlag(db)}`;
}
