/** The states of a trial as a table: which event leads from which state to which. Pure. */

import type { TrialState } from '../../../db/writes.ts';

export type TrialTransition =
  'start' | 'complete' | 'fail' | 'lose' | 'prune' | 'pause' | 'resume' | 'cancel' | 'retry';

/** What is not here must not happen. `completed`, `pruned` and `cancelled` have no way out: finished trials never change. */
export const TRIAL_TRANSITIONS: Readonly<Record<TrialState, Readonly<Partial<Record<TrialTransition, TrialState>>>>> = {
  queued: { start: 'running', cancel: 'cancelled' },
  running: {
    complete: 'completed',
    fail: 'failed',
    prune: 'pruned',
    lose: 'queued',
    pause: 'paused',
    cancel: 'cancelled',
  },
  paused: { resume: 'queued', cancel: 'cancelled' },
  completed: {},
  pruned: {},
  // Only a user's own `retry` reopens a failure.
  failed: { retry: 'queued' },
  cancelled: {},
};

/** The state after a transition. A transition that the table does not have is a defect, so it throws. */
export function nextTrialState(state: TrialState, transition: TrialTransition): TrialState {
  const next = TRIAL_TRANSITIONS[state][transition];
  if (next === undefined) throw new Error(`A trial that is ${state} must not ${transition}.`);
  return next;
}

/** Whether a trial has a result that stands: it is never run again by itself. */
export function hasEnded(state: TrialState): boolean {
  return state === 'completed' || state === 'pruned' || state === 'failed' || state === 'cancelled';
}
