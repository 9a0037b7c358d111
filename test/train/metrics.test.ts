/** What an epoch reports, against the same numbers computed in plain JavaScript from the weights. */

import { beforeAll, describe, expect, test } from 'vitest';
import { parseMetricName, PARTS, type MetricName, type Part } from '../../src/metrics.ts';
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
  readonly program: Program;
  readonly dataset: Dataset;
  readonly numbers: Readonly<Record<string, number>>;
  readonly epochs: readonly SlotEpoch[];
  readonly last: Readonly<Record<string, Float32Array>>;
  readonly kept: Readonly<Record<string, Float32Array>>;
}

function train(program: Program, dataset: Dataset, hyper: Readonly<Record<string, number>> = {}): Trained {
  const stack = new Stack(program, backend);
  const task = buildTask(program, { hyper });
  stack.seat([null, { enter: { task, dataset } }]);
  try {
    const epochs: SlotEpoch[] = [];
    do epochs.push(...stack.run(50)[1]!);
    while (epochs.at(-1)!.status === STATUS.running);
    return {
      program,
      dataset,
      numbers: task.hyper,
      epochs,
      last: stack.weights(1),
      kept: stack.weights(1, 'kept.'),
    };
  } finally {
    stack.dispose();
  }
}

/** Every metric of every part at an epoch, the last unless told otherwise; float32 against double precision. */
function expectMetrics(
  { program, dataset, numbers, last, epochs }: Trained,
  {
    penalty = 0,
    weights = last,
    at = epochs.at(-1)!,
  }: { penalty?: number; weights?: Trained['last']; at?: SlotEpoch } = {},
): void {
  const trial = { program, weights, numbers };
  const expected = Object.assign({}, ...PARTS.map((part) => plainMetrics(trial, dataset, part, penalty)));
  program.metrics.forEach((name, column) => {
    const difference = Math.abs(at.values[column]! - expected[name]);
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
  ...(['mae', 'msle', 'huber', 'poisson'] as const).map((loss): [string, ProgramOptions] => [
    `a softplus with ${loss}`,
    {
      loss,
      layers: [{ units: 4, activation: 'elu', normalization: 'layer_normalization' }, { activation: 'softplus' }],
    },
  ]),
  ...(['hinge', 'squared_hinge'] as const).map((loss): [string, ProgramOptions] => [
    `a tanh with ${loss}`,
    { loss, layers: [{ units: 4, activation: 'leaky_relu' }, { activation: 'tanh' }] },
  ]),
  ...(['sparse_categorical_crossentropy', 'kl_divergence'] as const).map((loss): [string, ProgramOptions] => [
    `a softmax of three with ${loss}`,
    {
      loss,
      layers: [
        { units: 4, activation: 'softsign' },
        { units: 3, activation: 'softmax' },
      ],
    },
  ]),
];

test.each(KINDS)('the metrics of %s are those of its weights', (_kind, options) => {
  const program = buildProgram(options);
  const dataset = buildDataset(program);
  const trained = train(program, dataset);
  expect(trained.epochs).toHaveLength(4);
  expect(program.metrics.map((name) => parseMetricName(name)?.part)).toEqual(expect.arrayContaining([...PARTS]));
  expectMetrics(trained);
});

test('regression metrics are in the own units of a scaled target, the loss is not', () => {
  const program = buildProgram({ loss: 'mse', layers: [{ units: 6, activation: 'tanh' }, {}] });
  const dataset = buildDataset(program, 1, { scale: 250, offset: -40 });
  const trained = train(program, dataset, { epochs: 20 });
  expectMetrics(trained);
  const { values } = trained.epochs.at(-1)!;
  const of = (name: MetricName): number => values[program.metrics.indexOf(name)]!;
  expect(of('test_mse') / of('test_data_loss')).toBeCloseTo(250 ** 2, 0);
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
  const trained = train(program, dataset, strengths);
  const total = (name: string, power: number): number =>
    trained.last[name]!.reduce((sum, weight) => sum + Math.abs(weight) ** power, 0);
  const penalty =
    0.02 * total('layers.0.kernel', 1) + 0.03 * total('layers.0.kernel', 2) + 0.5 * total('layers.1.kernel', 2);
  expect(penalty).toBeGreaterThan(0.01);
  expectMetrics(trained, { penalty });
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
  expectMetrics(train(program, dataset));
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
  expectMetrics(train(program, dataset, { epochs: 1, 'optimizer.learning_rate': 1e-3 }));
});

test('activities are penalised by the mean over the rows of each part, in however many pieces it comes', () => {
  const program = buildProgram({
    width: 1 << 14,
    parts: { train: 21, validation: 16, test: 17 },
    layers: [
      { units: 3, activation: 'tanh', activity_l1: true },
      { activation: 'sigmoid', activity_l2: true },
    ],
  });
  const strengths = { 'layers.0.activity_l1': 0.5, 'layers.1.activity_l2': 2 };
  expectMetrics(train(program, buildDataset(program), { ...strengths, epochs: 1, 'optimizer.learning_rate': 1e-3 }));
});

test('what is asked for comes besides what the loss brings, also where a part comes in pieces', () => {
  const options: ProgramOptions = {
    width: 1 << 14,
    parts: { train: 21, validation: 16, test: 17 },
    layers: [{ activation: 'sigmoid' }],
  };
  const program = buildProgram({ ...options, metrics: ['auc', 'recall'] });
  const trained = train(program, buildDataset(program), { epochs: 1, 'optimizer.learning_rate': 1e-3 });
  expect(program.metrics).toHaveLength(3 * 5);
  const { values } = trained.epochs[0]!;
  for (const part of PARTS) {
    const { recall, auc } = rankingOf(trained, part);
    expect(values[program.metrics.indexOf(`${part}_recall`)]).toBeCloseTo(recall, 6);
    expect(values[program.metrics.indexOf(`${part}_auc`)]).toBeCloseTo(auc, 6);
  }
});

/** Of one sigmoid: the share of positive rows above one half, and of pairs of a positive and a negative row in order. */
function rankingOf({ dataset, last }: Trained, part: Part): { recall: number; auc: number } {
  const { width, features, targets } = dataset;
  const kernel = last['layers.0.kernel']!;
  const rows = [...dataset.parts[part]].map((row) => ({
    positive: targets[row] === 1,
    z: kernel.reduce((sum, w, i) => sum + w * features[row * width + i]!, last['layers.0.bias']![0]!),
  }));
  const positives = rows.filter(({ positive }) => positive);
  const pairs = positives.flatMap((one) => rows.filter(({ positive }) => !positive).map(({ z }) => one.z > z));
  return {
    recall: positives.filter(({ z }) => z > 0).length / positives.length,
    auc: pairs.filter(Boolean).length / pairs.length,
  };
}

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
    const trained = train(program, dataset, { epochs: 300, patience: 3, 'keep.epoch': 5 });
    const { epochs, kept } = trained;
    const { status, keptEpoch, epoch } = epochs.at(-1)!;
    // A trial where the rule matters: it stopped, and kept another epoch than its last.
    expect(status).toBe(STATUS.early_stopping);
    expect(keptEpoch).toBeLessThan(epoch);
    expectMetrics(trained, { weights: kept, at: epochs[keptEpoch - 1]! });
    expectMetrics(trained);
  });
});
