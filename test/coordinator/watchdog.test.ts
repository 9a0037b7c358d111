/** Which silent cohorts are given up, over a clock that the test sets. */

import { describe, expect, test } from 'vitest';
import { type CohortLimits, Watchdog } from '../../src/coordinator/watchdog.ts';
import type { CohortEvent } from '../../src/executor/executor.ts';

const program: CohortLimits = { own: false, call: 0.1, stall: null, timeout: null };

function seat(trial: number): CohortEvent {
  return { type: 'trial_started', trial, slot: 0, width: 1, layout: 'single', company: [], resumed_from: 0 };
}
function progress(trial: number): CohortEvent {
  return { type: 'progress', trial, epoch: 1, train_loss: null, rows: [] };
}
function end(trial: number): CohortEvent {
  const how = { state: 'completed', stop_reason: 'epochs', epochs: 1, kept_epoch: 1 } as const;
  return { type: 'trial_ended', trial, end: how, seconds: 0, metrics: [] };
}

function watch(limits: CohortLimits, ...events: readonly (readonly [CohortEvent, number])[]): Watchdog {
  const watchdog = new Watchdog();
  watchdog.started(1, limits, 0);
  for (const [event, now] of events) watchdog.heard(1, event, now);
  return watchdog;
}

describe('a cohort', () => {
  test('of a program may be silent for a minute', () => {
    const watchdog = watch(program, [seat(1), 10]);
    expect(watchdog.overdue(70)).toEqual([]);
    expect(watchdog.overdue(70.5)).toMatchObject([{ cohort: 1, kind: 'stalled' }]);
    expect(watchdog.overdue(80)).toEqual([]);
  });

  test('with long calls may be silent for longer', () => {
    const watchdog = watch(program, [seat(1), 0], [progress(1), 30]);
    expect(watchdog.overdue(30 + 599)).toEqual([]);
    expect(watchdog.overdue(30 + 601)).toHaveLength(1);
  });

  test('that waits for trials is not silent', () => {
    expect(watch(program, [seat(1), 0], [end(1), 1]).overdue(1e6)).toEqual([]);
  });

  test('of a module is ended at its own limit, and at its time limit even though it reports', () => {
    const limits: CohortLimits = { own: true, call: 0, stall: 2, timeout: 100 };
    expect(watch(limits, [seat(1), 0]).overdue(2.5)).toMatchObject([{ kind: 'stalled' }]);
    expect(watch(limits, [seat(1), 0], [progress(1), 110]).overdue(110)).toEqual([]);
    expect(watch(limits, [seat(1), 0], [progress(1), 111]).overdue(111)).toMatchObject([{ kind: 'timed_out' }]);
  });

  test('whose worker never begins is given up, too', () => {
    expect(watch({ ...program, stall: 2 }).overdue(299)).toEqual([]);
    expect(watch(program).overdue(301)).toHaveLength(1);
  });
});
