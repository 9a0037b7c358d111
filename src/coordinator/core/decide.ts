/**
 * The coordinator's decisions: what each event means for the trials, as data that the thin loop around it carries out.
 * Deterministic and without input or output; the state is changed in place, since it may hold 100,000 trials.
 */

import type { Write } from '../../../db/writes.ts';
import type { AttemptEnd, CohortEnd, CohortEvent, FailureKind } from '../../executor/executor.ts';
import { FAILURE_ADVICE, RETRY_RULES, mayRetry } from './retries.ts';
import { nextGrant, refillCount } from './schedule.ts';
import type { CoreAttempt, CoreCohort, CoreState, CoreTrial, Stop } from './state.ts';
import { type TrialTransition, nextTrialState } from './trial-states.ts';

export type CoreEvent =
  | { readonly type: 'begin' }
  | { readonly type: 'cohort'; readonly cohort: number; readonly event: CohortEvent }
  | { readonly type: 'cohort_ended'; readonly cohort: number; readonly end: CohortEnd }
  | { readonly type: 'stop'; readonly when: Stop };

export type CoreCommand =
  | {
      readonly type: 'start_cohort';
      readonly cohort: number;
      readonly program: number;
      readonly width: number;
      readonly trials: readonly number[];
    }
  | { readonly type: 'add_trials'; readonly cohort: number; readonly trials: readonly number[] }
  | { readonly type: 'stop_cohort'; readonly cohort: number; readonly when: Stop };

/** `writes` must be committed before `commands` are carried out: an attempt never starts without its intent on disk. */
export interface Decision {
  readonly writes: readonly Write[];
  readonly commands: readonly CoreCommand[];
}

/** Cohorts that break before any trial has a slot are no trial's fault: after so many in a row the run gives up. */
const FAILED_STARTS = 3;

/** A decision while it is being made. */
interface Draft {
  readonly writes: Write[];
  readonly commands: CoreCommand[];
}

type CohortFailure = Extract<CohortEnd, { reason: 'failed' }>;

/** Applies one event. Throws on an event that contradicts the state: a defect, of ours or of the executor. */
export function decide(state: CoreState, event: CoreEvent): Decision {
  const draft: Draft = { writes: [], commands: [] };
  switch (event.type) {
    case 'begin':
      break;
    case 'stop':
      stopCohorts(state, event.when, draft);
      break;
    case 'cohort':
      onCohortEvent(state, cohortOf(state, event.cohort), event.event, draft);
      break;
    case 'cohort_ended':
      onCohortEnd(state, cohortOf(state, event.cohort), event.end, draft);
      break;
  }
  if (!state.stop) startCohorts(state, draft);
  return draft;
}

function cohortOf(state: CoreState, id: number): CoreCohort {
  const cohort = state.cohorts.get(id);
  if (!cohort) throw new Error(`An event came from cohort ${id}, which does not run.`);
  return cohort;
}

function openTrial(state: CoreState, cohort: CoreCohort, id: number): { trial: CoreTrial; attempt: CoreAttempt } {
  const trial = state.trials.get(id);
  if (!trial?.attempt || !cohort.open.has(trial)) {
    throw new Error(`Cohort ${cohort.id} reported trial ${id}, which it does not hold.`);
  }
  return { trial, attempt: trial.attempt };
}

function stopCohorts(state: CoreState, when: Stop, draft: Draft): void {
  if (state.stop === 'now' || state.stop === when) return;
  state.stop = when;
  for (const cohort of state.cohorts.keys()) draft.commands.push({ type: 'stop_cohort', cohort, when });
}

function onCohortEvent(state: CoreState, cohort: CoreCohort, event: CohortEvent, draft: Draft): void {
  if (event.type === 'cohort_started') {
    cohort.started = event;
    return;
  }
  const { started } = cohort;
  if (!started) throw new Error(`Cohort ${cohort.id} sent ${event.type} before cohort_started.`);
  if (event.type === 'wants_trials') {
    refill(state, cohort, event.count, draft);
    return;
  }
  const { trial, attempt } = openTrial(state, cohort, event.trial);
  switch (event.type) {
    case 'trial_started': {
      const { slot, width, layout, company } = event;
      const { worker, backend, fingerprint } = started;
      attempt.slot = slot;
      cohort.placed = true;
      state.failedStarts = 0;
      const place = { worker, slot, width, layout, backend, fingerprint, company };
      draft.writes.push({ type: 'attempt_placed', trial: trial.id, ...place });
      return;
    }
    case 'progress':
      attempt.epoch = event.epoch;
      attempt.train_loss = event.train_loss;
      if (event.rows.length > 0) {
        // A best or kept epoch may be told late, after ones that follow it.
        attempt.recorded = Math.max(attempt.recorded, ...event.rows.map((row) => row.epoch));
        draft.writes.push({ type: 'epochs', trial: trial.id, metrics: started.metrics, rows: event.rows });
      }
      return;
    case 'trial_noted':
      draft.writes.push({ type: 'attempt_noted', trial: trial.id, note: event.note });
      return;
    case 'trial_ended': {
      const { end, seconds, metrics: values, own } = event;
      cohort.open.delete(trial);
      if (end.state === 'failed' && mayRetry(end.kind, trial.failures)) {
        trial.alone ||= RETRY_RULES[end.kind].alone;
        retry(state, trial, end.kind, end.message, draft);
      } else {
        finish(trial, end, { seconds, metrics: started.metrics, values, ...(own ? { own } : {}) }, draft);
      }
    }
  }
}

function onCohortEnd(state: CoreState, cohort: CoreCohort, end: CohortEnd, draft: Draft): void {
  state.cohorts.delete(cohort.id);
  if (end.reason === 'failed' && !cohort.placed) {
    state.failedStarts += 1;
    if (state.failedStarts >= FAILED_STARTS && !state.broken) {
      state.broken = end;
      stopCohorts(state, 'chunk', draft);
    }
  }
  for (const trial of cohort.open) {
    if (end.reason === 'failed' && trial.attempt?.slot !== undefined) blame(state, cohort, trial, end, draft);
    else release(state, trial, end.reason === 'failed' ? 'lost' : 'interrupted', null, draft);
  }
}

/** A cohort broke while the trial had a slot. Which trial was at fault is unknown, so each is tried without the others. */
function blame(state: CoreState, cohort: CoreCohort, trial: CoreTrial, failure: CohortFailure, draft: Draft): void {
  const { kind, message, stack } = failure;
  if (!cohort.alone || mayRetry(kind, trial.failures)) {
    trial.alone = true;
    retry(state, trial, kind, message, draft);
    return;
  }
  const epochs = trial.attempt?.recorded ?? 0;
  const end: AttemptEnd = { state: 'failed', kind, epochs, message, ...(stack === undefined ? {} : { stack }) };
  finish(trial, end, { seconds: 0, metrics: [], values: [] }, draft);
}

function finish(
  trial: CoreTrial,
  end: AttemptEnd,
  result: Pick<Extract<Write, { type: 'trial_ended' }>, 'seconds' | 'metrics' | 'values' | 'own'>,
  draft: Draft,
): void {
  move(trial, end.state === 'completed' ? 'complete' : 'fail');
  trial.attempt = undefined;
  const advice = end.state === 'failed' ? FAILURE_ADVICE[end.kind] : null;
  draft.writes.push({ type: 'trial_ended', trial: trial.id, end, ...result, advice });
}

function retry(state: CoreState, trial: CoreTrial, kind: FailureKind, message: string, draft: Draft): void {
  trial.failures = [...trial.failures, kind];
  release(state, trial, 'retried', `${kind}: ${message}`, draft);
}

/** Ends the attempt without a result and queues the trial again. */
function release(
  state: CoreState,
  trial: CoreTrial,
  outcome: Extract<Write, { type: 'attempt_lost' }>['outcome'],
  message: string | null,
  draft: Draft,
): void {
  move(trial, 'lose');
  trial.attempt = undefined;
  draft.writes.push({ type: 'attempt_lost', trial: trial.id, outcome, message });
  if (trial.alone) state.alone.push(trial);
  else state.waiting.putBack(trial);
}

/** Answers a cohort that asks for trials, perhaps with none: it may be waiting. */
function refill(state: CoreState, cohort: CoreCohort, wanted: number, draft: Draft): void {
  const none = state.stop !== undefined || cohort.alone;
  const count = none ? 0 : refillCount(state.waiting, servedPrograms(state), cohort.program, wanted, state.workers);
  const trials = state.waiting.take(cohort.program, count);
  handOver(state, cohort, trials, draft);
  draft.commands.push({ type: 'add_trials', cohort: cohort.id, trials: trials.map((trial) => trial.id) });
}

function startCohorts(state: CoreState, draft: Draft): void {
  while (state.cohorts.size < state.workers) {
    const grant = nextGrant(state.waiting, servedPrograms(state), (program) => state.widest[program]!, state.workers);
    if (grant) {
      const trials = state.waiting.take(grant.program, grant.count);
      startCohort(state, grant.program, grant.width, trials, false, draft);
      continue;
    }
    // Trials that are to run alone come last: each keeps a whole worker.
    const lone = state.alone.shift();
    if (!lone) return;
    startCohort(state, lone.program, 1, [lone], true, draft);
  }
}

function startCohort(
  state: CoreState,
  program: number,
  width: number,
  trials: readonly CoreTrial[],
  alone: boolean,
  draft: Draft,
): void {
  const id = state.nextCohort;
  state.nextCohort += 1;
  const cohort: CoreCohort = { id, program, alone, open: new Set(), placed: false, started: undefined };
  state.cohorts.set(id, cohort);
  handOver(state, cohort, trials, draft);
  draft.commands.push({ type: 'start_cohort', cohort: id, program, width, trials: trials.map((trial) => trial.id) });
}

function handOver(state: CoreState, cohort: CoreCohort, trials: readonly CoreTrial[], draft: Draft): void {
  for (const trial of trials) {
    move(trial, 'start');
    trial.attempt = { slot: undefined, epoch: 0, recorded: 0, train_loss: null };
    cohort.open.add(trial);
    draft.writes.push({ type: 'attempt_started', trial: trial.id, cohort: cohort.id, run: state.run });
  }
}

function move(trial: CoreTrial, transition: TrialTransition): void {
  trial.state = nextTrialState(trial.state, transition);
}

function servedPrograms(state: CoreState): number[] {
  return [...state.cohorts.values()].map((cohort) => cohort.program);
}
