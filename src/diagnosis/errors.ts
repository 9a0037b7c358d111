/**
 * Train and dev errors of a config, and how large they are: as shares, which percentages can be said of. Pure.
 *
 * A share of rows, such as an accuracy, is on that scale by itself. A loss has no upper end: 10 may be much or little. For
 * numeric targets r2 tells: 1 - r2 is the squared error in units of that of a model which predicts the mean, so that 1 is
 * a network that has learned nothing. Other errors are put on that scale by it. Where a loss comes without accuracy and
 * without r2, as from modules, no scale is known, and nothing is said.
 */

import { goalOf, parseMetricName, type BaseMetric } from '../metrics.ts';

export interface Errors {
  /** What errors are made of. */
  readonly metric: BaseMetric;
  readonly part: 'validation' | 'test';
  /** In the metric's unit, or 1 minus it where more is better. */
  readonly train: number;
  readonly dev: number;
  readonly optimal: number | null;
  readonly shares: { readonly train: number; readonly dev: number; readonly optimal: number };
}

type Means = Readonly<Record<string, number>>;

/** Of 95 % of a normal number. */
const QUANTILE = 1.96;
/** Squared errors grow with the square of the others. */
const SQUARED: ReadonlySet<BaseMetric> = new Set(['mse', 'loss', 'data_loss']);

/**
 * A text that says why where nothing can be said.
 * @param means of the metrics at the kept epochs
 * @param optimal error that cannot be avoided, as the definition has it
 */
export function errorsOf(objective: string, means: Means, optimal: number | null): Errors | string {
  const asked = parseMetricName(objective)?.metric;
  const part = (['validation', 'test'] as const).find((each) =>
    Object.keys(means).some((name) => name.startsWith(each)),
  );
  if (part === undefined)
    return 'there is no validation or test part, whose error could be compared with that of training';
  const has = (metric: BaseMetric): boolean => `train_${metric}` in means && `${part}_${metric}` in means;
  const metric = asked !== undefined && isShare(asked) ? asked : has('accuracy') ? 'accuracy' : asked;
  if (metric === undefined || !has(metric)) {
    return `${objective} is not measured on the training part and on another one under the names of built-in metrics`;
  }
  const error = (name: string): number => (isShare(metric) || metric === 'r2' ? 1 - means[name]! : means[name]!);
  const [train, dev] = [error(`train_${metric}`), error(`${part}_${metric}`)];
  if (isShare(metric) || metric === 'r2') {
    if (optimal !== null && optimal > 1)
      return `optimal_error must be a share of rows for ${metric}, such as 0.05, but is ${optimal}`;
    return { metric, part, train, dev, optimal, shares: { train, dev, optimal: optimal ?? 0 } };
  }
  if (!has('r2')) {
    return `how large a ${metric} is much is not known: there is neither an accuracy nor r2, which would tell what a model that has learned nothing gets`;
  }
  const shares = { train: 1 - means['train_r2']!, dev: 1 - means[`${part}_r2`]! };
  const ratio = optimal === null || train <= 0 ? 0 : optimal / train;
  const avoided = SQUARED.has(metric) ? ratio : ratio ** 2;
  return { metric, part, train, dev, optimal, shares: { ...shares, optimal: avoided * shares.train } };
}

/** Whether it is a share, of rows or of pairs of rows. */
export function isShare(metric: BaseMetric): boolean {
  return metric !== 'r2' && goalOf(metric) === 'maximize';
}

/** 95 % of what other rows of the same source would give lies within this of a share of so many rows. */
export function rowsHalfWidth(share: number, rows: number): number {
  return QUANTILE * Math.sqrt((share * (1 - share)) / Math.max(1, rows));
}
