/** A trial that diverges ends there and alone: nobody beside it notices. */

import { beforeAll, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { TrialTask } from '../../workers/train/program.ts';
import { Stack } from '../../workers/train/stack.ts';
import { STATUS } from '../../workers/train/stopping.ts';
import { buildDataset, buildProgram, buildTask } from './builders.ts';
import { epochLine, trainAlone, weightBits } from './trajectory.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const program = buildProgram({
  loss: 'mse',
  layers: [{ units: 7, activation: 'relu', l2: true, dropout: true }, {}],
  clip: { variable_norm: false, global_norm: false, value: false },
  keep: 'best',
  keep_metric: 'validation_loss',
});
const dataset = buildDataset(program);
const EPOCHS = 6;

function task(replicate: number, rate: number): TrialTask {
  return buildTask(program, { replicate, hyper: { epochs: EPOCHS, 'optimizer.learning_rate': rate } });
}

test.each([0, 1, 2])('two neighbours of a diverging trial in slot %i keep their bits', (broken) => {
  const sound = [task(0, 0.01), task(1, 0.02)];
  const tasks = sound.toSpliced(broken, 0, task(2, 1e15));
  const alone = sound.map((one) => trainAlone(program, backend, { task: one, dataset }));

  const stack = new Stack(program, backend);
  stack.seat(tasks.map((one) => ({ enter: { task: one, dataset } })));
  const lines = tasks.map((): string[] => []);
  let diverged: number | undefined;
  for (let left = EPOCHS; left > 0;) {
    const reached = stack.run(left);
    reached.forEach((epochs, slot) => lines[slot]!.push(...epochs.map(epochLine)));
    const last = reached[broken]!.at(-1);
    if (last?.status === STATUS.diverged) {
      diverged = last.epoch;
      stack.seat(tasks.map((_, from) => (from === broken ? null : { from })));
    }
    left = EPOCHS - Math.min(...lines.flatMap((each, slot) => (slot === broken ? [] : [each.length])));
  }
  const slots = tasks.flatMap((_, slot) => (slot === broken ? [] : [slot]));
  const together = slots.map((slot) => ({ epochs: lines[slot], weights: weightBits(stack, slot) }));
  stack.dispose();

  expect(diverged).toBeLessThan(EPOCHS);
  expect(together).toEqual(alone);
});

test('a trial diverges at the first epoch that shows a number that is not finite', () => {
  const { epochs } = trainAlone(program, backend, { task: task(2, 1e15), dataset });
  const finite = epochs.map((line) => !/NaN|[7f]f800000/.test(line));
  expect(finite.slice(0, -1).every(Boolean)).toBe(true);
  expect(finite.at(-1)).toBe(false);
  expect(epochs.at(-1)).toContain(`status ${STATUS.diverged}`);
});

test('a weight that is not finite counts, even where every loss still is', () => {
  // The dead unit gives 0 whatever its bias does: only the look at the weights finds it.
  const dead = buildProgram({ loss: 'mse', layers: [{ units: 1, activation: 'relu' }, {}] });
  const initializers = [
    { kernel: { name: 'zeros' }, bias: { name: 'constant', value: -Infinity } },
    { kernel: { name: 'ones' }, bias: { name: 'zeros' } },
  ] as const;
  const { epochs } = trainAlone(dead, backend, {
    task: buildTask(dead, { initializers }),
    dataset: buildDataset(dead),
  });
  expect(epochs).toHaveLength(1);
  expect(epochs[0]).toContain(`status ${STATUS.diverged}`);
  expect(epochs[0]).not.toMatch(/NaN|[7f]f800000/);
});
