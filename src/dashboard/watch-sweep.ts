/** Shows a sweep from the database alone, until it is over or nobody looks any more. Never writes. */

import { openDisplay, type Display, type DisplayMode } from './display.ts';
import type { Snapshot } from './snapshot.ts';
import { SnapshotSource, type SnapshotReader } from './source.ts';
import { endedEvent, holdingEvents, isOver, newFailures, startedEvent } from './watching.ts';

export type WatchEnd = 'over' | 'left';

/** Rejects where the database cannot be read. */
export async function watchSweep(reader: SnapshotReader, sweep: string, mode: DisplayMode): Promise<WatchEnd> {
  let leave: () => void = () => {};
  const left = new Promise<WatchEnd>((resolve) => {
    leave = () => resolve('left');
  });
  const display = await openDisplay(mode, { command: 'watch', onStop: leave, onLeave: leave });
  let stop: () => void = () => {};
  const over = new Promise<WatchEnd>((resolve, reject) => {
    const watcher = new Watcher(display, mode !== 'dashboard', () => resolve('over'));
    const source = new SnapshotSource(reader, sweep, {
      snapshot: (snapshot) => watcher.see(snapshot),
      failed: reject,
    });
    stop = () => source.stop();
    source.start();
  });
  try {
    return await Promise.race([over, left]);
  } finally {
    stop();
    await display.close();
  }
}

/** Turns snapshots into what a display wants to hear. */
class Watcher {
  readonly #display: Display;
  /** Whether failures are told one by one: the dashboard lists them anyway. */
  readonly #tellFailures: boolean;
  readonly #onOver: () => void;
  #before: Snapshot | undefined;
  #aliveAt = Date.now();
  #over = false;

  constructor(display: Display, tellFailures: boolean, onOver: () => void) {
    this.#display = display;
    this.#tellFailures = tellFailures;
    this.#onOver = onOver;
  }

  see(snapshot: Snapshot): void {
    if (this.#over) return;
    if (!this.#before) this.#display.event(startedEvent(snapshot));
    else if (this.#tellFailures) for (const event of newFailures(this.#before, snapshot)) this.#display.event(event);
    if (snapshot.live) for (const event of holdingEvents(this.#before, snapshot)) this.#display.event(event);
    this.#before = snapshot;
    this.#display.update(snapshot);
    const now = Date.now();
    if (snapshot.live) this.#aliveAt = now;
    if (!isOver(snapshot, now - this.#aliveAt)) return;
    this.#over = true;
    this.#display.event(endedEvent(snapshot, now));
    this.#onOver();
  }
}
