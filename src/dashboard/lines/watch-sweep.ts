/** Tells a sweep in lines, from the database alone, until it is over. Never writes. */

import { openLines, type Display, type DisplayMode } from '../display.ts';
import type { Snapshot } from '../snapshot.ts';
import { SnapshotSource, type SnapshotReader } from '../source.ts';
import { endedEvent, holdingEvents, isOver, newFailures, startedEvent } from './watching.ts';

/** Rejects where the database cannot be read. */
export async function watchSweep(
  reader: SnapshotReader,
  sweep: string,
  mode: Exclude<DisplayMode, 'dashboard'>,
): Promise<void> {
  const display = await openLines(mode);
  let stop: () => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    const watcher = new Watcher(display, resolve);
    const source = new SnapshotSource(reader, sweep, {
      snapshot: (snapshot) => watcher.see(snapshot),
      failed: reject,
    });
    stop = () => source.stop();
    source.start();
  });
  try {
    await over;
  } finally {
    stop();
    await display.close();
  }
}

/** Turns snapshots into what a display wants to hear. */
class Watcher {
  readonly #display: Display;
  readonly #onOver: () => void;
  #before: Snapshot | undefined;
  #aliveAt = Date.now();
  #over = false;

  constructor(display: Display, onOver: () => void) {
    this.#display = display;
    this.#onOver = onOver;
  }

  see(snapshot: Snapshot): void {
    if (this.#over) return;
    if (!this.#before) this.#display.event(startedEvent(snapshot));
    else for (const event of newFailures(this.#before, snapshot)) this.#display.event(event);
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
