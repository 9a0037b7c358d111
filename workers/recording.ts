/** Which epochs of a trial become rows in the database. Pure. */

import type { EpochRow } from '../src/executor/executor.ts';

/** `auto` keeps every epoch up to here. */
const FULL_EPOCHS = 500;

/** Whether an epoch (from 1) is recorded whatever its numbers: every 2nd from 501, every 4th from 1001, and so on. */
export function isRecorded(epoch: number, record: 'auto' | 'all'): boolean {
  if (record === 'all' || epoch <= FULL_EPOCHS) return true;
  const stride = 2 ** Math.ceil(Math.log2(epoch / FULL_EPOCHS));
  return epoch % stride === 0;
}

/** How many rows a trial of `epochs` leaves at most: the thinned ones, and the best, the kept and the last. */
export function recordedEpochs(epochs: number, record: 'auto' | 'all'): number {
  let count = Math.min(epochs, FULL_EPOCHS);
  if (record === 'all') return epochs;
  for (let from = FULL_EPOCHS, stride = 2; from < epochs; from *= 2, stride *= 2) {
    count += Math.floor(Math.min(epochs, from * 2) / stride) - Math.floor(from / stride);
  }
  return Math.min(epochs, count + (epochs > FULL_EPOCHS ? 3 : 0));
}

/** What a `Recorder` remembers; null where there is no such epoch yet. */
export interface RecorderState {
  readonly best: EpochRow | null;
  readonly kept: EpochRow | null;
  readonly last: EpochRow;
}

/** Rows of a trial that are held back because a later epoch may take their place. */
export class Recorder {
  readonly #record: 'auto' | 'all';
  /** Column by which an epoch is best, and 1 or -1 for lower or higher is better. */
  readonly #column: number;
  readonly #sign: 1 | -1;
  #best: EpochRow | undefined;
  #kept: EpochRow | undefined;
  #last: EpochRow | undefined;

  /** @param from where an earlier recorder of the same trial left off */
  constructor(record: 'auto' | 'all', column: number, sign: 1 | -1, from?: RecorderState) {
    this.#record = record;
    this.#column = column;
    this.#sign = sign;
    this.#best = from?.best ?? undefined;
    this.#kept = from?.kept ?? undefined;
    this.#last = from?.last;
  }

  /** The row of the kept epoch. */
  get kept(): EpochRow | undefined {
    return this.#kept;
  }

  get last(): EpochRow | undefined {
    return this.#last;
  }

  /** Undefined before the first epoch. */
  get state(): RecorderState | undefined {
    return this.#last && { best: this.#best ?? null, kept: this.#kept ?? null, last: this.#last };
  }

  /** Takes the next epoch; the rows to record now. */
  take(row: EpochRow, keptEpoch: number): readonly EpochRow[] {
    this.#last = row;
    if (keptEpoch === row.epoch) this.#kept = row;
    const value = row.values[this.#column] ?? Number.NaN;
    const best = this.#best?.values[this.#column] ?? Infinity * this.#sign;
    if (value * this.#sign < best * this.#sign) this.#best = row;
    return isRecorded(row.epoch, this.#record) ? [row] : [];
  }

  /** What is still owed when the trial ends: best, kept and last, as far as they were not recorded. */
  finish(): readonly EpochRow[] {
    const owed = [this.#best, this.#kept, this.#last].filter((row) => row !== undefined);
    const rows = new Map(owed.filter(({ epoch }) => !isRecorded(epoch, this.#record)).map((row) => [row.epoch, row]));
    return [...rows.values()].sort((a, b) => a.epoch - b.epoch);
  }
}
