/** Programs, trials and data for the engine's tests: small, complete, and overridden where a test needs it. */

import type { Part } from '../../src/metrics.ts';
import type { Dataset, DataSpec } from '../../workers/data/dataset.ts';
import type { DenseProgram, Program, TrialTask } from '../../workers/train/program.ts';
import { reportedMetrics } from '../../workers/train/reports.ts';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';

export type LayerOptions = Partial<Omit<DenseProgram, 'type' | 'inputs'>>;

export interface ProgramOptions extends Partial<Omit<Program, 'version' | 'data' | 'layers' | 'metrics' | 'batch'>> {
  readonly width?: number;
  readonly parts?: Readonly<Record<Part, number>>;
  readonly layers?: readonly LayerOptions[];
  readonly batch?: number | 'full';
}

/** 3-5-1 on 12 training rows with binary cross-entropy and SGD, unless told otherwise. */
export function buildProgram(options: ProgramOptions = {}): Program {
  const { width = 3, parts = { train: 12, validation: 4, test: 5 }, batch = 5, ...rest } = options;
  const layers = options.layers ?? [{ units: 5, activation: 'tanh' }, { activation: 'sigmoid' }];
  const loss = options.loss ?? 'binary_crossentropy';
  const outputs = layers.at(-1)!.units ?? 1;
  return {
    version: 1,
    input: { noise: false, dropout: false },
    optimizer: { name: 'sgd', momentum: false, nesterov: false },
    clip: { variable_norm: false, global_norm: false, value: false },
    monitor: null,
    keep: 'last',
    keep_metric: null,
    objective: 'validation_loss',
    record: 'all',
    ...rest,
    data: { width, classes: loss === 'mse' ? 0 : Math.max(2, outputs), parts },
    layers: layers.map((layer, index) => ({
      type: 'dense',
      inputs: layers[index - 1]?.units ?? width,
      units: 1,
      activation: 'linear',
      l1: false,
      l2: false,
      noise_before: false,
      noise_after: false,
      dropout: false,
      ...layer,
    })),
    loss,
    batch: batch === 'full' ? parts.train : Math.min(batch, parts.train),
    metrics: reportedMetrics(loss, parts),
  };
}

/** Random features; targets that depend on them, so that there is something to learn. */
export function buildDataset(program: Program, seed = 1, targetScale = { scale: 1, offset: 0 }): Dataset {
  const { width, classes, parts } = program.data;
  const rows = parts.train + parts.validation + parts.test;
  const stream = new PhiloxStream(streamKey('test data', seed));
  const features = Float32Array.from({ length: rows * width }, () => stream.normal());
  const targets = Float32Array.from({ length: rows }, (_, row) => {
    const signal = features[row * width]! + 0.3 * stream.normal();
    if (classes === 0) return signal;
    return Math.min(classes - 1, Math.max(0, Math.floor(classes * (0.5 + signal / 4))));
  });
  const indices = (from: number, count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => from + i);
  return {
    key: `test data ${seed}`,
    rows,
    width,
    featureNames: Array.from({ length: width }, (_, i) => `x${i}`),
    features,
    targets,
    classes: Array.from({ length: classes }, (_, i) => `${i}`),
    targetScale,
    parts: {
      train: indices(0, parts.train),
      validation: indices(parts.train, parts.validation),
      test: indices(parts.train + parts.validation, parts.test),
    },
  };
}

/** Never loaded: the tests hand data sets over themselves. */
export const UNUSED_DATA: DataSpec = {
  source: { generator: 'moons', samples: 21, noise: 0.1, seed: 1 },
  target_kind: 'class',
  image: null,
  transform: { features: null, target: null },
  split: { kind: 'parts', train: 12, validation: 4, test: 5, shuffle: false, stratify: false, group: null, seed: 1 },
};

export interface TaskOptions extends Partial<Omit<TrialTask, 'hyper'>> {
  readonly hyper?: Readonly<Record<string, number>>;
}

export function buildTask(program: Program, options: TaskOptions = {}): TrialTask {
  const { hyper, ...rest } = options;
  return {
    trial: 1,
    seed: 7,
    replicate: 0,
    data: UNUSED_DATA,
    initializers: program.layers.map(() => ({ kernel: { name: 'glorot_uniform' }, bias: { name: 'zeros' } })),
    hyper: { ...defaultNumbers(program), ...hyper },
    ...rest,
  };
}

/** A value for every number that the program's structure asks for. */
function defaultNumbers(program: Program): Record<string, number> {
  const { optimizer, clip, input, monitor, keep } = program;
  const numbers: Record<string, number> = { epochs: 4, 'optimizer.learning_rate': 0.1 };
  if (optimizer.name === 'adam') {
    Object.assign(numbers, { 'optimizer.beta_1': 0.9, 'optimizer.beta_2': 0.999, 'optimizer.epsilon': 1e-7 });
  } else if (optimizer.momentum) numbers['optimizer.momentum'] = 0.9;
  for (const kind of ['variable_norm', 'global_norm', 'value'] as const) if (clip[kind]) numbers[`clip.${kind}`] = 0.5;
  for (const kind of ['noise', 'dropout'] as const) if (input[kind]) numbers[`input.${kind}`] = 0.2;
  for (const [index, layer] of program.layers.entries()) {
    for (const kind of ['l1', 'l2'] as const) if (layer[kind]) numbers[`layers.${index}.${kind}`] = 0.01;
    for (const kind of ['noise_before', 'noise_after', 'dropout'] as const) {
      if (layer[kind]) numbers[`layers.${index}.${kind}`] = 0.3;
    }
  }
  if (monitor) Object.assign(numbers, { patience: 1, min_delta: 0 });
  if (keep === 'epoch') numbers['keep.epoch'] = 2;
  return numbers;
}
