/** One config's sections, checked and with their defaults, to what the engine is told. Pure. */

import type { MetricName } from '../metrics.ts';
import { ACTIVATIONS, INITIALIZERS, LOSSES } from './not-yet.ts';
import type {
  FileSource,
  GeneratorSource,
  Kind,
  LossName,
  ResolvedClip,
  ResolvedData,
  ResolvedKeep,
  ResolvedLayer,
  ResolvedModel,
  ResolvedOptimizer,
  ResolvedTrain,
  Split,
} from './resolved.ts';
import type { DataSection } from './schema/data.ts';
import type { ModelSection } from './schema/model.ts';
import type { TrainSection } from './schema/train.ts';

/** A data file as the shell found it. */
export interface FoundFile {
  readonly path: string;
  readonly sha256: string;
}

export interface Sections {
  readonly data: DataSection;
  readonly model: ModelSection;
  readonly train: TrainSection;
}

/** What a section says that the table of not-yet things should have refused. */
function beyond(what: string): Error {
  return new Error(`${what} must have been refused as not there yet`);
}

export function isClassLoss(name: string): boolean {
  return name.endsWith('crossentropy') || name.endsWith('hinge') || name === 'kl_divergence';
}

/** `files` maps what `data.file` says to what was found there. */
export function resolveData(data: DataSection, loss: string, files: ReadonlyMap<string, FoundFile>): ResolvedData {
  return {
    source: 'file' in data ? fileSource(data, files) : generatorSource(data),
    target_kind: isClassLoss(loss) ? 'class' : 'number',
    image: data.image ?? null,
    transform: data.transform,
    split: resolveSplit(data.split),
  };
}

function fileSource(data: Extract<DataSection, { file: string }>, files: ReadonlyMap<string, FoundFile>): FileSource {
  const found = files.get(data.file);
  if (!found) throw new Error(`the file ${data.file} must have been looked up`);
  const { target, categorical, drop, missing } = data;
  return { file: found.path, sha256: found.sha256, target, categorical, drop, missing };
}

function generatorSource(data: Extract<DataSection, { generator: string }>): GeneratorSource {
  const { samples, seed } = data;
  switch (data.generator) {
    case 'moons':
      return { generator: 'moons', samples, noise: data.noise, seed };
    case 'circles':
      return { generator: 'circles', samples, noise: data.noise, factor: data.factor, seed };
    case 'blobs':
      return { generator: 'blobs', samples, features: data.features, centers: data.centers, std: data.std, seed };
    case 'regression': {
      const { features, informative, noise } = data;
      return { generator: 'regression', samples, features, informative, noise, seed };
    }
    case 'classification':
      throw beyond('the generator classification');
  }
}

/**
 * What is not said of the parts follows from what is: a missing `train` takes the rest; where neither validation nor
 * test is named, test takes what train leaves; where nothing is named, 70 % train.
 */
export function resolveSplit(split: DataSection['split']): Split {
  const { shuffle, stratify, group = null, seed } = split;
  const common = { shuffle, stratify, group, seed };
  if ('folds' in split) return { kind: 'folds', folds: split.folds, ...common };
  const heldOutIsNamed = split.validation !== undefined || split.test !== undefined;
  const restIsTaken = split.validation === 'rest' || split.test === 'rest';
  const train = split.train ?? (heldOutIsNamed && !restIsTaken ? 'rest' : 0.7);
  const test = split.test ?? (heldOutIsNamed || train === 'rest' ? 0 : 'rest');
  return { kind: 'parts', train, validation: split.validation ?? 0, test, ...common };
}

export function resolveModel(model: ModelSection): ResolvedModel {
  if (!('layers' in model)) throw beyond('a module');
  return { input: model.input, layers: model.layers.map(resolveLayer) };
}

function resolveLayer(layer: Extract<ModelSection, { layers: unknown }>['layers'][number]): ResolvedLayer {
  if (layer.type !== 'dense') throw beyond(`a layer of type ${layer.type}`);
  const { units, l1, l2, l2_over_2m, noise_before, noise_after, dropout } = layer;
  return {
    type: 'dense',
    units,
    activation: runnable(layer.activation, ACTIVATIONS),
    initializer: runnable(layer.initializer, INITIALIZERS),
    bias_initializer: runnable(layer.bias_initializer, INITIALIZERS),
    l1,
    l2,
    l2_over_2m,
    noise_before,
    noise_after,
    dropout,
  };
}

function runnable<Name extends string>(kind: Kind, names: readonly Name[]): Kind<Name> {
  const name = names.find((candidate) => candidate === kind.name);
  if (name === undefined) throw beyond(kind.name);
  return { ...kind, name };
}

/** `objective` is the metric that `keep: best` follows where nothing stops early. */
export function resolveTrain(train: TrainSection, objective: MetricName): ResolvedTrain {
  const stopping = train.early_stopping;
  const early_stopping = stopping && {
    monitor: stopping.monitor as MetricName,
    patience: stopping.patience,
    min_delta: stopping.min_delta,
  };
  if (train.epochs === undefined) throw beyond('a budget in steps');
  return {
    loss: runnable<LossName>(train.loss, LOSSES),
    optimizer: resolveOptimizer(train.optimizer),
    clip: resolveClip(train.clip),
    batch_size: train.batch_size,
    epochs: train.epochs,
    early_stopping,
    keep: resolveKeep(train.keep, early_stopping?.monitor ?? objective),
  };
}

function resolveOptimizer(optimizer: TrainSection['optimizer']): ResolvedOptimizer {
  const { learning_rate } = optimizer;
  if (typeof learning_rate !== 'number') throw beyond('a schedule');
  if (optimizer.name === 'sgd') {
    const { name, momentum, nesterov } = optimizer;
    return { name, learning_rate, momentum, nesterov };
  }
  if (optimizer.name === 'adam') {
    const { name, beta_1, beta_2, epsilon } = optimizer;
    return { name, learning_rate, beta_1, beta_2, epsilon };
  }
  throw beyond(optimizer.name);
}

function resolveClip(clip: TrainSection['clip']): ResolvedClip {
  return clip ?? { variable_norm: null, global_norm: null, value: null };
}

function resolveKeep(keep: TrainSection['keep'], best: MetricName): ResolvedKeep {
  if (typeof keep === 'number') return { rule: 'epoch', epoch: keep };
  if (typeof keep === 'object') return { rule: 'best', metric: keep.best as MetricName };
  return keep === 'best' ? { rule: 'best', metric: best } : { rule: keep };
}
