/** Programs, trials and data for the engine's tests: small, complete, and overridden where a test needs it. */

import type { BaseMetric, Part } from '../../src/metrics.ts';
import type { Dataset, DataSpec } from '../../workers/data/dataset.ts';
import {
  isWeighted,
  type DenseProgram,
  type LayerProgram,
  type Program,
  type ScheduleProgram,
  type TrialTask,
} from '../../workers/train/program.ts';
import { reportedMetrics } from '../../workers/train/reports.ts';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';

/** A dense layer with as much as a test cares about, or any other layer in full. */
export type LayerOptions = Partial<Omit<DenseProgram, 'type' | 'inputs'>> | Exclude<LayerProgram, DenseProgram>;

/** What a layer has where nothing is said. */
export const PLAIN_LAYER = {
  activation: 'linear',
  normalization: null,
  scale: false,
  center: false,
  activity_l1: false,
  activity_l2: false,
  noise_before: false,
  noise_after: false,
  dropout: false,
} as const satisfies Partial<LayerProgram>;

export interface ProgramOptions extends Partial<Omit<Program, 'version' | 'data' | 'layers' | 'metrics' | 'batch'>> {
  /** Beyond what the loss brings. */
  readonly metrics?: readonly BaseMetric[];
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
  const isNumber = NUMBER_LOSSES.has(loss);
  return {
    version: 2,
    image: null,
    augment: null,
    input: { noise: false, dropout: false },
    module: null,
    label_smoothing: false,
    class_weight: false,
    noise: { gradients: false, labels: false },
    optimizer: { name: 'sgd', momentum: false, nesterov: false, weight_decay: false },
    schedule: null,
    clip: { variable_norm: false, global_norm: false, value: false },
    counts_steps: false,
    monitor: null,
    trigger: 'no_improvement',
    keep: 'last',
    keep_metric: null,
    objective: 'validation_loss',
    record: 'all',
    layer_history: { weight_norms: false, gradient_norms: false },
    ...rest,
    data: { width, classes: isNumber ? 0 : Math.max(2, outputs), parts },
    layers: layers.map((layer, index): LayerProgram => {
      if ('type' in layer) return layer;
      const units = layer.units ?? 1;
      return {
        ...PLAIN_LAYER,
        type: 'dense',
        inputs: layers[index - 1]?.units ?? width,
        units,
        channels: units,
        l1: false,
        l2: false,
        bias_l1: false,
        bias_l2: false,
        constraint: null,
        weight_noise: false,
        scale: layer.normalization !== undefined && layer.normalization !== null,
        center: layer.normalization !== undefined && layer.normalization !== null,
        ...layer,
      };
    }),
    loss,
    batch: batch === 'full' ? parts.train : Math.min(batch, parts.train),
    metrics: reportedMetrics(loss, parts, options.metrics ?? []),
  };
}

const NUMBER_LOSSES: ReadonlySet<string> = new Set(['mse', 'mae', 'msle', 'huber', 'poisson']);

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
    initializers: program.layers.map((layer) =>
      isWeighted(layer) ? { kernel: { name: 'glorot_uniform' }, bias: { name: 'zeros' } } : null,
    ),
    hyper: { ...defaultNumbers(program), ...hyper },
    ...rest,
  };
}

/** A value for every number that the program's structure asks for. */
function defaultNumbers(program: Program): Record<string, number> {
  const { optimizer, clip, input, monitor, keep, noise } = program;
  const numbers: Record<string, number> = { epochs: 4, 'optimizer.learning_rate': 0.1 };
  if (program.counts_steps) Object.assign(numbers, { steps: 9 });
  if (optimizer.name === 'sgd' ? optimizer.momentum : optimizer.name === 'rmsprop' && optimizer.momentum) {
    numbers['optimizer.momentum'] = 0.9;
  }
  if (optimizer.name === 'adam' || optimizer.name === 'adamax' || optimizer.name === 'nadam') {
    Object.assign(numbers, { 'optimizer.beta_1': 0.9, 'optimizer.beta_2': 0.999 });
  }
  if (optimizer.name !== 'sgd') numbers['optimizer.epsilon'] = 1e-7;
  if (optimizer.name === 'rmsprop') numbers['optimizer.rho'] = 0.9;
  if (optimizer.name === 'adagrad') numbers['optimizer.initial_accumulator_value'] = 0.1;
  if (optimizer.weight_decay) numbers['optimizer.weight_decay'] = 0.01;
  for (const kind of ['variable_norm', 'global_norm', 'value'] as const) if (clip[kind]) numbers[`clip.${kind}`] = 0.5;
  for (const kind of ['noise', 'dropout'] as const) if (input[kind]) numbers[`input.${kind}`] = 0.2;
  for (const kind of ['gradients', 'labels'] as const) if (noise[kind]) numbers[`noise.${kind}`] = 0.1;
  if (program.label_smoothing) numbers['label_smoothing'] = 0.1;
  if (program.class_weight) {
    for (let index = 0; index < program.data.classes; index += 1) numbers[`class_weight.${index}`] = 0.5 + index;
  }
  if (program.loss === 'huber') numbers['loss.delta'] = 1;
  for (const [index, layer] of program.layers.entries()) Object.assign(numbers, layerNumbers(layer, `layers.${index}`));
  if (monitor) Object.assign(numbers, { patience: 1, min_delta: 0, every: 1 });
  if (keep === 'epoch') numbers['keep.epoch'] = 2;
  return { ...numbers, ...scheduleNumbers(program) };
}

function layerNumbers(layer: LayerProgram, place: string): Record<string, number> {
  const numbers: Record<string, number> = {};
  const put = (kind: string, value: number): void => void (numbers[`${place}.${kind}`] = value);
  if (layer.activation === 'elu' || layer.activation === 'leaky_relu') put('activation.alpha', 0.3);
  for (const kind of ['activity_l1', 'activity_l2'] as const) if (layer[kind]) put(kind, 0.01);
  for (const kind of ['noise_before', 'noise_after', 'dropout'] as const) if (layer[kind]) put(kind, 0.3);
  if (layer.normalization) put('normalization.epsilon', 1e-3);
  if (layer.normalization === 'batch_normalization') put('normalization.momentum', 0.9);
  if (!isWeighted(layer)) return numbers;
  for (const kind of ['l1', 'l2', 'bias_l1', 'bias_l2'] as const) if (layer[kind]) put(kind, 0.01);
  if (layer.weight_noise) put('weight_noise', 0.1);
  if (layer.constraint === 'max_norm' || layer.constraint === 'min_max_norm') put('constraint.max_value', 1);
  if (layer.constraint === 'min_max_norm') {
    put('constraint.min_value', 0.5);
    put('constraint.rate', 0.9);
  }
  return numbers;
}

function scheduleNumbers({ schedule }: Program): Record<string, number> {
  if (!schedule) return {};
  const numbers = scheduleArguments(schedule);
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`schedule.${name}`, value]));
}

function scheduleArguments(schedule: ScheduleProgram): Record<string, number> {
  const initial_learning_rate = 0.1;
  switch (schedule.name) {
    case 'exponential_decay':
    case 'inverse_time_decay':
      return { initial_learning_rate, decay_steps: 5, decay_rate: 0.7 };
    case 'polynomial_decay':
      return { initial_learning_rate, decay_steps: 5, end_learning_rate: 0.01, power: 2 };
    case 'cosine_decay':
      return { initial_learning_rate, decay_steps: 5, alpha: 0.1, warmup_target: 0.2, warmup_steps: 2 };
    case 'piecewise_constant': {
      const numbers: Record<string, number> = {};
      for (let index = 0; index < schedule.pieces; index += 1) {
        numbers[`values.${index}`] = 0.1 / (index + 1);
        if (index > 0) numbers[`boundaries.${index - 1}`] = 3 * index;
      }
      return numbers;
    }
    case 'reduce_on_plateau':
      return { initial_learning_rate, factor: 0.5, patience: 1, min_delta: 1e-4, cooldown: 0, min_learning_rate: 1e-3 };
  }
}
