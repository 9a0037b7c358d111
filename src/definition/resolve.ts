/** The data section, checked and with its defaults, to what the engine is told. Pure. */

import { isClassLoss } from './loss-rules.ts';
import type { FileSource, GeneratorSource, LossName, ResolvedData, Split } from './resolved.ts';
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

/** `files` maps what `data.file` says to what was found there. */
export function resolveData(data: DataSection, loss: LossName, files: ReadonlyMap<string, FoundFile>): ResolvedData {
  return {
    source: 'file' in data ? fileSource(data, files) : generatorSource(data),
    target_kind: isClassLoss(loss) ? 'class' : 'number',
    image: data.image ?? null,
    transform: data.transform,
    augment: data.augment ?? null,
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
    case 'classification': {
      const { features, informative, redundant } = data;
      return { generator: 'classification', samples, features, informative, redundant, seed };
    }
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
