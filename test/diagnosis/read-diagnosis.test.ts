/** The facts of a diagnosis are those of the database: means over completed trials only, curves, and how configs train. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDiagnosisFacts, readWorst } from '../../db/read-diagnosis.ts';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import type { ResolvedSchedule, ResolvedSweep } from '../../src/definition/resolved.ts';
import { emptyFolder } from '../empty-folder.ts';
import {
  FACTS,
  ORIGIN,
  completed,
  diverged,
  epochs,
  orderOf,
  placed,
  sampleSweep,
  started,
} from '../db/sample-sweep.ts';
import { plainSgd, trainSection } from '../resolved.ts';

const COSINE: ResolvedSchedule = {
  name: 'cosine_decay',
  initial_learning_rate: 0.5,
  decay: { epochs: 10 },
  alpha: 0,
  warmup_target: null,
  warmup_steps: 0,
};
const PIECEWISE: ResolvedSchedule = { name: 'piecewise_constant', boundaries: [5], values: [0.25, 0.1] };
const STANDARDIZE = { name: 'standardize', fit_on: 'train' } as const;

/** Three configs in two replicates: a plain rate, and two schedules; the first one's second trial diverges. */
function factsOf() {
  const sample = sampleSweep();
  const trains = [
    trainSection({ optimizer: plainSgd(0.01, 0.9) }),
    trainSection({
      optimizer: { ...plainSgd(0), learning_rate: COSINE },
      clip: { variable_norm: null, global_norm: null, value: 5 },
    }),
    trainSection({ optimizer: { ...plainSgd(0), learning_rate: PIECEWISE }, loss: { name: 'mse' } }),
  ];
  const sweep: ResolvedSweep = {
    ...sample,
    configs: sample.configs.map((config, ordinal) => ({
      ...config,
      data: ordinal === 1 ? { ...config.data, transform: { features: STANDARDIZE, target: null } } : config.data,
      train: trains[ordinal]!,
    })),
  };
  const file = join(emptyFolder(), 'facts.db');
  const store = Store.open(file);
  const id = store.createSweep(
    sweep,
    { ...ORIGIN, definition: { definition: ORIGIN.definition, files: {} } },
    orderOf(sweep),
  );
  const run = store.startRun(id, FACTS);
  const whole = (trial: number, accuracy: number) => [
    started(trial, run),
    placed(trial),
    epochs(trial, 1, 10),
    completed(trial, accuracy),
  ];
  // In the order of execution: replicate 0 of the three configs, then replicate 1.
  store.write([1, 2, 3, 5].flatMap((trial) => whole(trial, 0.5 + trial / 16)));
  store.write([started(4, run), placed(4), epochs(4, 1, 3), diverged(4)]);
  store.close();
  const reader = Reader.open(file);
  const overview = reader.sweepNamed(sweep.name);
  const facts = reader.read((db) => readDiagnosisFacts(db, overview, [1, 0]));
  const worst = reader.read((db) => readWorst(db, overview));
  reader.close();
  return { facts, worst };
}

const { facts, worst } = factsOf();

test('configs come in the order that was asked for, with means over their completed trials', () => {
  expect(facts.configs.map(({ config, n }) => [config, n])).toEqual([
    [1, 2],
    [0, 1],
  ]);
  expect(facts.configs[0]).toMatchObject({
    means: { train_accuracy: 1, test_accuracy: 0.71875 },
    epochs: 10,
    stopped: 0,
    budget: 10,
  });
  expect(facts.configs[1]?.means['test_accuracy']).toBe(0.5625);
});

test('curves are of the loss, on train and on the part that stands for new rows', () => {
  const { curves } = facts.configs[0]!;
  expect(curves?.metric).toBe('loss');
  expect(curves?.epochs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(curves?.train[3]).toBe(0.25);
  expect(curves?.dev[3]).toBe(0.5);
});

test('how configs train is told by config: the first rate of a schedule, any clipping, transforms', () => {
  expect(facts.training).toEqual([
    {
      config: 0,
      completed: 1,
      diverged: 1,
      learning_rate: 0.01,
      optimizer: 'sgd',
      momentum: 0.9,
      clipped: false,
      loss: 'binary_crossentropy',
      features: null,
      target: null,
      numeric: false,
    },
    expect.objectContaining({ config: 1, completed: 2, learning_rate: 0.5, clipped: true, features: 'standardize' }),
    expect.objectContaining({ config: 2, completed: 1, learning_rate: 0.25, clipped: false, loss: 'mse' }),
  ]);
});

test('what diverged is there with the size of its gradients', () => {
  expect(facts.diverged).toEqual([{ config: 0, epoch: 3, last_loss: expect.any(Number) }]);
  expect(facts.gradients).toEqual({ first: 1, largest: 1 });
});

test('the worst config is the one with the worst mean', () => {
  expect(worst).toBe(0);
});

test('the definition is the one that was written', () => {
  expect(facts.definition).toEqual(ORIGIN.definition);
});
