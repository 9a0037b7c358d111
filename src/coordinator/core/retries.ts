/** What happens to a trial whose attempt failed, per kind of failure: a table. Pure. */

import type { FailureKind } from '../../executor/executor.ts';

export interface RetryRule {
  /** Further attempts after failures of this kind, within one run of the coordinator. */
  readonly retries: number;
  /** Whether they run in a cohort of their own, so that the trial can neither harm nor be harmed by company. */
  readonly alone: boolean;
}

export const RETRY_RULES: Readonly<Record<FailureKind, RetryRule>> = {
  // A trial is a deterministic function of its definition: it would diverge again.
  diverged: { retries: 0, alone: false },
  error: { retries: 1, alone: false },
  out_of_memory: { retries: 1, alone: true },
  crashed: { retries: 1, alone: true },
  stalled: { retries: 1, alone: true },
  timed_out: { retries: 1, alone: true },
};

/** One line on what a user can do about a failure. */
export const FAILURE_ADVICE: Readonly<Record<FailureKind, string>> = {
  diverged:
    'the usual causes are the learning rate (lower it or clip gradients), the data (scale features and target) and the loss',
  error: 'the message says what went wrong; the log has the stack',
  out_of_memory: 'use a smaller batch_size or model, or run with fewer --workers',
  crashed: 'native code ended its thread; try --backend wasm, and see the log',
  stalled: 'no progress for too long; see the log',
  timed_out: 'it took longer than its time limit',
};

/** Whether an attempt that failed with `kind` is tried again, when `earlier` attempts in this run failed so, too. */
export function mayRetry(kind: FailureKind, earlier: readonly FailureKind[]): boolean {
  return earlier.filter((other) => other === kind).length < RETRY_RULES[kind].retries;
}
