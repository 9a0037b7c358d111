/** The simulated executor conforms, and its time is virtual. */

import { expect, test } from 'vitest';
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

test('a night passes in a moment of real time', async () => {
  const executor = new SimulatedExecutor({
    workers: 1,
    chunkSeconds: 600,
    simulate: () => ({ epochs: 480, secondsPerEpoch: 60, outcome: 'completes' }),
  });
  const hyper = {};
  const task = {
    version: 1 as const,
    cohort: 1,
    width: 1,
    program: { metrics: ['train_loss'] } as never,
    trials: [{ trial: 1, seed: 1, replicate: 0, initializers: [], hyper } as never],
  };
  await executor.start(task, () => {}).ended;
  expect(executor.now).toBe(8 * 3600);
});
