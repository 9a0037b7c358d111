/** What is wrong with the train section, by itself and for the data. Pure. */

import { didYouMean } from '../did-you-mean.ts';
import { knownClasses } from './check-data.ts';
import { isClassLoss } from './loss-rules.ts';
import { metricMistakes } from './metric-rules.ts';
import { show, type Mistake, type Path } from './mistake.ts';
import { resolveSplit } from './resolve.ts';
import type { Split } from './resolved.ts';
import type { DataSection } from './schema/data.ts';
import type { Schedule, TrainSection } from './schema/train.ts';

export function trainMistakes(train: TrainSection, data: DataSection): Mistake[] {
  const split = resolveSplit(data.split);
  return [
    ...budgetMistakes(train),
    ...clipMistakes(train),
    ...stoppingMistakes(train, split),
    ...scheduleMistakes(train, split),
    ...targetMistakes(train, data),
  ];
}

function budgetMistakes({ epochs, steps }: TrainSection): Mistake[] {
  if (epochs === undefined && steps === undefined) return [{ path: ['train'], message: 'must have epochs or steps' }];
  if (epochs === undefined || steps === undefined) return [];
  const message = 'must be left out where epochs is given: a budget is one of the two';
  return [{ path: ['train', 'steps'], message }];
}

function clipMistakes({ clip }: TrainSection): Mistake[] {
  if (!clip) return [];
  if (clip.variable_norm !== null && clip.global_norm !== null) {
    const message = 'must be left out where variable_norm is given: a norm is of each variable or of all together';
    return [{ path: ['train', 'clip', 'global_norm'], message }];
  }
  if (clip.variable_norm !== null || clip.global_norm !== null || clip.value !== null) return [];
  const message = 'must have variable_norm, global_norm or value';
  return [{ path: ['train', 'clip'], message, hint: 'or clip: none' }];
}

function stoppingMistakes({ early_stopping: stopping, keep, epochs, loss }: TrainSection, split: Split): Mistake[] {
  const mistakes: Mistake[] = [];
  if (stopping) {
    mistakes.push(...metricMistakes(stopping.monitor, split, loss.name, ['train', 'early_stopping', 'monitor']));
  }
  if (typeof keep === 'object') {
    mistakes.push(...metricMistakes(keep.best, split, loss.name, ['train', 'keep', 'best']));
  }
  if ((keep === 'before_trigger' || keep === 'trigger_start') && !stopping) {
    mistakes.push({ path: ['train', 'keep'], message: `must have early_stopping beside it, but found ${keep} alone` });
  }
  if (typeof keep === 'number' && epochs !== undefined && keep > epochs) {
    mistakes.push({ path: ['train', 'keep'], message: `must be at most epochs, ${epochs}, but found ${keep}` });
  }
  return mistakes;
}

function scheduleMistakes({ optimizer, loss }: TrainSection, split: Split): Mistake[] {
  const schedule = optimizer.learning_rate;
  const path: Path = ['train', 'optimizer', 'learning_rate'];
  if (typeof schedule === 'number') return [];
  switch (schedule.name) {
    case 'piecewise_constant':
      return pieceMistakes(schedule, path);
    case 'reduce_on_plateau':
      if (schedule.monitor === undefined) return [];
      return metricMistakes(schedule.monitor, split, loss.name, [...path, 'monitor']);
    case 'cosine_decay':
      return [...durationMistakes(schedule, path), ...warmUpMistakes(schedule, path)];
    case 'exponential_decay':
    case 'inverse_time_decay':
    case 'polynomial_decay':
      return durationMistakes(schedule, path);
  }
}

function pieceMistakes(
  { boundaries, values }: Extract<Schedule, { name: 'piecewise_constant' }>,
  path: Path,
): Mistake[] {
  const mistakes: Mistake[] = [];
  if (boundaries.some((boundary, index) => index > 0 && boundary <= boundaries[index - 1]!)) {
    mistakes.push({ path: [...path, 'boundaries'], message: `must rise, but found ${show(boundaries)}` });
  }
  if (values.length !== boundaries.length + 1) {
    const message = `must be one more than the boundaries, ${boundaries.length + 1} values, but found ${values.length}`;
    mistakes.push({ path: [...path, 'values'], message, hint: 'the last one holds after the last boundary' });
  }
  return mistakes;
}

function durationMistakes(schedule: { decay_steps?: unknown; decay_epochs?: unknown }, path: Path): Mistake[] {
  const { decay_steps: steps, decay_epochs: epochs } = schedule;
  if (steps === undefined && epochs === undefined) return [{ path, message: 'must have decay_steps or decay_epochs' }];
  if (steps === undefined || epochs === undefined) return [];
  const message = 'must be left out where decay_steps is given: a duration is one of the two';
  return [{ path: [...path, 'decay_epochs'], message }];
}

function warmUpMistakes(
  { warmup_steps: steps, warmup_target: target }: Extract<Schedule, { name: 'cosine_decay' }>,
  path: Path,
): Mistake[] {
  if (steps > 0 && target === undefined) {
    const message = `must have warmup_target beside it, but found ${steps} alone`;
    return [{ path: [...path, 'warmup_steps'], message }];
  }
  if (steps === 0 && target !== undefined) {
    const message = `must have warmup_steps beside it, but found ${target} alone`;
    return [{ path: [...path, 'warmup_target'], message }];
  }
  return [];
}

/** What is done to targets must be possible for targets of their kind. */
function targetMistakes({ loss, label_smoothing, class_weight, noise }: TrainSection, data: DataSection): Mistake[] {
  const mistakes: Mistake[] = [];
  if (isClassLoss(loss.name)) {
    if ((noise.labels ?? 0) > 1) {
      const message = `must be at most 1, the probability of another class, but found ${noise.labels}`;
      mistakes.push({ path: ['train', 'noise', 'labels'], message });
    }
    const classes = knownClasses(data);
    if (class_weight !== null && class_weight !== 'balanced' && classes !== undefined) {
      mistakes.push(...classNameMistakes(Object.keys(class_weight), classes));
    }
    return mistakes;
  }
  const onlyForClasses = { label_smoothing, class_weight };
  for (const [key, value] of Object.entries(onlyForClasses)) {
    if (value === null) continue;
    mistakes.push({ path: ['train', key], message: `must be none, since ${loss.name} has no classes` });
  }
  return mistakes;
}

/** The classes of a generator are called 0, 1, ...; those of a file are found when it is read. */
function classNameMistakes(names: readonly string[], classes: number): Mistake[] {
  const known = Array.from({ length: classes }, (_, index) => String(index));
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: ['train', 'class_weight', name],
      at: 'key',
      message: `must be a class, but found ${show(name)}`,
      hint: didYouMean(name, known) ?? `the classes are ${known.join(', ')}`,
    }));
}
