/** What is measured of the coordinator's process between two looks. */

import { expect, test } from 'vitest';
import type { CoreCohort, CoreTrial } from '../../src/coordinator/core/state.ts';
import { VitalsMeter, type ProcessUse } from '../../src/coordinator/vitals.ts';
import type { WorkerUse } from '../../src/executor/executor.ts';

const GB = 1e9;

/** A cohort on a worker, with trials in so many slots and others in its backlog. */
function cohortOn(worker: number, seated: number, waiting: number): CoreCohort {
  const trials = Array.from({ length: seated + waiting }, (_, id): CoreTrial => {
    const attempt = { slot: id < seated ? id : undefined, epoch: 0, recorded: 0, train_loss: null, held: [] };
    return {
      id,
      config: id,
      replicate: 0,
      program: 0,
      position: id,
      state: 'running',
      epochs: 0,
      attempt,
      failures: [],
      alone: false,
    };
  });
  return {
    id: worker,
    program: 0,
    alone: false,
    open: new Set(trials),
    placed: true,
    stopping: undefined,
    started: { type: 'cohort_started', worker, backend: 'cpu', fingerprint: 'f', metrics: [] },
  };
}

function open(uses: readonly WorkerUse[] = []) {
  const cohorts = new Map<number, CoreCohort>();
  let now: ProcessUse = { clock: 1000, cpu: 300, resident: GB };
  const meter = new VitalsMeter({ core: { cohorts }, executor: { use: () => uses }, memoryLimit: 8 * GB }, () => now);
  const measureAt = (next: Partial<ProcessUse>) => {
    now = { ...now, ...next };
    return meter.measure(7);
  };
  return { cohorts, measureAt };
}

test('cores in use are processor time over time since the last look', () => {
  const { measureAt } = open();
  expect(measureAt({ clock: 3000, cpu: 3300, resident: 2 * GB })).toMatchObject({
    at: 7,
    cores: 1.5,
    memory: 2 * GB,
    memory_limit: 8 * GB,
  });
  expect(measureAt({ clock: 5000, cpu: 3300 }).cores).toBe(0);
  expect(measureAt({}).cores).toBe(0);
});

test('a worker trains the trials that have slots; those in its backlog wait', () => {
  const { cohorts, measureAt } = open([
    { worker: 1, busy: 0.5, heap: 100 },
    { worker: 2, busy: 0, heap: null },
  ]);
  cohorts.set(1, cohortOn(1, 3, 2));
  expect(measureAt({ clock: 2000 }).workers).toEqual([
    { worker: 1, busy: 0.5, heap: 100, trials: 3 },
    { worker: 2, busy: 0, heap: null, trials: 0 },
  ]);
});

test('only time in which trials have slots counts as training', () => {
  const { cohorts, measureAt } = open();
  cohorts.set(1, cohortOn(1, 0, 1));
  expect(measureAt({ clock: 3000 }).training_seconds).toBe(0);
  cohorts.set(1, cohortOn(1, 1, 0));
  expect(measureAt({ clock: 5000 }).training_seconds).toBe(2);
  cohorts.clear();
  expect(measureAt({ clock: 9000 }).training_seconds).toBe(2);
});
