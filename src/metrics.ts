/** The fixed set of built-in metrics: names, parts, and which direction is better. Pure; used by every room. */

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];

/**
 * `loss` is what is minimised, penalties included, in units of the scaled target; `data_loss` is without penalties.
 * `mae`, `mse`, `rmse` and `r2` are in the target's own units.
 */
export const BASE_METRICS = [
  'loss',
  'data_loss',
  'accuracy',
  'mae',
  'mse',
  'rmse',
  'r2',
  'auc',
  'f1',
  'precision',
  'recall',
] as const;
export type BaseMetric = (typeof BASE_METRICS)[number];

export type Goal = 'minimize' | 'maximize';

/** What a trial measures by the kind of its target: always, and where it is asked for. */
export const TARGET_METRICS = {
  class: { always: ['loss', 'data_loss', 'accuracy'], asked: ['auc', 'f1', 'precision', 'recall'] },
  number: { always: ['loss', 'data_loss', 'mae', 'mse', 'rmse', 'r2'], asked: [] },
} as const satisfies Record<
  'class' | 'number',
  { readonly always: readonly BaseMetric[]; readonly asked: readonly BaseMetric[] }
>;

const MAXIMIZED: ReadonlySet<BaseMetric> = new Set(['accuracy', 'r2', 'auc', 'f1', 'precision', 'recall']);

export function goalOf(metric: BaseMetric): Goal {
  return MAXIMIZED.has(metric) ? 'maximize' : 'minimize';
}

/** `test_accuracy` and the like: the columns of the shared views. */
export type MetricName = `${Part}_${BaseMetric}`;

/** All part-metric names, part by part: the order of columns in the database. */
export const METRIC_NAMES: readonly MetricName[] = PARTS.flatMap((part) =>
  BASE_METRICS.map((metric): MetricName => `${part}_${metric}`),
);

/** Splits `validation_data_loss` into its part and metric; undefined when it is not a built-in name. */
export function parseMetricName(name: string): { part: Part; metric: BaseMetric } | undefined {
  for (const part of PARTS) {
    if (!name.startsWith(`${part}_`)) continue;
    const metric = BASE_METRICS.find((candidate) => candidate === name.slice(part.length + 1));
    if (metric) return { part, metric };
  }
  return undefined;
}
