/** Every number of a config by the name that the training functions know it under: see `TrialTask.hyper`. Pure. */

import type {
  Kind,
  ResolvedConfig,
  ResolvedLayer,
  ResolvedLayers,
  ResolvedSchedule,
  ResolvedTrain,
  Strength,
} from '../../src/definition/resolved.ts';
import type { DataShape } from '../data/dataset.ts';
import { stepsPerEpoch, type Program } from './program.ts';

/** What a trial's numbers depend on besides its config: its data, by their shape and their classes. */
export interface TrialData {
  readonly shape: DataShape;
  /** In the order of their indices; empty for a numeric target. */
  readonly classes: readonly { readonly label: string; readonly trainingRows: number }[];
}

export type Hyper = Readonly<Record<string, number>>;

/** The last epoch of a budget, of which one in steps may reach only a part. */
export function lastEpoch(
  train: Pick<ResolvedTrain, 'epochs' | 'steps'>,
  program: Pick<Program, 'data' | 'batch'>,
): number {
  if (train.epochs !== null) return train.epochs;
  if (train.steps === null) throw new Error('a budget must be in epochs or in steps');
  return Math.ceil(train.steps / stepsPerEpoch(program));
}

export function hyperOf({ data, model, train }: ResolvedConfig, program: Program, trialData: TrialData): Hyper {
  return {
    epochs: lastEpoch(train, program),
    ...present({ steps: train.steps }),
    ...optimizerNumbers(train, stepsPerEpoch(program)),
    ...below('clip', { ...train.clip }),
    ...argumentsOf('loss', train.loss),
    ...present({ label_smoothing: train.label_smoothing }),
    ...classWeights(train.class_weight, trialData),
    ...below('noise', train.noise),
    ...(program.augment?.shift ? { 'augment.shift': data.augment!.shift_pixels } : {}),
    ...(program.augment?.rotate ? { 'augment.rotate': data.augment!.rotate_degrees } : {}),
    ...('layers' in model ? layersNumbers(model, trialData.shape.parts.train) : {}),
    ...stoppingNumbers(train),
  };
}

function optimizerNumbers({ optimizer }: ResolvedTrain, updates: number): Hyper {
  const { learning_rate, ...rest } = optimizer;
  if (typeof learning_rate === 'number')
    return { ...argumentsOf('optimizer', rest), 'optimizer.learning_rate': learning_rate };
  return { ...argumentsOf('optimizer', rest), ...scheduleNumbers(learning_rate, updates) };
}

/** Durations in updates, whatever the definition counts in. */
function scheduleNumbers(schedule: ResolvedSchedule, updates: number): Hyper {
  if (schedule.name === 'piecewise_constant') {
    return {
      ...listed(
        'schedule.boundaries',
        schedule.boundaries.map((epoch) => epoch * updates),
      ),
      ...listed('schedule.values', schedule.values),
    };
  }
  if (schedule.name === 'reduce_on_plateau') return argumentsOf('schedule', schedule);
  const { decay, ...rest } = schedule;
  const decay_steps = 'steps' in decay ? decay.steps : decay.epochs * updates;
  return argumentsOf('schedule', { ...rest, decay_steps });
}

function layersNumbers({ input, layers }: ResolvedLayers, trainingRows: number): Hyper {
  return Object.assign(
    below('input', input),
    ...layers.map((layer, index) => below(`layers.${index}`, layerNumbers(layer, trainingRows))),
  );
}

function layerNumbers(layer: ResolvedLayer, trainingRows: number): Readonly<Record<string, Strength>> {
  if (layer.type === 'normalization') return argumentsOf('normalization', layer.normalization);
  if (layer.type !== 'dense' && layer.type !== 'conv2d') return {};
  const { l2, l2_over_2m } = layer;
  return {
    l1: layer.l1,
    l2: l2 === null && l2_over_2m === null ? null : (l2 ?? 0) + (l2_over_2m ?? 0) / (2 * trainingRows),
    bias_l1: layer.bias_l1,
    bias_l2: layer.bias_l2,
    activity_l1: layer.activity_l1,
    activity_l2: layer.activity_l2,
    weight_noise: layer.weight_noise,
    noise_before: layer.noise_before,
    noise_after: layer.noise_after,
    dropout: layer.dropout,
    ...argumentsOf('activation', layer.activation),
    ...argumentsOf('constraint', layer.constraint),
    ...argumentsOf('normalization', layer.normalization),
  };
}

/**
 * Of each class by its index. One that the definition does not name has 1. `balanced` is scikit-learn's: rows over
 * (classes * rows of the class), in the training part; a class without rows there has 0.
 */
function classWeights(said: ResolvedTrain['class_weight'], { shape, classes }: TrialData): Hyper {
  if (said === null) return {};
  const weights = classes.map(({ label, trainingRows }) => {
    if (said !== 'balanced') return said[label] ?? 1;
    return trainingRows === 0 ? 0 : shape.parts.train / (classes.length * trainingRows);
  });
  return listed('class_weight', weights);
}

function stoppingNumbers({ early_stopping: stopping, keep }: ResolvedTrain): Hyper {
  return {
    ...(stopping ? { patience: stopping.patience, min_delta: stopping.min_delta, every: stopping.every } : {}),
    ...(keep.rule === 'epoch' ? { 'keep.epoch': keep.epoch } : {}),
  };
}

/** The numeric arguments of a kind. */
function argumentsOf(prefix: string, kind: Kind | Readonly<Record<string, unknown>> | null): Record<string, number> {
  const numbers = Object.entries(kind ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return below(prefix, Object.fromEntries(numbers));
}

function below(prefix: string, strengths: Readonly<Record<string, Strength>>): Record<string, number> {
  const named = Object.entries(strengths).map(([name, value]): [string, Strength] => [`${prefix}.${name}`, value]);
  return present(Object.fromEntries(named));
}

function listed(prefix: string, values: readonly number[]): Record<string, number> {
  return Object.fromEntries(values.map((value, index) => [`${prefix}.${index}`, value]));
}

function present(strengths: Readonly<Record<string, Strength>>): Record<string, number> {
  const there = Object.entries(strengths).filter((entry): entry is [string, number] => entry[1] !== null);
  return Object.fromEntries(there);
}
