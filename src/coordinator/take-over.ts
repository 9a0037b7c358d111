/** What a new command does before its first coordinator begins: lets the one before it leave, and forgets what it was asked. */

import { setTimeout } from 'node:timers/promises';
import { isLocked } from '../../db/lock.ts';
import { Store } from '../../db/store.ts';
import { heldSweep } from './held-sweep.ts';

/** Milliseconds: more than a coordinator takes to leave whose supervisor was killed. */
const PATIENCE = 4_000;
const LOOK_INTERVAL = 100;

export interface TakeOver {
  readonly database: string;
  /** Database id and name of the sweep. */
  readonly sweep: { readonly id: number; readonly name: string };
  /** Called once where there is something to wait for. */
  readonly onWait: (message: string) => void;
}

/**
 * Undoes a pause, and drops commands that were meant for earlier runs.
 * Errors: `SweepError` of code `conflict` when another process runs the sweep and goes on to.
 */
export async function takeOver({ database, sweep, onWait }: TakeOver): Promise<void> {
  if (isLocked(database, sweep.id)) {
    onWait(`another process runs ${sweep.name}: waiting ${PATIENCE / 1000} s in case it is about to end`);
    await untilFree(database, sweep);
  }
  const store = Store.open(database);
  try {
    store.takeCommands(sweep.id);
    store.unpause(sweep.id);
  } finally {
    store.close();
  }
}

async function untilFree(database: string, { id, name }: TakeOver['sweep']): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (isLocked(database, id)) {
    if (performance.now() >= end) throw heldSweep(name);
    await setTimeout(LOOK_INTERVAL);
  }
}
