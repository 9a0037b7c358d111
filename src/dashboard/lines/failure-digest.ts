/** Failures as lines: the first few of each kind in full, the others counted, so that ten thousand do not fill a log. */

import { failedLine } from '../../event-lines.ts';
import type { DisplayEvent } from '../display.ts';

type TrialEnd = Extract<DisplayEvent, { type: 'trial_ended' }>;

/** Of each kind. */
const IN_FULL = 3;

export class FailureDigest {
  /** By kind. */
  readonly #told = new Map<string, number>();
  /** By kind: those that `rest` tells. */
  readonly #counted = new Map<string, number>();
  #newest: TrialEnd | undefined;

  /** The line for a trial that ended; null where it did not fail, or where `rest` tells it with others. */
  add(end: TrialEnd): string | null {
    if (end.state !== 'failed') return null;
    const kind = end.failure_kind ?? 'error';
    const told = this.#told.get(kind) ?? 0;
    if (told < IN_FULL) {
      this.#told.set(kind, told + 1);
      return failedLine(end, { kind, epoch: end.epochs, message: end.message });
    }
    this.#counted.set(kind, (this.#counted.get(kind) ?? 0) + 1);
    this.#newest = end;
    return null;
  }

  /** A line for those that had none since it was asked last; null where there are none. */
  rest(): string | null {
    const newest = this.#newest;
    if (!newest) return null;
    const counts = [...this.#counted].map(([kind, count]) => `${count} more ${kind}`);
    this.#counted.clear();
    this.#newest = undefined;
    return `failed: ${counts.join(', ')}; the newest: config ${newest.config} rep ${newest.replicate} at epoch ${newest.epochs}`;
  }
}
