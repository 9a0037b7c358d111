/** Which metrics a trial has: by its parts and its loss. Pure. */

import {
  METRIC_NAMES,
  PARTS,
  parseMetricName,
  TARGET_METRICS,
  type BaseMetric,
  type MetricName,
  type Part,
} from '../metrics.ts';
import { didYouMean } from '../did-you-mean.ts';
import { ownMetricName } from './foreign-names.ts';
import { isClassLoss } from './loss-rules.ts';
import { listed, show, type Mistake, type Path } from './mistake.ts';
import type { LossName, Split } from './resolved.ts';

export function metricsOf(loss: LossName): readonly BaseMetric[] {
  const { always, asked } = TARGET_METRICS[isClassLoss(loss) ? 'class' : 'number'];
  return [...always, ...asked];
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

export function defaultObjective(split: Split, loss: LossName): MetricName {
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
export function metricMistakes(name: string, split: Split, loss: LossName, path: Path): Mistake[] {
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
    return [{ path, message: `must be a metric that the loss ${loss} allows, ${listed(metrics)}, but found ${name}` }];
  }
  return [];
}
