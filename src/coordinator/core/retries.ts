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
  // It would take as long again.
  timed_out: { retries: 0, alone: false },
};

/** One line on what a user can do about a failure. */
export const FAILURE_ADVICE: Readonly<Record<FailureKind, string>> = {
  diverged:
    'the usual causes are the learning rate (lower it or clip gradients), the data (scale features and target) and the loss',
  error: 'the message says what went wrong; the log has the stack',
  out_of_memory:
    'use a smaller batch_size or model, fewer --workers or a higher --memory-limit, then `retry --failed --kind out_of_memory`',
  crashed:
    'native code took its thread or process down: see the log, try --backend wasm, then `retry --failed --kind crashed`',
  stalled:
    'nothing came from it for too long: look for an endless loop or raise stall_timeout under `limits` in the definition, then `retry --failed --kind stalled`',
  timed_out:
    'raise timeout or epochs under `limits` in the definition or train for less, then `retry --failed --kind timed_out`',
};

/** Whether an attempt that failed with `kind` is tried again, when `earlier` attempts in this run failed so, too. */
export function mayRetry(kind: FailureKind, earlier: readonly FailureKind[]): boolean {
  return earlier.filter((other) => other === kind).length < RETRY_RULES[kind].retries;
}
