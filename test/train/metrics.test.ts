/** What an epoch reports, against the same numbers computed in plain JavaScript from the weights. */

import { beforeAll, describe, expect, test } from 'vitest';
import { parseMetricName, PARTS } from '../../src/metrics.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { Dataset } from '../../workers/data/dataset.ts';
import type { Program } from '../../workers/train/program.ts';
import { layoutOf } from '../../workers/train/layout.ts';
import { Stack, type SlotEpoch } from '../../workers/train/stack.ts';
import { STATUS } from '../../workers/train/stopping.ts';
import { evaluationPlan } from '../../workers/train/tables.ts';
import { buildDataset, buildProgram, buildTask, type ProgramOptions } from './builders.ts';
import { plainMetrics } from './plain-network.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

interface Trained {
  readonly epochs: readonly SlotEpoch[];
  readonly last: Readonly<Record<string, Float32Array>>;
  readonly kept: Readonly<Record<string, Float32Array>>;
}

function train(program: Program, dataset: Dataset, hyper: Readonly<Record<string, number>> = {}): Trained {
  const stack = new Stack(program, backend);
  stack.seat([null, { enter: { task: buildTask(program, { hyper }), dataset } }]);
  try {
    const epochs: SlotEpoch[] = [];
    do epochs.push(...stack.run(50)[1]!);
    while (epochs.at(-1)!.status === STATUS.running);
    return { epochs, last: stack.weights(1), kept: stack.weights(1, 'kept.') };
  } finally {
    stack.dispose();
  }
}

/** Every metric of every part; float32 against double precision. */
function expectMetrics(
  program: Program,
  dataset: Dataset,
  weights: Trained['last'],
  { values }: SlotEpoch,
  penalty = 0,
): void {
  const expected = Object.assign({}, ...PARTS.map((part) => plainMetrics(program, weights, dataset, part, penalty)));
  program.metrics.forEach((name, column) => {
    const difference = Math.abs(values[column]! - expected[name]);
    expect(difference, name).toBeLessThan(1e-5 * (1 + Math.abs(expected[name])));
  });
}

const KINDS: readonly (readonly [string, ProgramOptions])[] = [
  ['a sigmoid with binary cross-entropy', {}],
  ['a sigmoid with mse', { loss: 'mse', layers: [{ units: 4, activation: 'relu' }, { activation: 'sigmoid' }] }],
  [
    'a softmax of three with categorical cross-entropy',
    {
      loss: 'categorical_crossentropy',
      layers: [
        { units: 4, activation: 'sigmoid' },
        { units: 3, activation: 'softmax' },
      ],
    },
  ],
];

test.each(KINDS)('the metrics of %s are those of its weights', (_kind, options) => {
  const program = buildProgram(options);
  const dataset = buildDataset(program);
  const { epochs, last } = train(program, dataset);
  expect(epochs).toHaveLength(4);
  expect(program.metrics.map((name) => parseMetricName(name)?.part)).toEqual(expect.arrayContaining([...PARTS]));
  expectMetrics(program, dataset, last, epochs.at(-1)!);
});

test('regression metrics are in the own units of a scaled target, the loss is not', () => {
  const program = buildProgram({ loss: 'mse', layers: [{ units: 6, activation: 'tanh' }, {}] });
  const dataset = buildDataset(program, 1, { scale: 250, offset: -40 });
  const { epochs, last } = train(program, dataset, { epochs: 20 });
  expectMetrics(program, dataset, last, epochs.at(-1)!);
  const column = program.metrics.indexOf('test_mse');
  const loss = epochs.at(-1)!.values[program.metrics.indexOf('test_data_loss')]!;
  expect(epochs.at(-1)!.values[column]! / loss).toBeCloseTo(250 ** 2, 0);
});

test('a loss has its penalties, a data loss has none', () => {
  const program = buildProgram({
    layers: [
      { units: 4, activation: 'relu', l1: true, l2: true },
      { l2: true, activation: 'sigmoid' },
    ],
  });
  const dataset = buildDataset(program);
  const strengths = { 'layers.0.l1': 0.02, 'layers.0.l2': 0.03, 'layers.1.l2': 0.5 };
  const { epochs, last } = train(program, dataset, strengths);
  const total = (name: string, power: number): number =>
    last[name]!.reduce((sum, weight) => sum + Math.abs(weight) ** power, 0);
  const penalty =
    0.02 * total('layers.0.kernel', 1) + 0.03 * total('layers.0.kernel', 2) + 0.5 * total('layers.1.kernel', 2);
  expect(penalty).toBeGreaterThan(0.01);
  expectMetrics(program, dataset, last, epochs.at(-1)!, penalty);
});

test('noise and dropout act in training only', () => {
  const program = buildProgram({
    input: { noise: true, dropout: true },
    layers: [
      { units: 8, activation: 'relu', dropout: true, noise_before: true, noise_after: true },
      { activation: 'sigmoid' },
    ],
  });
  const dataset = buildDataset(program);
  const { epochs, last } = train(program, dataset);
  expectMetrics(program, dataset, last, epochs.at(-1)!);
});

test('a part that is evaluated in pieces, the last one short, has the mean of all its rows', () => {
  const width = 1 << 14;
  const program = buildProgram({
    width,
    parts: { train: 21, validation: 16, test: 17 },
    layers: [{ activation: 'sigmoid' }],
  });
  const pieces = evaluationPlan(program, layoutOf(program));
  expect(pieces.map((sections) => sections.map(({ part, size }) => `${part} ${size}`).join(', '))).toEqual([
    'train 16',
    'train 5, validation 11',
    'validation 5, test 11',
    'test 6',
  ]);
  const dataset = buildDataset(program);
  const { epochs, last } = train(program, dataset, { epochs: 1, 'optimizer.learning_rate': 1e-3 });
  expectMetrics(program, dataset, last, epochs.at(-1)!);
});

describe('kept weights', () => {
  test.each([
    { keep: 'best', keep_metric: 'validation_loss' },
    { keep: 'trigger_start', keep_metric: null },
    { keep: 'before_trigger', keep_metric: null },
    { keep: 'epoch', keep_metric: null },
  ] as const)('by $keep give the metrics of the kept epoch', (rule) => {
    const program = buildProgram({
      ...rule,
      monitor: 'validation_loss',
      optimizer: { name: 'adam', amsgrad: false, weight_decay: false },
      batch: 'full',
    });
    const dataset = buildDataset(program, 3);
    const { epochs, kept, last } = train(program, dataset, { epochs: 300, patience: 3, 'keep.epoch': 5 });
    const { status, keptEpoch, epoch } = epochs.at(-1)!;
    // A trial where the rule matters: it stopped, and kept another epoch than its last.
    expect(status).toBe(STATUS.early_stopping);
    expect(keptEpoch).toBeLessThan(epoch);
    expectMetrics(program, dataset, kept, epochs[keptEpoch - 1]!);
    expectMetrics(program, dataset, last, epochs[epoch - 1]!);
  });
});
