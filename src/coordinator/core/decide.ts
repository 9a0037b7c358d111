/**
 * The coordinator's decisions: what each event means for the trials, as data that the thin loop around it carries out.
 * Deterministic and without input or output; the state is changed in place, since it may hold 100,000 trials.
 */

import type { Write } from '../../../db/writes.ts';
import type { CohortEnd, CohortEvent } from '../../executor/executor.ts';
import { blame, handOver, onTrialEvent, release } from './attempts.ts';
import type { TrialQueue } from './queue.ts';
import { nextGrant, refillCount } from './schedule.ts';
import type { CoreCohort, CoreState, CoreTrial, HoldReason, Stop } from './state.ts';

export type CoreEvent =
  | { readonly type: 'begin' }
  | { readonly type: 'cohort'; readonly cohort: number; readonly event: CohortEvent }
  | { readonly type: 'cohort_ended'; readonly cohort: number; readonly end: CohortEnd }
  /** Running cohorts end, and nothing is started any more. */
  | { readonly type: 'stop'; readonly when: Stop }
  /** Running cohorts end after their chunk, and nothing is started until each reason has been released. */
  | { readonly type: 'hold'; readonly reason: HoldReason }
  | { readonly type: 'release'; readonly reason: HoldReason }
  /** So many cohorts may run from now on, at least one: surplus ones end after their chunk, the newest first. */
  | { readonly type: 'share'; readonly workers: number };

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

/** Applies one event. Throws on an event that contradicts the state: a defect, of ours or of the executor. */
export function decide(state: CoreState, event: CoreEvent): Decision {
  const draft: Draft = { writes: [], commands: [] };
  switch (event.type) {
    case 'begin':
      break;
    case 'stop':
      stopRun(state, event.when, draft);
      break;
    case 'hold':
      state.holds.add(event.reason);
      stopCohorts(state.cohorts.values(), 'chunk', draft);
      break;
    case 'release':
      state.holds.delete(event.reason);
      break;
    case 'share':
      state.workers = event.workers;
      stopSurplus(state, draft);
      break;
    case 'cohort':
      onCohortEvent(state, cohortOf(state, event.cohort), event.event, draft);
      break;
    case 'cohort_ended':
      onCohortEnd(state, cohortOf(state, event.cohort), event.end, draft);
      break;
  }
  if (!state.stop && state.holds.size === 0) {
    callSuspects(state, draft);
    startCohorts(state, draft);
  }
  return draft;
}

function cohortOf(state: CoreState, id: number): CoreCohort {
  const cohort = state.cohorts.get(id);
  if (!cohort) throw new Error(`An event came from cohort ${id}, which does not run.`);
  return cohort;
}

function stopRun(state: CoreState, when: Stop, draft: Draft): void {
  if (state.stop !== 'now') state.stop = when;
  stopCohorts(state.cohorts.values(), when, draft);
}

/** Tells cohorts to stop, those that were not yet told so. They count as running until they have ended. */
function stopCohorts(cohorts: Iterable<CoreCohort>, when: Stop, draft: Draft): void {
  for (const cohort of cohorts) {
    if (cohort.stopping === 'now' || cohort.stopping === when) continue;
    cohort.stopping = when;
    draft.commands.push({ type: 'stop_cohort', cohort: cohort.id, when });
  }
}

/** Stops the newest cohorts where more go on than there are workers. */
function stopSurplus(state: CoreState, draft: Draft): void {
  const lasting = [...state.cohorts.values()].filter((cohort) => !cohort.stopping);
  stopCohorts(lasting.slice(state.workers), 'chunk', draft);
}

function onCohortEvent(state: CoreState, cohort: CoreCohort, event: CohortEvent, draft: Draft): void {
  switch (event.type) {
    case 'cohort_started':
      cohort.started = event;
      noteCompiled(state, event.worker, cohort.program);
      return;
    case 'wants_trials':
      refill(state, cohort, event.count, draft);
      return;
    default:
      onTrialEvent(state, cohort, event, draft.writes);
  }
}

function onCohortEnd(state: CoreState, cohort: CoreCohort, end: CohortEnd, draft: Draft): void {
  state.cohorts.delete(cohort.id);
  // Its thread may have been ended.
  if (cohort.started && end.reason !== 'finished') state.compiled.delete(cohort.started.worker);
  if (end.reason === 'failed' && !cohort.placed) {
    state.failedStarts += 1;
    if (state.failedStarts >= FAILED_STARTS && !state.broken) {
      state.broken = end;
      stopRun(state, 'chunk', draft);
    }
  }
  const isSeated = ({ attempt }: CoreTrial): boolean => attempt?.slot !== undefined;
  const seated = [...cohort.open].filter(isSeated).length;
  for (const trial of cohort.open) {
    if (end.reason === 'failed' && isSeated(trial)) blame(state, trial, seated, end, draft.writes);
    else release(state, trial, end.reason === 'failed' ? 'lost' : 'interrupted', null, draft.writes);
  }
}

/** The queue that is served: suspects keep all others waiting. */
function openQueue(state: CoreState): TrialQueue<CoreTrial> {
  return state.suspects.pending ? state.probation : state.queue;
}

/** Answers a cohort that asks for trials, perhaps with none: it may be waiting. */
function refill(state: CoreState, cohort: CoreCohort, wanted: number, draft: Draft): void {
  const { sociable } = openQueue(state);
  const none = cohort.stopping !== undefined || cohort.alone;
  const count = none ? 0 : refillCount(sociable, servedPrograms(state), cohort.program, wanted, state.workers);
  const trials = sociable.take(cohort.program, count);
  handOver(state, cohort, trials, false, draft.writes);
  draft.commands.push({ type: 'add_trials', cohort: cohort.id, trials: trials.map((trial) => trial.id) });
}

/** Puts the next suspects on probation, once those before them are through and all else has been stopped. */
function callSuspects(state: CoreState, draft: Draft): void {
  const { suspects, cohorts, probation } = state;
  if (suspects.waiting === 0 || suspects.onProbation > 0) return;
  if (cohorts.size > 0) stopCohorts(cohorts.values(), 'chunk', draft);
  else for (const suspect of suspects.nextGroup()) probation.putBack(suspect);
}

function startCohorts(state: CoreState, draft: Draft): void {
  const queue = openQueue(state);
  while (state.cohorts.size < state.workers) {
    const compiled = compiledByFreeWorker(state);
    const facts = {
      held: (program: number) => heldTrials(state, program),
      widest: (program: number) => state.widest[program]!,
      isCompiled: (program: number) => compiled.has(program),
    };
    const grant = nextGrant(queue.sociable, servedPrograms(state), facts, state.workers);
    if (grant) {
      const trials = queue.sociable.take(grant.program, grant.count);
      startCohort(state, grant.program, grant.width, trials, false, draft);
      continue;
    }
    // Trials that are to run alone come last: each keeps a whole worker.
    const lone = queue.takeAlone();
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
  const onlyOne = state.suspects.onProbation === 1 && state.cohorts.size === 0;
  const cohort: CoreCohort = {
    id,
    program,
    alone,
    open: new Set(),
    placed: false,
    stopping: undefined,
    started: undefined,
  };
  state.cohorts.set(id, cohort);
  handOver(state, cohort, trials, onlyOne, draft.writes);
  draft.commands.push({ type: 'start_cohort', cohort: id, program, width, trials: trials.map((trial) => trial.id) });
}

function noteCompiled({ compiled }: CoreState, worker: number, program: number): void {
  compiled.set(worker, (compiled.get(worker) ?? new Set()).add(program));
}

/** The programs that the next cohort's worker has compiled, where it is known which one that will be. */
function compiledByFreeWorker({ cohorts, compiled }: CoreState): ReadonlySet<number> {
  const busy = [...cohorts.values()].map(({ started }) => started?.worker);
  const free = [...compiled.keys()].filter((worker) => !busy.includes(worker));
  const isKnown = free.length === 1 && !busy.includes(undefined);
  return isKnown ? compiled.get(free[0]!)! : new Set();
}

function servedPrograms(state: CoreState): number[] {
  return [...state.cohorts.values()].map((cohort) => cohort.program);
}

/** Trials of a program that running cohorts have in slots and backlogs. */
function heldTrials(state: CoreState, program: number): number {
  return [...state.cohorts.values()].reduce(
    (sum, cohort) => sum + (cohort.program === program ? cohort.open.size : 0),
    0,
  );
}
