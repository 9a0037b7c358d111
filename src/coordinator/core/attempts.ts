/** From an attempt's beginning to its end: how each step changes the trial, and what is written of it. */

import type { Write } from '../../../db/writes.ts';
import type { AttemptEnd, CohortEnd, CohortEvent, FailureKind, ResumePoint } from '../../executor/executor.ts';
import type { MetricName } from '../../metrics.ts';
import { FAILURE_ADVICE, RETRY_RULES, mayRetry } from './retries.ts';
import type { CoreAttempt, CoreCohort, CoreState, CoreTrial } from './state.ts';
import { type TrialTransition, nextTrialState } from './trial-states.ts';

/** What a cohort says about one of its trials. */
export type TrialEvent = Extract<CohortEvent, { readonly trial: number }>;
export type CohortFailure = Extract<CohortEnd, { reason: 'failed' }>;

/** Hands trials over to a cohort. `alone`: nothing else is in flight, nor will be while they are on probation. */
export function handOver(
  state: CoreState,
  cohort: CoreCohort,
  trials: readonly CoreTrial[],
  alone: boolean,
  writes: Write[],
): void {
  for (const trial of trials) {
    move(trial, 'start');
    trial.attempt = { slot: undefined, epoch: trial.epochs, recorded: trial.epochs, train_loss: null, held: [] };
    cohort.open.add(trial);
    writes.push({ type: 'attempt_started', trial: trial.id, cohort: cohort.id, run: state.run, alone });
  }
}

/** Applies what a cohort that has started says about a trial. Throws where it does not hold that trial. */
export function onTrialEvent(state: CoreState, cohort: CoreCohort, event: TrialEvent, writes: Write[]): void {
  const { started } = cohort;
  if (!started) throw new Error(`Cohort ${cohort.id} sent ${event.type} before cohort_started.`);
  const trial = state.trials.get(event.trial);
  const attempt = trial?.attempt;
  if (!attempt || !cohort.open.has(trial)) {
    throw new Error(`Cohort ${cohort.id} reported trial ${event.trial}, which it does not hold.`);
  }
  const resumePoint = (epoch: number, bytes?: Uint8Array): { checkpoint?: ResumePoint } =>
    bytes ? { checkpoint: { epoch, fingerprint: started.fingerprint, bytes } } : {};
  switch (event.type) {
    case 'trial_started': {
      const { slot, width, layout, company, resumed_from } = event;
      const { worker, backend, fingerprint } = started;
      cohort.placed = true;
      state.failedStarts = 0;
      trial.epochs = resumed_from;
      Object.assign(attempt, { slot, epoch: resumed_from, recorded: resumed_from });
      const place = { worker, slot, width, layout, backend, fingerprint, company, resumed_from };
      writes.push({ type: 'attempt_placed', trial: trial.id, ...place });
      return;
    }
    case 'progress': {
      const { epoch, train_loss, rows } = event;
      Object.assign(attempt, { epoch, train_loss });
      if (event.checkpoint) {
        if (epoch > trial.epochs) state.suspects.checkpointed(trial);
        trial.epochs = epoch;
      }
      attempt.held.push(...rows);
      // A module's trial, which begins anew when it is lost, shows its rows as they come.
      const isOwn = rows.some(({ own }) => own);
      if (event.checkpoint || isOwn)
        recordHeld(trial, attempt, started.metrics, writes, resumePoint(epoch, event.checkpoint));
      return;
    }
    case 'trial_noted':
      writes.push({ type: 'attempt_noted', trial: trial.id, note: event.note });
      return;
    case 'trial_ended': {
      const { end, seconds, metrics: values, own } = event;
      cohort.open.delete(trial);
      if (end.state === 'failed' && mayRetry(end.kind, trial.failures)) {
        trial.alone ||= RETRY_RULES[end.kind].alone;
        retry(state, trial, end.kind, end.message, writes);
        return;
      }
      recordHeld(trial, attempt, started.metrics, writes);
      const result = { seconds, metrics: started.metrics, values, ...(own ? { own } : {}) };
      finish(state, trial, end, { ...result, ...resumePoint(end.epochs, event.checkpoint) }, writes);
    }
  }
}

/** Writes the rows that were held back for what they are to be committed with: a checkpoint or the trial's end. */
function recordHeld(
  { id: trial }: CoreTrial,
  attempt: CoreAttempt,
  metrics: readonly MetricName[],
  writes: Write[],
  resumePoint: { readonly checkpoint?: ResumePoint } = {},
): void {
  const rows = attempt.held;
  if (rows.length === 0 && !resumePoint.checkpoint) return;
  attempt.held = [];
  // A best or kept epoch may be told late, after ones that follow it.
  attempt.recorded = Math.max(attempt.recorded, ...rows.map((row) => row.epoch));
  writes.push({ type: 'epochs', trial, metrics, rows, ...resumePoint });
}

/**
 * A cohort broke while the trial had a slot. Where others had one too, nobody knows which was at fault, so each is tried
 * without the others.
 * @param seated trials of the cohort that had a slot
 */
export function blame(
  state: CoreState,
  trial: CoreTrial,
  seated: number,
  failure: CohortFailure,
  writes: Write[],
): void {
  const { kind, message, stack } = failure;
  if (seated > 1 || mayRetry(kind, trial.failures)) {
    trial.alone = true;
    retry(state, trial, kind, message, writes);
    return;
  }
  const epochs = trial.attempt?.recorded ?? 0;
  const end: AttemptEnd = { state: 'failed', kind, epochs, message, ...(stack === undefined ? {} : { stack }) };
  finish(state, trial, end, { seconds: 0, metrics: [], values: [] }, writes);
}

function finish(
  state: CoreState,
  trial: CoreTrial,
  end: AttemptEnd,
  result: Pick<Extract<Write, { type: 'trial_ended' }>, 'seconds' | 'metrics' | 'values' | 'own' | 'checkpoint'>,
  writes: Write[],
): void {
  move(trial, end.state === 'completed' ? 'complete' : 'fail');
  trial.attempt = undefined;
  state.suspects.ended(trial);
  const advice = end.state === 'failed' ? adviceOn(state, trial, end.kind) : null;
  writes.push({ type: 'trial_ended', trial: trial.id, end, ...result, advice });
}

function adviceOn({ divergenceAdvice }: CoreState, { config }: CoreTrial, kind: FailureKind): string {
  return (kind === 'diverged' ? divergenceAdvice(config) : undefined) ?? FAILURE_ADVICE[kind];
}

function retry(state: CoreState, trial: CoreTrial, kind: FailureKind, message: string, writes: Write[]): void {
  trial.failures = [...trial.failures, kind];
  release(state, trial, 'retried', `${kind}: ${message}`, writes);
}

/** Ends the attempt without a result and queues the trial again; one that is on probation stays so. */
export function release(
  state: CoreState,
  trial: CoreTrial,
  outcome: Extract<Write, { type: 'attempt_lost' }>['outcome'],
  message: string | null,
  writes: Write[],
): void {
  move(trial, 'lose');
  trial.attempt = undefined;
  writes.push({ type: 'attempt_lost', trial: trial.id, outcome, message });
  const queue = state.suspects.isOnProbation(trial) ? state.probation : state.queue;
  queue.putBack(trial);
}

function move(trial: CoreTrial, transition: TrialTransition): void {
  trial.state = nextTrialState(trial.state, transition);
}
