/** Impossible combinations inside one config: what each section allows alone and all of them together do not. Pure. */

import { MAX_VALUES } from '../../workers/data/table.ts';
import { partSizes } from '../../workers/data/split/amounts.ts';
import { SweepError } from '../errors.ts';
import { PARTS, type Part } from '../metrics.ts';
import { metricMistakes } from './metric-rules.ts';
import { show, type Mistake, type Path } from './mistake.ts';
import { isClassLoss, resolveSplit, type Sections } from './resolve.ts';
import type { Amount } from './resolved.ts';
import type { DataSection } from './schema/data.ts';
import type { ModelSection } from './schema/model.ts';
import type { TrainSection } from './schema/train.ts';

/** Paths are those of the sections without references. */
export function configMistakes({ data, model, train }: Sections): Mistake[] {
  return [
    ...dataMistakes(data, train.loss.name),
    ...('layers' in model ? [...layerMistakes(model), ...outputMistakes(model, data, train.loss.name)] : []),
    ...trainMistakes(train, data),
  ];
}

function dataMistakes(data: DataSection, loss: string): Mistake[] {
  const mistakes: Mistake[] = [];
  const split = resolveSplit(data.split);
  if ('generator' in data && split.group !== null) {
    mistakes.push({
      path: ['data', 'split', 'group'],
      message: `must be left out, since ${data.generator} has no such column`,
    });
  }
  if (split.kind === 'parts') {
    const amounts = amountMistakes(split);
    // The rows of a file are counted when it is read.
    const isCountable = 'generator' in data && amounts.length === 0;
    mistakes.push(...(isCountable ? sizeMistakes(split, data.samples) : amounts));
  } else if ('generator' in data && data.samples < split.folds) {
    mistakes.push({
      path: ['data', 'split', 'folds'],
      message: `must be at most the number of rows, ${data.samples}, but found ${split.folds}`,
    });
  }
  if (split.stratify && !isClassLoss(loss)) {
    mistakes.push({ path: ['data', 'split', 'stratify'], message: `must be false, since ${loss} has no classes` });
  }
  if (isClassLoss(loss) && data.transform.target) {
    mistakes.push({
      path: ['data', 'transform', 'target'],
      message: `must be none, since the target of ${loss} is a class`,
    });
  }
  if ('generator' in data && data.generator === 'regression' && isClassLoss(loss)) {
    mistakes.push({
      path: ['train', 'loss'],
      message: `must be one for numbers, since regression has no classes, but found ${loss}`,
      hint: 'mse',
    });
  }
  if ('generator' in data && data.generator === 'regression' && data.informative > data.features) {
    mistakes.push({
      path: ['data', 'informative'],
      message: `must be at most features, ${data.features}, but found ${data.informative}`,
    });
  }
  for (const part of ['features', 'target'] as const) {
    const transform = data.transform[part];
    if (transform?.name === 'min_max' && transform.range[0] >= transform.range[1]) {
      mistakes.push({
        path: ['data', 'transform', part, 'range'],
        message: `low must be less than high, but found ${show(transform.range)}`,
      });
    }
  }
  mistakes.push(...('file' in data ? columnMistakes(data) : volumeMistakes(data)));
  return [...mistakes, ...imageMistakes(data)];
}

/** What is wrong with the parts whatever the number of rows is. */
function amountMistakes(split: Readonly<Record<Part, Amount>>): Mistake[] {
  const rests = PARTS.filter((part) => split[part] === 'rest');
  const fractions = PARTS.map((part) => split[part]).filter((amount) => amount !== 'rest' && amount < 1);
  const sum = fractions.reduce((total: number, amount) => total + Number(amount), 0);
  const mistakes: Mistake[] = [];
  if (rests.length > 1) {
    const message = `only one part must be rest, but found ${rests.join(' and ')}`;
    mistakes.push({ path: ['data', 'split'], message });
  }
  if (sum > 1 + 1e-9) {
    const message = `fractions must add up to at most 1, but found ${Number(sum.toPrecision(6))}`;
    mistakes.push({ path: ['data', 'split'], message });
  } else if (rests[0] !== undefined && sum > 1 - 1e-9) {
    const message = 'must be at least one row, but the fractions leave none';
    mistakes.push({ path: ['data', 'split', rests[0]], message });
  }
  return mistakes;
}

/** The same rule as when the rows are divided, asked beforehand where their number is known. */
function sizeMistakes(amounts: Parameters<typeof partSizes>[0], rows: number): Mistake[] {
  try {
    partSizes(amounts, rows);
    return [];
  } catch (error) {
    if (!(error instanceof SweepError)) throw error;
    return error.problems.map(({ path, message, hint }) => ({
      path: path?.split('.') ?? ['data', 'split'],
      message,
      ...(hint === undefined ? {} : { hint }),
    }));
  }
}

/** The limit of data when they are encoded, asked before they are made. */
function volumeMistakes(data: Extract<DataSection, { generator: string }>): Mistake[] {
  const columns = columnsOf(data);
  if (data.samples * columns <= MAX_VALUES) return [];
  const message = `samples x features must be at most ${MAX_VALUES}, but found ${data.samples} x ${columns}`;
  return [{ path: ['data', 'samples'], message }];
}

function columnsOf(data: Extract<DataSection, { generator: string }>): number {
  return 'features' in data ? data.features : 2;
}

function columnMistakes(data: Extract<DataSection, { file: string }>): Mistake[] {
  const lists = { categorical: data.categorical, drop: data.drop };
  return Object.entries(lists).flatMap(([key, columns]) =>
    columns.flatMap((column, index): Mistake[] => {
      const path: Path = ['data', key, index];
      if (column === data.target) return [{ path, message: `must not be the target, ${show(column)}` }];
      if (key === 'drop' && data.categorical.includes(column))
        return [{ path, message: `must not be categorical too: ${show(column)}` }];
      return [];
    }),
  );
}

function imageMistakes(data: DataSection): Mistake[] {
  if (!data.image || !('generator' in data)) return [];
  const { height, width, channels } = data.image;
  const columns = columnsOf(data);
  if (height * width * channels === columns) return [];
  const message = `height * width * channels must be the number of columns, ${columns}, but found ${height * width * channels}`;
  return [{ path: ['data', 'image'], message }];
}

type Layered = Extract<ModelSection, { layers: unknown }>;

function layerMistakes({ layers }: Layered): Mistake[] {
  return layers.flatMap((layer, index): Mistake[] => {
    if (layer.type !== 'dense') return [];
    const path: Path = ['model', 'layers', index];
    const mistakes: Mistake[] = [];
    if (layer.activation.name === 'softmax' && layer.units === 1) {
      mistakes.push({
        path: [...path, 'activation'],
        message: 'softmax must have at least 2 units, but found 1: it would always give 1',
        hint: 'sigmoid is for one unit',
      });
    }
    for (const key of ['initializer', 'bias_initializer'] as const) {
      const kind = layer[key];
      if (kind.name === 'random_uniform' && kind.minval > kind.maxval) {
        mistakes.push({
          path: [...path, key],
          message: `minval must be at most maxval, but found ${kind.minval} and ${kind.maxval}`,
        });
      }
    }
    return mistakes;
  });
}

/** What the last layer must look like for the loss. */
function outputMistakes({ layers }: Layered, data: DataSection, loss: string): Mistake[] {
  const index = layers.length - 1;
  const last = layers[index];
  const path: Path = ['model', 'layers', index];
  if (!last) return [{ path: ['model', 'layers'], message: 'must have at least one layer, but every repeat is 0' }];
  if (last.type !== 'dense') {
    return [{ path, message: `must be a dense layer, the output, but found ${last.type}` }];
  }
  const mistakes: Mistake[] = [];
  const unitsMust = (what: string): void =>
    void mistakes.push({ path: [...path, 'units'], message: `${what}, but found ${last.units}` });
  const activationMust = (name: string): void => {
    const isReported = last.activation.name === 'softmax' && last.units === 1;
    if (last.activation.name === name || isReported) return;
    const message = `must be ${name} in the last layer for ${loss}, but found ${last.activation.name}`;
    mistakes.push({ path: [...path, 'activation'], message });
  };
  const classes = knownClasses(data);
  if (loss === 'binary_crossentropy') {
    if (last.units !== 1) unitsMust('must be 1 in the last layer for binary_crossentropy');
    activationMust('sigmoid');
    if (classes !== undefined && classes !== 2) {
      const message = `must be one for ${classes} classes, but found binary_crossentropy`;
      mistakes.push({ path: ['train', 'loss'], message, hint: 'categorical_crossentropy' });
    }
  } else if (loss === 'categorical_crossentropy' || loss === 'sparse_categorical_crossentropy') {
    if (last.units < 2) unitsMust(`must be the number of classes, at least 2, in the last layer for ${loss}`);
    else if (classes !== undefined && last.units !== classes)
      unitsMust(`must be the number of classes, ${classes}, in the last layer`);
    if (last.units > 1) activationMust('softmax');
  } else if (['mse', 'mae', 'msle', 'huber', 'poisson', 'hinge', 'squared_hinge'].includes(loss) && last.units !== 1) {
    unitsMust(`must be 1 in the last layer for ${loss}, since there is one target`);
  }
  return mistakes;
}

/** Classes that the data are known to have before they are made; undefined for a file. */
function knownClasses(data: DataSection): number | undefined {
  if ('file' in data) return undefined;
  if (data.generator === 'blobs') return data.centers;
  return data.generator === 'regression' ? undefined : 2;
}

function trainMistakes(train: TrainSection, data: DataSection): Mistake[] {
  const mistakes: Mistake[] = [];
  const split = resolveSplit(data.split);
  const { epochs, steps, early_stopping: stopping, keep, clip } = train;
  if (epochs !== undefined && steps !== undefined) {
    mistakes.push({
      path: ['train', 'steps'],
      message: 'must be left out where epochs is given: a budget is one of the two',
    });
  }
  if (epochs === undefined && steps === undefined) {
    mistakes.push({ path: ['train'], message: 'must have epochs or steps' });
  }
  if (clip && clip.variable_norm !== null && clip.global_norm !== null) {
    const message = 'must be left out where variable_norm is given: a norm is of each variable or of all together';
    mistakes.push({ path: ['train', 'clip', 'global_norm'], message });
  }
  if (clip && clip.variable_norm === null && clip.global_norm === null && clip.value === null) {
    mistakes.push({
      path: ['train', 'clip'],
      message: 'must have variable_norm, global_norm or value',
      hint: 'or clip: none',
    });
  }
  if (stopping) {
    mistakes.push(...metricMistakes(stopping.monitor, split, train.loss.name, ['train', 'early_stopping', 'monitor']));
  }
  if (typeof keep === 'object') {
    mistakes.push(...metricMistakes(keep.best, split, train.loss.name, ['train', 'keep', 'best']));
  }
  if ((keep === 'before_trigger' || keep === 'trigger_start') && !stopping) {
    mistakes.push({ path: ['train', 'keep'], message: `must have early_stopping beside it, but found ${keep} alone` });
  }
  if (typeof keep === 'number' && epochs !== undefined && keep > epochs) {
    mistakes.push({ path: ['train', 'keep'], message: `must be at most epochs, ${epochs}, but found ${keep}` });
  }
  return mistakes;
}
