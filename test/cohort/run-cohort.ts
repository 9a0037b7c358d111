/** Runs a cohort in this thread and gathers what it says. */

import type { CohortEnd, CohortEvent, CohortTask } from '../../src/executor/executor.ts';
import type { Backend } from '../../workers/backend/backend.ts';
import { Cohort, type CohortHost } from '../../workers/cohort.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';
import { buildDataset } from '../train/builders.ts';

export interface CohortRun {
  readonly end: CohortEnd;
  readonly events: readonly CohortEvent[];
}

export interface RunOptions extends Pick<CohortTask, 'checkpointSeconds' | 'limits'>, Pick<CohortHost, 'best'> {
  readonly width: number;
  readonly trials: readonly TrialTask[];
  readonly dataset?: CohortHost['dataset'];
  /** `on` answers every `wants_trials`; else the answer is that there are none. */
  readonly answersItself?: true;
  /** Called with every event; may add trials or stop the cohort. */
  readonly on?: (event: CohortEvent, cohort: Cohort) => void;
}

export async function runCohort(backend: Backend, program: Program, options: RunOptions): Promise<CohortRun> {
  const { width, trials, on, best, checkpointSeconds, limits } = options;
  const shared = buildDataset(program);
  const task: CohortTask = {
    version: 1,
    cohort: 1,
    program,
    width,
    trials,
    ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
    ...(limits ? { limits } : {}),
  };
  const events: CohortEvent[] = [];
  const cohort = new Cohort(task, {
    backend,
    dataset: options.dataset ?? (() => shared),
    worker: 3,
    ...(best ? { best } : {}),
    post: (event) => {
      events.push(event);
      // Every question must be answered; `on` may add some after all.
      if (event.type === 'wants_trials' && !options.answersItself) cohort.add([]);
      on?.(event, cohort);
    },
  });
  return { end: await cohort.run(), events };
}

export type EventOf<Type extends CohortEvent['type']> = Extract<CohortEvent, { type: Type }>;

export function eventsOf<Type extends CohortEvent['type']>(
  { events }: Pick<CohortRun, 'events'>,
  type: Type,
): readonly EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

/** All rows of a trial, over its progress events. */
export function rowsOf(run: Pick<CohortRun, 'events'>, trial: number): EventOf<'progress'>['rows'] {
  return eventsOf(run, 'progress').flatMap((event) => (event.trial === trial ? event.rows : []));
}

/** The events without those whose number and place depend on the speed of the machine, a word each. */
export function outline({ events }: Pick<CohortRun, 'events'>): readonly string[] {
  return events.flatMap((event): string[] => {
    switch (event.type) {
      case 'cohort_started':
        return ['cohort started'];
      case 'trial_started':
        return [
          `${event.trial} starts in slot ${event.slot} of ${event.width} with ${event.company.join(' ') || 'nobody'}`,
        ];
      case 'trial_ended':
        return [`${event.trial} ends as ${event.end.state} after ${event.end.epochs}`];
      case 'wants_trials':
        return [`wants ${event.count}`];
      case 'trial_noted':
        return [`${event.trial} ${event.note}`];
      case 'progress':
        return [];
    }
  });
}
