/** The dashboard of sweeps that other processes train, or that have ended: looks on, and only its user ends it. */

import { constants, setPriority } from 'node:os';
import type { CommandName } from '../../db/store.ts';
import { openDisplay } from './display.ts';
import { openQueryPort } from './answers/query-port.ts';
import { SnapshotSource, type SnapshotReader } from './source.ts';

export interface WatchOptions {
  readonly reader: SnapshotReader;
  readonly database: string;
  /** Undefined: the user chooses one from a list. */
  readonly sweep: string | undefined;
  readonly control: (sweep: string, command: CommandName) => Promise<string>;
}

/** Resolves when the user leaves, to the sweep that was shown last; rejects where it can no longer be read. */
export async function watchDashboard(options: WatchOptions): Promise<string | undefined> {
  const { reader, database, control } = options;
  // What trains goes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const queries = openQueryPort(database);
  let shown = options.sweep;
  let source: SnapshotSource | undefined;
  let finish: () => void = () => {};
  const left = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const openSweep = (sweep: string): void => {
    source?.stop();
    shown = sweep;
    source = new SnapshotSource(reader, sweep, {
      snapshot: (snapshot) => display.update(snapshot),
      failed: (error) => display.event({ type: 'notice', level: 'error', message: String(error) }),
    });
    source.start();
  };
  const display = await openDisplay('dashboard', () => ({
    command: 'watch',
    sweep: options.sweep,
    onStop: finish,
    onLeave: finish,
    queries,
    control,
    openSweep,
  }));
  try {
    if (shown !== undefined) openSweep(shown);
    await left;
    return shown;
  } finally {
    source?.stop();
    await display.close();
    await queries.close();
  }
}
