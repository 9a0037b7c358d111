/** The train section, checked and with its defaults, to what the engine is told. Pure. */

import type { MetricName } from '../metrics.ts';
import { judgingPart } from './metric-rules.ts';
import type { Duration, ResolvedKeep, ResolvedOptimizer, ResolvedSchedule, ResolvedTrain, Split } from './resolved.ts';
import type { Schedule, TrainSection } from './schema/train.ts';

/** `objective` is the metric that `keep: best` follows where nothing stops early. */
export function resolveTrain(train: TrainSection, split: Split, objective: MetricName): ResolvedTrain {
  const { early_stopping: stopping } = train;
  const monitor = stopping?.monitor as MetricName | undefined;
  return {
    loss: train.loss,
    optimizer: resolveOptimizer(train.optimizer, split),
    clip: train.clip ?? { variable_norm: null, global_norm: null, value: null },
    batch_size: train.batch_size,
    epochs: train.epochs ?? null,
    steps: train.steps ?? null,
    noise: train.noise,
    label_smoothing: train.label_smoothing,
    class_weight: train.class_weight,
    early_stopping: stopping && { ...stopping, monitor: stopping.monitor as MetricName },
    keep: resolveKeep(train.keep, monitor ?? objective),
  };
}

function resolveOptimizer(optimizer: TrainSection['optimizer'], split: Split): ResolvedOptimizer {
  const learning_rate =
    typeof optimizer.learning_rate === 'number'
      ? optimizer.learning_rate
      : resolveSchedule(optimizer.learning_rate, split);
  if (optimizer.name === 'adamw') return { ...optimizer, name: 'adam', learning_rate };
  return { ...optimizer, learning_rate };
}

function resolveSchedule(schedule: Schedule, split: Split): ResolvedSchedule {
  switch (schedule.name) {
    case 'piecewise_constant':
      return schedule;
    case 'reduce_on_plateau':
      return { ...schedule, monitor: plateauMonitor(schedule.monitor, split) };
    case 'cosine_decay': {
      const { decay_steps, decay_epochs, warmup_target = null, ...rest } = schedule;
      return { ...rest, warmup_target, decay: duration(decay_steps, decay_epochs) };
    }
    default: {
      const { decay_steps, decay_epochs, ...rest } = schedule;
      return { ...rest, decay: duration(decay_steps, decay_epochs) };
    }
  }
}

/** Where nothing is said, the loss of the part by which configs are judged. */
export function plateauMonitor(said: string | undefined, split: Split): MetricName {
  return (said as MetricName | undefined) ?? `${judgingPart(split)}_loss`;
}

function duration(steps: number | undefined, epochs: number | undefined): Duration {
  if (steps !== undefined) return { steps };
  if (epochs !== undefined) return { epochs };
  throw new Error('a schedule without a duration must have been refused');
}

function resolveKeep(keep: TrainSection['keep'], best: MetricName): ResolvedKeep {
  if (typeof keep === 'number') return { rule: 'epoch', epoch: keep };
  if (typeof keep === 'object') return { rule: 'best', metric: keep.best as MetricName };
  return keep === 'best' ? { rule: 'best', metric: best } : { rule: keep };
}
