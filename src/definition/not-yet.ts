/** What the format has and this version cannot run yet: one table, refused with "not yet" at its place. Shrinks as rooms are built. Pure. */

import { isMap, valueAt, type Mistake, type Path } from './mistake.ts';
import type { ActivationName, InitializerName, LossName } from './resolved.ts';

interface Rule {
  /** `*` stands for every entry of a list. */
  readonly at: string;
  /** Kinds or values that can be run; without it, anything but "off" is refused. */
  readonly only?: readonly (string | number)[];
  /** Types of value that can be run. */
  readonly unless?: 'number';
}

export const GENERATORS = ['moons', 'circles', 'blobs', 'regression'] as const;
export const ACTIVATIONS = [
  'linear',
  'relu',
  'tanh',
  'sigmoid',
  'softmax',
] as const satisfies readonly ActivationName[];
export const INITIALIZERS = [
  'zeros',
  'ones',
  'constant',
  'random_uniform',
  'random_normal',
  'truncated_normal',
  'glorot_uniform',
  'glorot_normal',
  'he_uniform',
  'he_normal',
  'lecun_uniform',
  'lecun_normal',
] as const satisfies readonly InitializerName[];
export const LOSSES = ['mse', 'binary_crossentropy', 'categorical_crossentropy'] as const satisfies readonly LossName[];
export const OPTIMIZERS = ['sgd', 'adam'] as const;

const RULES: readonly Rule[] = [
  { at: 'trial' },
  { at: 'pruning' },
  { at: 'method', only: ['grid', 'list', 'random', 'sobol'] },
  { at: 'metrics.*', only: ['loss', 'data_loss', 'accuracy', 'mae', 'mse', 'rmse', 'r2'] },
  { at: 'record.weight_norms' },
  { at: 'record.gradient_norms' },
  { at: 'data.generator', only: GENERATORS },
  { at: 'data.augment.flip' },
  { at: 'data.augment.shift_pixels' },
  { at: 'data.augment.rotate_degrees' },
  { at: 'model.module' },
  { at: 'model.layers.*.type', only: ['dense'] },
  { at: 'model.layers.*.activation', only: ACTIVATIONS },
  ...['initializer', 'bias_initializer'].map((key) => ({
    at: `model.layers.*.${key}`,
    only: INITIALIZERS,
  })),
  ...['bias_l1', 'bias_l2', 'activity_l1', 'activity_l2', 'constraint', 'normalization', 'weight_noise'].map((key) => ({
    at: `model.layers.*.${key}`,
  })),
  { at: 'train.loss', only: LOSSES },
  { at: 'train.optimizer', only: OPTIMIZERS },
  { at: 'train.optimizer.weight_decay' },
  { at: 'train.optimizer.amsgrad' },
  { at: 'train.optimizer.learning_rate', unless: 'number' },
  { at: 'train.steps' },
  { at: 'train.early_stopping.trigger', only: ['no_improvement'] },
  { at: 'train.early_stopping.every', only: [1] },
  { at: 'train.noise.gradients' },
  { at: 'train.noise.labels' },
  { at: 'train.label_smoothing' },
  { at: 'train.class_weight' },
];

/** Metrics that a name such as `validation_auc` may not end in yet. */
export const LATER_METRICS: ReadonlySet<string> = new Set(['auc', 'f1', 'precision', 'recall']);

/** `value` has no references any more; its paths are those of the mistakes. */
export function notYetMistakes(value: Readonly<Record<string, unknown>>): Mistake[] {
  return RULES.flatMap((rule) =>
    placesOf(value, rule.at.split('.'), []).flatMap((path): Mistake[] => {
      const found = valueAt(value, path);
      if (isRunnable(rule, found)) return [];
      // A kind is named by itself, anything else by its key: "./net.ts is not yet there" would speak of a file.
      const kind = rule.only || rule.unless ? nameOf(found) : undefined;
      return [notYet(path, kind ?? String(path[path.length - 1]))];
    }),
  );
}

export function notYet(path: Path, what: string): Mistake {
  return { path, message: `${what} is not yet there`, hint: 'a later version brings it', later: true };
}

function isRunnable(rule: Rule, found: unknown): boolean {
  if (rule.unless !== undefined) return typeof found === rule.unless;
  if (!rule.only) return found === undefined || found === null || found === 'none' || found === false || found === 0;
  const kind = nameOf(found) ?? found;
  return rule.only.some((allowed) => allowed === kind);
}

function nameOf(found: unknown): string | undefined {
  const name = isMap(found) ? found['name'] : found;
  return typeof name === 'string' ? name : undefined;
}

/** The places in `value` that a rule speaks of, where something is written. */
function placesOf(value: unknown, steps: readonly string[], path: Path): Path[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [path];
  if (step === '*')
    return Array.isArray(value) ? value.flatMap((item, index) => placesOf(item, rest, [...path, index])) : [];
  return isMap(value) && Object.hasOwn(value, step) ? placesOf(value[step], rest, [...path, step]) : [];
}
