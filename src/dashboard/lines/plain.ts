/**
 * Plain lines for logs and pipes, each with the time of day and the time since the start: one for each event worth a
 * line, and one on progress every so often.
 */

import { counted } from '../../counted.ts';
import { BAR_ORDER } from '../bar.ts';
import { endedTrials } from '../snapshot-totals.ts';
import type { Display, DisplayEvent } from '../display.ts';
import { estimateRemaining } from '../eta.ts';
import { FailureDigest } from './failure-digest.ts';
import { decimalsFor, formatClock, formatMean, formatRate, formatRemaining } from '../format.ts';
import { NO_HISTORY, remember, speedOf, type History, type Speed } from '../history.ts';
import type { Snapshot } from '../snapshot.ts';
import { clean } from '../text.ts';

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
  readonly #failures = new FailureDigest();
  #saidAt: number;
  /** Tenths of the trials that have ended, as of the last line on progress. */
  #saidTenth: number | undefined;
  #said = '';
  #saidEnded: number | undefined;
  #day = '';

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
    // How far it was at the start, the first line says.
    this.#saidTenth ??= tenth;
    if (tenth > this.#saidTenth || now - this.#saidAt >= gap) {
      this.#saidTenth = tenth;
      this.#sayProgress(snapshot, now);
    }
  }

  event(event: DisplayEvent): void {
    if (event.type === 'ended') this.#sayLast();
    const line = event.type === 'trial_ended' ? this.#failures.add(event) : describe(event);
    if (line !== null) this.#line(line);
  }

  close(): Promise<void> {
    this.#sayLast();
    return Promise.resolve();
  }

  /** Unless the last line on progress says the same but for what runs. */
  #sayLast(): void {
    this.#sayFailures();
    const snapshot = this.#snapshot;
    if (snapshot && endedTrials(snapshot) !== this.#saidEnded) this.#sayProgress(snapshot, this.#clock());
  }

  #sayFailures(): void {
    const line = this.#failures.rest();
    if (line !== null) this.#line(line);
  }

  #sayProgress(snapshot: Snapshot, now: number): void {
    this.#saidAt = now;
    this.#sayFailures();
    const text = describeProgress(snapshot, this.#history);
    if (text === this.#said) return;
    this.#said = text;
    this.#saidEnded = endedTrials(snapshot);
    this.#line(text);
  }

  #line(text: string): void {
    const now = this.#clock();
    const [day, time] = localTime(now);
    if (day !== this.#day) this.#output.write(`${day}\n`);
    this.#day = day;
    const elapsed = formatClock(now - this.#openedAt).padStart(8);
    this.#output.write(`${time} ${elapsed}  ${clean(text)}\n`);
  }
}

/** The day, `2026-11-23`, and the time, `21:00:00`, by the clock on the wall. */
function localTime(at: number): readonly [string, string] {
  const date = new Date(at);
  const joined = (parts: readonly number[], mark: string): string =>
    parts.map((part) => String(part).padStart(2, '0')).join(mark);
  return [
    joined([date.getFullYear(), date.getMonth() + 1, date.getDate()], '-'),
    joined([date.getHours(), date.getMinutes(), date.getSeconds()], ':'),
  ];
}

/** The line for an event; null where it is not worth one. */
function describe(event: Exclude<DisplayEvent, { type: 'trial_ended' }>): string | null {
  switch (event.type) {
    case 'started': {
      const where = [event.backend, event.workers && counted(event.workers, 'worker')].filter(Boolean).join(', ');
      const before = event.trials_ended > 0 ? ` (${event.trials_ended} ended before)` : '';
      const parts = `${counted(event.configs, 'config')} x ${counted(event.replicates, 'replicate')}`;
      const size = `${parts} = ${counted(event.trials, 'trial')}${before}`;
      return `${event.sweep}: ${size}${where ? `, ${where}` : ''}, into ${event.database}`;
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

/** Of long trials by their epochs: few of them end, and yet something goes on. */
function describeSpeed({ trials_per_minute, epochs_per_second }: Speed): string {
  return trials_per_minute >= 1
    ? `${formatRate(trials_per_minute)} trials/min`
    : `${formatRate(epochs_per_second)} epochs/s`;
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
  if (speed && snapshot.live) parts.push(describeSpeed(speed));
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
