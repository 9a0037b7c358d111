/** Which metrics a trial has: by its parts and its loss. Pure. */

import { METRIC_NAMES, PARTS, parseMetricName, type BaseMetric, type MetricName, type Part } from '../metrics.ts';
import { didYouMean } from '../did-you-mean.ts';
import { ownMetricName } from './foreign-names.ts';
import { listed, show, type Mistake, type Path } from './mistake.ts';
import { LATER_METRICS, notYet } from './not-yet.ts';
import { isClassLoss } from './resolve.ts';
import type { Split } from './resolved.ts';

const CLASS_METRICS: readonly BaseMetric[] = ['loss', 'data_loss', 'accuracy', 'auc', 'f1', 'precision', 'recall'];
const NUMBER_METRICS: readonly BaseMetric[] = ['loss', 'data_loss', 'mae', 'mse', 'rmse', 'r2'];

export function metricsOf(loss: string): readonly BaseMetric[] {
  return isClassLoss(loss) ? CLASS_METRICS : NUMBER_METRICS;
}

export function partsOf(split: Split): readonly Part[] {
  if (split.kind === 'folds') return ['train', 'validation'];
  return PARTS.filter((part) => split[part] !== 0);
}

/** The part on which configs are compared where nothing is said. */
export function judgingPart(split: Split): Part {
  const parts = partsOf(split);
  return parts.includes('validation') ? 'validation' : parts.includes('test') ? 'test' : 'train';
}

export function defaultObjective(split: Split, loss: string): MetricName {
  return `${judgingPart(split)}_${isClassLoss(loss) ? 'accuracy' : 'mse'}`;
}

/** A mistake when no trial has a metric of this name. */
export function unknownMetricMistakes(name: string, path: Path): Mistake[] {
  if (parseMetricName(name)) return [];
  const own = ownMetricName(name);
  const known = own !== undefined && parseMetricName(own) ? `here it is called ${own}` : undefined;
  const isBare = METRIC_NAMES.some((metric) => metric === `train_${name}`);
  const parted = isBare ? `name its part, too, such as validation_${name}` : undefined;
  const hint =
    known ?? parted ?? didYouMean(own ?? name, METRIC_NAMES) ?? 'a part and a metric, such as validation_loss';
  return [{ path, message: `must be a metric, but found ${show(name)}`, hint }];
}

/** Mistakes in the name of a metric that a trial with this split and loss must have. */
export function metricMistakes(name: string, split: Split, loss: string, path: Path): Mistake[] {
  const parsed = parseMetricName(name);
  if (!parsed) return unknownMetricMistakes(name, path);
  const parts = partsOf(split);
  if (!parts.includes(parsed.part)) {
    const message = `must be of a part that the split has, ${listed(parts)}, but found ${name}`;
    const hint = `give split a part ${parsed.part}, or use ${parts[parts.length - 1] ?? 'train'}_${parsed.metric}`;
    return [{ path, message, hint }];
  }
  const metrics = metricsOf(loss);
  if (!metrics.includes(parsed.metric)) {
    const runnable = metrics.filter((metric) => !LATER_METRICS.has(metric));
    return [{ path, message: `must be a metric that the loss ${loss} allows, ${listed(runnable)}, but found ${name}` }];
  }
  return LATER_METRICS.has(parsed.metric) ? [notYet(path, name)] : [];
}
