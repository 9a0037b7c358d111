/** What the compiled program computes is what the functions it was traced from compute, op by op. */

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { Layout } from '../../workers/train/layout.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';
import { Stack } from '../../workers/train/stack.ts';
import { buildDataset } from './builders.ts';
import { randomProgram, randomTask } from './random-program.ts';
import { trainAlone, type Trajectory } from './trajectory.ts';

const RUNS = Number(process.env['NIGHTSWEEP_BITS_RUNS'] ?? 30);
const SEED = Number(process.env['NIGHTSWEEP_BITS_SEED'] ?? 20_26);

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const trial = randomProgram.chain((program) =>
  fc.record({ program: fc.constant(program), task: randomTask(program), chunk: fc.integer({ min: 1, max: 4 }) }),
);

function train(program: Program, task: TrialTask, layout: Layout, eager: boolean, chunk: number): Trajectory {
  return trainAlone(program, backend, { task, dataset: buildDataset(program) }, { layout, eager, chunk });
}

test.each(['flat', 'stacked'] as const)(
  'in the layout %s it has the same bits, wherever its calls end',
  { timeout: 60_000 + RUNS * 3_000 },
  (layout) => {
    fc.assert(
      fc.property(trial, ({ program, task, chunk }) => {
        expect(train(program, task, layout, false, chunk)).toEqual(train(program, task, layout, true, 1));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  },
);

/** The first epoch's metrics of a trial that trains alone. */
function firstEpoch(program: Program, task: TrialTask, eager: boolean): readonly number[] {
  const stack = new Stack(program, backend, { layout: 'single', eager });
  try {
    stack.seat([{ enter: { task, dataset: buildDataset(program) } }]);
    return [...stack.run(1)[0]![0]!.values];
  } finally {
    stack.dispose();
  }
}

test(
  'in the layout single it is as near as updates in place round differently',
  { timeout: 60_000 + RUNS * 3_000 },
  () => {
    const mild = trial.filter(({ task }) => task.hyper['optimizer.learning_rate'] !== 1e15);
    fc.assert(
      fc.property(mild, ({ program, task }) => {
        const eager = firstEpoch(program, task, true);
        firstEpoch(program, task, false).forEach((value, column) => {
          const expected = eager[column]!;
          if (!Number.isFinite(expected)) return;
          // A class that is as likely as another may go to either.
          if (/accuracy|auc|f1|precision|recall/.test(program.metrics[column]!)) return;
          expect(Math.abs(value - expected), program.metrics[column]).toBeLessThan(1e-3 * (1 + Math.abs(expected)));
        });
      }),
      { numRuns: RUNS, seed: SEED },
    );
  },
);
