/** What only all configs together show: the objective, names, what is refused or warned about in a comparison. Pure. */

import { goalOf, parseMetricName, type BaseMetric, type Goal, type MetricName } from '../metrics.ts';
import { isTableOrView } from '../sql-names.ts';
import { defaultObjective, metricMistakes, metricsOf, partsOf } from './metric-rules.ts';
import { formatPath, listed, type Mistake, type Path } from './mistake.ts';
import { plateauMonitor } from './resolve-train.ts';
import { resolveSplit, type Sections } from './resolve.ts';
import type { Rest } from './schema/definition.ts';

export function sweepNameMistakes(name: string): Mistake[] {
  // A name with `_` is none of a sweep's form, which the schema says.
  if (name.includes('_') || !isTableOrView(name)) return [];
  return [
    { path: ['name'], message: `must not be ${name}: that is a view or table of the database`, hint: `${name}-1, say` },
  ];
}

export interface Objective {
  readonly metric: MetricName;
  readonly goal: Goal;
}

export function objectiveOf(rest: Rest, config: Sections): Objective {
  const said = typeof rest.objective === 'object' ? rest.objective : { metric: rest.objective };
  const fallback = defaultObjective(resolveSplit(config.data.split), config.train.loss.name);
  const metric = (said.metric ?? fallback) as MetricName;
  const base = parseMetricName(metric)?.metric ?? 'loss';
  return { metric, goal: ('goal' in said ? said.goal : undefined) ?? goalOf(base) };
}

/** Mistakes that concern what is measured and compared. */
export function sweepMistakes(rest: Rest, configs: readonly Sections[]): Mistake[] {
  const path: Path = typeof rest.objective === 'object' ? ['objective', 'metric'] : ['objective'];
  const mistakes = configs.flatMap((config) => [
    ...metricListMistakes(rest.metrics, config),
    ...objectiveMistakes(rest, config, path),
  ]);
  mistakes.push(...varyMistakes(rest, configs), ...recordMistakes(rest, configs), ...limitMistakes(rest));
  const [first] = configs;
  const objectives = [...new Set(configs.map((config) => objectiveOf(rest, config).metric))];
  if (objectives.length > 1) {
    const message = `must be given, a metric that every config has, since what they would be ranked by differs: ${listed(objectives, 'and')}`;
    return [...mistakes, { path, message }];
  }
  const losses = new Set(configs.map(({ train }) => JSON.stringify(train.loss)));
  const metric = first && objectiveOf(rest, first).metric;
  if (metric?.endsWith('loss') && losses.size > 1) {
    const message = `must not be ${metric}, since the loss is searched: values of two losses cannot be compared`;
    mistakes.push({ path, message, hint: 'rank by accuracy, mae or the like' });
  }
  return mistakes;
}

/** The layers of a module's model are its own. */
function recordMistakes({ record }: Rest, configs: readonly Sections[]): Mistake[] {
  if (!configs.some(({ model }) => 'module' in model)) return [];
  return (['weight_norms', 'gradient_norms'] as const).flatMap((key): Mistake[] => {
    const message = 'must be false where model is a module, whose layers are its own';
    return record[key] ? [{ path: ['record', key], message }] : [];
  });
}

/** How long a program trains, its own section says. */
function limitMistakes({ limits }: Rest): Mistake[] {
  if (limits.epochs === undefined) return [];
  const message = 'must be left out beside data, model and train: it is for trials that a module runs';
  return [{ path: ['limits', 'epochs'], message, hint: 'train.epochs is their number of epochs' }];
}

/** What a replicate is to vary and cannot: it would pass for variation that was looked at. */
function varyMistakes({ replicates }: Rest, configs: readonly Sections[]): Mistake[] {
  if (typeof replicates === 'number' || configs.length === 0) return [];
  const fixed = {
    training: undefined,
    split: configs.every(({ data }) => isCutInOrder(data.split)) ? 'rows that are not shuffled are' : undefined,
    data: configs.every(({ data }) => 'file' in data) ? 'a file is' : undefined,
  };
  return replicates.vary.flatMap((varied, index): Mistake[] => {
    const cause = fixed[varied];
    if (cause === undefined) return [];
    const message = `must be what replicates can change, but found ${varied}: ${cause} the same in each`;
    return [{ path: ['replicates', 'vary', index], message, hint: 'leave it out' }];
  });
}

function isCutInOrder(written: Sections['data']['split']): boolean {
  const split = resolveSplit(written);
  return split.kind === 'parts' && !split.shuffle;
}

function objectiveMistakes(rest: Rest, { data, train }: Sections, path: Path): Mistake[] {
  const { metric, goal } =
    typeof rest.objective === 'object' ? rest.objective : { metric: rest.objective, goal: undefined };
  if (metric === undefined) return [];
  const mistakes = metricMistakes(metric, resolveSplit(data.split), train.loss.name, path);
  const base = parseMetricName(metric)?.metric;
  if (base && goal !== undefined && goal !== goalOf(base)) {
    const message = `must be ${goalOf(base)} for ${metric}, but found ${goal}`;
    mistakes.push({ path: ['objective', 'goal'], message, hint: 'leave it out: a built-in metric has its own' });
  }
  return mistakes;
}

function metricListMistakes(metrics: readonly BaseMetric[], { train }: Sections): Mistake[] {
  const allowed = metricsOf(train.loss.name);
  return metrics.flatMap((metric, index): Mistake[] => {
    if (allowed.includes(metric)) return [];
    const message = `must be a metric that the loss ${train.loss.name} allows, ${listed(allowed)}, but found ${metric}`;
    return [{ path: ['metrics', index], message }];
  });
}

/** A sample may have found fewer configs than were asked for. */
export function countWarnings({ method }: Rest, found: number): string[] {
  const asked = typeof method === 'object' && 'configs' in method ? method.configs : 0;
  return found < asked ? [`method: found only ${found} different configs of the ${asked} asked for`] : [];
}

/** Things that a user should know and that do not stop the run. */
export function sweepWarnings(rest: Rest, configs: readonly Sections[]): string[] {
  const [first] = configs;
  if (!first) return [];
  const { metric } = objectiveOf(rest, first);
  const warnings = new Set<string>();
  if (metric.endsWith('_loss') && !metric.endsWith('_data_loss') && new Set(configs.map(penaltiesOf)).size > 1) {
    const data = metric.replace(/_loss$/, '_data_loss');
    warnings.add(
      `objective: ${metric} contains the penalties, and a penalty is searched: ${data} compares what was learned`,
    );
  }
  const hasValidation = configs.every(({ data }) => partsOf(resolveSplit(data.split)).includes('validation'));
  if (metric.startsWith('test_') && configs.length > 1) {
    const other = hasValidation ? metric.replace(/^test_/, 'validation_') : 'a validation part';
    const verb = hasValidation ? 'use' : 'add';
    warnings.add(`objective: choosing by ${metric} flatters the winner; ${verb} ${other}`);
  }
  for (const warning of countWarnings(rest, configs.length)) warnings.add(warning);
  const count = typeof rest.replicates === 'number' ? rest.replicates : rest.replicates.count;
  for (const { data, model, train } of configs) {
    const split = resolveSplit(data.split);
    if (split.kind === 'folds' && count % split.folds !== 0) {
      warnings.add(
        `replicates: ${count} do not hold out each of the ${split.folds} folds equally often; ${split.folds} would`,
      );
    }
    const monitor = train.early_stopping?.monitor;
    if (monitor?.startsWith('test_')) {
      warnings.add(`train.early_stopping.monitor: ${monitor} stops on the test part, whose figures are then too good`);
    }
    const schedule = train.optimizer.learning_rate;
    if (typeof schedule === 'object' && schedule.name === 'reduce_on_plateau') {
      const steering = plateauMonitor(schedule.monitor, split);
      if (steering.startsWith('test_')) {
        const path = 'train.optimizer.learning_rate.monitor';
        warnings.add(`${path}: ${steering} steers by the test part, whose figures are then too good`);
      }
    }
    if (train.batch_size === 1 && hasBatchNormalization(model)) {
      warnings.add('train.batch_size: 1 row has no spread, by which batch_normalization divides');
    }
    const best =
      typeof train.keep === 'object' ? train.keep.best : train.keep === 'best' ? (monitor ?? metric) : undefined;
    if (best?.startsWith('test_')) {
      warnings.add(`train.keep: ${best} selects the epoch on the test part, whose figures are then too good`);
    }
    for (const part of ['features', 'target'] as const) {
      if (data.transform[part]?.fit_on !== 'all') continue;
      const path = formatPath(['data', 'transform', part, 'fit_on']);
      warnings.add(`${path}: all lets the other parts leak into training`);
    }
  }
  return [...warnings];
}

function hasBatchNormalization(model: Sections['model']): boolean {
  if (!('layers' in model)) return false;
  return model.layers.some(
    (layer) =>
      layer.type === 'batch_normalization' ||
      ('normalization' in layer && layer.normalization?.name === 'batch_normalization'),
  );
}

function penaltiesOf({ model }: Sections): string {
  if (!('layers' in model)) return '';
  return JSON.stringify(
    model.layers.map((layer) =>
      'l1' in layer
        ? [
            layer.l1,
            layer.l2,
            layer.l2_over_2m,
            layer.bias_l1,
            layer.bias_l2,
            layer.activity_l1,
            layer.activity_l2,
          ].map(Number)
        : [],
    ),
  );
}
