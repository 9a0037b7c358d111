/** `--json`: one JSON object a line, for programs; the fields are documented in docs/events.md and only ever added to. */

import { endedTrials } from '../snapshot-totals.ts';
import type { Display, DisplayEvent } from '../display.ts';
import { estimateRemaining } from '../eta.ts';
import { NO_HISTORY, remember, speedOf, type History } from '../history.ts';
import type { LineOutput } from './plain.ts';
import type { Snapshot } from '../snapshot.ts';

/** Raised when a field changes its meaning or goes. */
export const EVENT_VERSION = 1;

/** Milliseconds between `progress` events. */
const PROGRESS_GAP = 1000;

export class JsonDisplay implements Display {
  readonly #output: LineOutput;
  readonly #clock: () => number;
  #history: History = NO_HISTORY;
  #waiting: Snapshot | undefined;
  #toldAt = -Infinity;
  #told = '';

  constructor(output: LineOutput, clock: () => number = Date.now) {
    this.#output = output;
    this.#clock = clock;
  }

  update(snapshot: Snapshot): void {
    this.#history = remember(this.#history, snapshot, this.#clock());
    this.#waiting = snapshot;
    if (this.#clock() - this.#toldAt >= PROGRESS_GAP) this.#tellProgress();
  }

  event(event: DisplayEvent): void {
    if (event.type === 'ended') this.#tellProgress();
    this.#line(event);
  }

  close(): Promise<void> {
    this.#tellProgress();
    return Promise.resolve();
  }

  #tellProgress(): void {
    const snapshot = this.#waiting;
    if (!snapshot) return;
    this.#waiting = undefined;
    // Time alone is no progress.
    const state = JSON.stringify([snapshot.states, snapshot.epochs_done, snapshot.live]);
    if (state === this.#told) return;
    this.#told = state;
    this.#toldAt = this.#clock();
    this.#line(progressOf(snapshot, this.#history));
  }

  #line(body: { readonly type: string }): void {
    const line = { version: EVENT_VERSION, time: new Date(this.#clock()).toISOString(), ...body };
    this.#output.write(`${JSON.stringify(line)}\n`);
  }
}

function progressOf(snapshot: Snapshot, history: History) {
  return {
    type: 'progress',
    sweep: snapshot.sweep,
    trials: snapshot.trials,
    trials_ended: endedTrials(snapshot),
    states: snapshot.states,
    epochs_done: snapshot.epochs_done,
    epochs_planned: snapshot.epochs_planned,
    live: snapshot.live,
    speed: speedOf(history),
    seconds_left: estimateRemaining(history, snapshot),
    best: snapshot.best[0] ?? null,
  };
}
