/** What is wrong with the data section, by itself and for the loss. Pure. */

import { MAX_VALUES } from '../../workers/data/table.ts';
import { partSizes } from '../../workers/data/split/amounts.ts';
import { SweepError } from '../errors.ts';
import { PARTS, type Part } from '../metrics.ts';
import { isClassLoss } from './loss-rules.ts';
import { show, type Mistake, type Path } from './mistake.ts';
import { resolveSplit } from './resolve.ts';
import type { Amount, LossName } from './resolved.ts';
import type { DataSection } from './schema/data.ts';

export function dataMistakes(data: DataSection, loss: LossName): Mistake[] {
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
  mistakes.push(...columnCountMistakes(data));
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

/** Of generators: which of their columns mean something must be among those that there are. */
function columnCountMistakes(data: DataSection): Mistake[] {
  if (!('generator' in data)) return [];
  if (data.generator === 'regression' && data.informative > data.features) {
    const message = `must be at most features, ${data.features}, but found ${data.informative}`;
    return [{ path: ['data', 'informative'], message }];
  }
  if (data.generator !== 'classification') return [];
  const { features, informative, redundant } = data;
  if (informative < 2) {
    const message = `must be at least 2, for two clusters of each class, but found ${informative}`;
    return [{ path: ['data', 'informative'], message }];
  }
  if (informative + redundant <= features) return [];
  const message = `must be at least informative + redundant, ${informative} + ${redundant}, but found ${features}`;
  return [{ path: ['data', 'features'], message }];
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
  if (data.augment && !data.image) {
    const message = 'must be left out, since without data.image there are no images to change';
    return [{ path: ['data', 'augment'], message, hint: 'image: { height: 8, width: 8 } says what the columns are' }];
  }
  if (!data.image || !('generator' in data)) return [];
  const { height, width, channels } = data.image;
  const columns = columnsOf(data);
  if (height * width * channels === columns) return [];
  const message = `height * width * channels must be the number of columns, ${columns}, but found ${height * width * channels}`;
  return [{ path: ['data', 'image'], message }];
}

/** Classes that the data are known to have before they are made; undefined for a file, and for numbers. */
export function knownClasses(data: DataSection): number | undefined {
  if ('file' in data) return undefined;
  if (data.generator === 'blobs') return data.centers;
  return data.generator === 'regression' ? undefined : 2;
}
