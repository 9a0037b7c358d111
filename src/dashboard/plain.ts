/** Plain lines for logs and pipes: one for each event worth a line, and one on progress every so often. */

import { counted } from '../counted.ts';
import { failedLine } from '../event-lines.ts';
import { BAR_ORDER } from './bar.ts';
import { endedTrials } from './snapshot-totals.ts';
import type { Display, DisplayEvent } from './display.ts';
import { estimateRemaining } from './eta.ts';
import { decimalsFor, formatClock, formatMean, formatRate, formatRemaining } from './format.ts';
import { NO_HISTORY, remember, speedOf, type History } from './history.ts';
import type { Snapshot } from './snapshot.ts';
import { clean } from './text.ts';

/** Milliseconds between lines on progress: short at first, then a twentieth of the time so far. */
const LEAST_GAP = 10_000;
const LONGEST_GAP = 600_000;

export interface LineOutput {
  write(text: string): unknown;
}

export class PlainDisplay implements Display {
  readonly #output: LineOutput;
  readonly #clock: () => number;
  readonly #openedAt: number;
  #history: History = NO_HISTORY;
  #snapshot: Snapshot | undefined;
  #saidAt: number;
  #saidTenth = -1;
  #said = '';

  constructor(output: LineOutput, clock: () => number = Date.now) {
    this.#output = output;
    this.#clock = clock;
    this.#openedAt = clock();
    this.#saidAt = this.#openedAt;
  }

  update(snapshot: Snapshot): void {
    const now = this.#clock();
    this.#snapshot = snapshot;
    this.#history = remember(this.#history, snapshot, now);
    const tenth = snapshot.trials > 0 ? Math.floor((10 * endedTrials(snapshot)) / snapshot.trials) : 0;
    const gap = Math.min(LONGEST_GAP, Math.max(LEAST_GAP, (now - this.#openedAt) / 20));
    if (tenth > this.#saidTenth || now - this.#saidAt >= gap) {
      this.#saidTenth = tenth;
      this.#sayProgress(snapshot, now);
    }
  }

  event(event: DisplayEvent): void {
    if (event.type === 'ended') this.#sayLast();
    const line = describe(event);
    if (line !== null) this.#line(line);
  }

  close(): Promise<void> {
    this.#sayLast();
    return Promise.resolve();
  }

  #sayLast(): void {
    if (this.#snapshot) this.#sayProgress(this.#snapshot, this.#clock());
  }

  #sayProgress(snapshot: Snapshot, now: number): void {
    this.#saidAt = now;
    const text = describeProgress(snapshot, this.#history);
    if (text === this.#said) return;
    this.#said = text;
    this.#line(text);
  }

  #line(text: string): void {
    const elapsed = formatClock(this.#clock() - this.#openedAt);
    this.#output.write(`${elapsed.padStart(7)}  ${clean(text)}\n`);
  }
}

/** The line for an event; null where it is not worth one. */
export function describe(event: DisplayEvent): string | null {
  switch (event.type) {
    case 'started': {
      const where = [event.backend, event.workers && counted(event.workers, 'worker')].filter(Boolean).join(', ');
      const before = event.trials_ended > 0 ? ` (${event.trials_ended} ended before)` : '';
      const parts = `${counted(event.configs, 'config')} x ${counted(event.replicates, 'replicate')}`;
      const size = `${parts} = ${counted(event.trials, 'trial')}${before}`;
      return `${event.sweep}: ${size}${where ? `, ${where}` : ''}, into ${event.database}`;
    }
    case 'trial_ended': {
      if (event.state !== 'failed') return null;
      return failedLine(event, { kind: event.failure_kind ?? 'error', epoch: event.epochs, message: event.message });
    }
    case 'notice':
      return event.level === 'info' ? event.message : `${event.level}: ${event.message}`;
    case 'holding':
      return event.reason === 'disk' ? `warning: ${event.message}` : event.message;
    case 'ended': {
      const counts = BAR_ORDER.filter((state) => event.states[state] > 0);
      return `${event.reason}: ${counts.map((state) => `${event.states[state]} ${state}`).join(', ')}`;
    }
    case 'trial_started':
      return null;
  }
}

function describeProgress(snapshot: Snapshot, history: History): string {
  const { states, trials, best } = snapshot;
  const ended = endedTrials(snapshot);
  const percent = trials > 0 ? Math.floor((100 * ended) / trials) : 0;
  const parts = [`${String(percent).padStart(3)} %  ${ended}/${trials} trials`];
  if (states.running > 0) parts.push(`${states.running} running`);
  if (states.failed > 0) parts.push(`${states.failed} failed`);
  const remaining = estimateRemaining(history, snapshot);
  if (remaining) parts.push(formatRemaining(remaining));
  const speed = speedOf(history);
  if (speed && speed.trials_per_minute > 0 && snapshot.live)
    parts.push(`${formatRate(speed.trials_per_minute)} trials/min`);
  const [first] = best;
  if (first) {
    const decimals = decimalsFor([first]);
    const spread = first.std === null ? '' : ` +- ${formatMean(first.std, decimals)}`;
    parts.push(
      `best ${snapshot.objective} ${formatMean(first.mean, decimals)}${spread} (config ${first.config}, n ${first.n})`,
    );
  }
  return parts.join(', ');
}
