/** The simulated executor conforms, and its time is virtual. */

import { describe, expect, test } from 'vitest';
import type { CohortEvent, CohortTask, ResumePoint } from '../../src/executor/executor.ts';
import { type SimulatedAttempt, SimulatedExecutor } from '../../src/executor/simulated.ts';
import type { TrialTask } from '../../workers/train/program.ts';
import { FATES, executorConformance } from '../conformance/executor.ts';

function simulate({ hyper }: TrialTask): SimulatedAttempt {
  const epochs = hyper['epochs'] ?? 1;
  const fate = hyper['fate'];
  const outcome =
    fate === FATES.breaks ? { breaks: 'crashed' as const } : fate === FATES.diverges ? 'diverges' : 'completes';
  return { epochs, secondsPerEpoch: 1, outcome };
}

executorConformance('the simulated executor', (workers) => new SimulatedExecutor({ workers, simulate }));

/** One trial of a program with a single metric. */
function cohort(resume?: ResumePoint): CohortTask {
  const trial = { trial: 1, seed: 1, replicate: 0, initializers: [], hyper: {}, ...(resume ? { resume } : {}) };
  return { version: 1, cohort: 1, width: 1, program: { metrics: ['train_loss'] } as never, trials: [trial as never] };
}

test('a night passes in a moment of real time', async () => {
  const executor = new SimulatedExecutor({
    workers: 1,
    chunkSeconds: 600,
    simulate: () => ({ epochs: 480, secondsPerEpoch: 60, outcome: 'completes' }),
  });
  await executor.start(cohort(), () => {}).ended;
  expect(executor.now).toBe(8 * 3600);
});

describe('a checkpoint', () => {
  const simulateTen = (): SimulatedAttempt => ({ epochs: 10, secondsPerEpoch: 1, outcome: 'completes' });
  const executor = new SimulatedExecutor({ workers: 1, simulate: simulateTen });

  /** Runs until the end, or until `stopAt` epochs; the epochs that have a row and the last checkpoint. */
  async function run(task: CohortTask, stopAt = Infinity) {
    const events: CohortEvent[] = [];
    const running = executor.start(task, (event) => {
      events.push(event);
      if (event.type === 'progress' && event.epoch >= stopAt) running.stop('chunk');
    });
    await running.ended;
    const progress = events.filter((event) => event.type === 'progress');
    const rows = progress.flatMap((event) => event.rows.map((row) => row.epoch));
    return { events, progress, rows, last: progress.findLast((event) => event.checkpoint) };
  }

  test('comes with all rows up to it, at a stop too, and a trial goes on from it', async () => {
    const first = await run({ ...cohort(), checkpointSeconds: 3 }, 4);
    expect(first.rows).toEqual(Array.from({ length: first.last!.epoch }, (_, index) => index + 1));
    const resume = { epoch: first.last!.epoch, fingerprint: 'simulated', bytes: first.last!.checkpoint! };
    const second = await run({ ...cohort(resume), checkpointSeconds: 3 });
    expect(second.events).toContainEqual(
      expect.objectContaining({ type: 'trial_started', resumed_from: resume.epoch }),
    );
    expect([...first.rows, ...second.rows]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(second.progress.filter((event) => event.checkpoint).map((event) => event.epoch - resume.epoch)).toEqual([3]);
  });

  test('of another kind of worker is refused, with a remark', async () => {
    const { events, rows } = await run(cohort({ epoch: 4, fingerprint: 'another', bytes: Uint8Array.of(1) }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'trial_started', resumed_from: 0 }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'trial_noted', trial: 1 }));
    expect(rows).toHaveLength(10);
  });
});
