/** How trials and cohorts end, in the words of the coordinator. Pure. */

import type { AttemptEnd, CohortEnd } from '../src/executor/executor.ts';
import { STATUS } from './train/stopping.ts';
import type { SlotEpoch } from './train/stack.ts';

/** Of a trial whose status says that it stopped. */
export function endOf({ epoch, status, keptEpoch }: SlotEpoch, lastLoss: number | undefined): AttemptEnd {
  if (status === STATUS.diverged) {
    return { state: 'failed', kind: 'diverged', epochs: epoch, ...divergence(epoch, lastLoss) };
  }
  const stop_reason = status === STATUS.early_stopping ? 'early_stopping' : 'epochs';
  return { state: 'completed', stop_reason, epochs: epoch, kept_epoch: keptEpoch };
}

/** Of a trial that has had all the seconds that it may take. */
export function timedOut(limit: number, epoch: number, lastLoss: number | undefined): AttemptEnd {
  return {
    state: 'failed',
    kind: 'timed_out',
    epochs: epoch,
    message: `a trial must end within ${limit} s (limits.timeout), but this one was only at epoch ${epoch}`,
    ...(lastLoss === undefined ? {} : { last_loss: lastLoss }),
  };
}

function divergence(epoch: number, lastLoss: number | undefined): { message: string; last_loss?: number } {
  const last =
    lastLoss === undefined
      ? 'no epoch before it had a training loss'
      : `last finite training loss ${Number(lastLoss.toPrecision(4))}`;
  return {
    message: `losses and weights must stay finite, but were not at epoch ${epoch} (${last})`,
    ...(lastLoss === undefined ? {} : { last_loss: lastLoss }),
  };
}

/** An error of one trial, before its first epoch. */
export function failedBy(error: unknown): AttemptEnd {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { state: 'failed', kind: 'error', epochs: 0, message, ...(stack ? { stack } : {}) };
}

/** An error outside any one trial. */
export function brokenBy(error: unknown): CohortEnd {
  return { reason: 'failed', ...describeError(error) };
}

/** Its kind, too: TensorFlow names exhausted memory in its messages. */
export function describeError(error: unknown): {
  readonly kind: 'out_of_memory' | 'error';
  readonly message: string;
  readonly stack?: string;
} {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const memory = /RESOURCE_EXHAUSTED|OOM when allocating|Array buffer allocation failed/.test(message);
  return { kind: memory ? 'out_of_memory' : 'error', message, ...(stack ? { stack } : {}) };
}
