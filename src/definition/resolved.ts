/** A definition with every `$name` replaced and every default filled in: what one config means, as plain data. */

import type { BaseMetric, Goal, MetricName } from '../metrics.ts';

/** What a searched parameter may be in a config and in SQL; a structured value goes by its choice's name. */
export type ParamValue = number | string | boolean | null;
export type Params = Readonly<Record<string, ParamValue>>;

export type Transform =
  | { readonly name: 'standardize'; readonly fit_on: FitOn }
  | { readonly name: 'min_max'; readonly range: readonly [number, number]; readonly fit_on: FitOn }
  | { readonly name: 'robust'; readonly fit_on: FitOn };
export type FitOn = 'train' | 'all';

export type GeneratorSource =
  | { readonly generator: 'moons'; readonly samples: number; readonly noise: number; readonly seed: number }
  | {
      readonly generator: 'circles';
      readonly samples: number;
      readonly noise: number;
      readonly factor: number;
      readonly seed: number;
    }
  | {
      readonly generator: 'blobs';
      readonly samples: number;
      readonly features: number;
      readonly centers: number;
      readonly std: number;
      readonly seed: number;
    }
  | {
      readonly generator: 'regression';
      readonly samples: number;
      readonly features: number;
      readonly informative: number;
      readonly noise: number;
      readonly seed: number;
    };

export interface FileSource {
  /** Absolute path; identity is the hash, so that a moved folder is the same sweep. */
  readonly file: string;
  readonly sha256: string;
  readonly target: string;
  readonly categorical: readonly string[];
  readonly drop: readonly string[];
  readonly missing: 'error' | 'drop' | 'impute';
}

/** Below 1 a fraction of the rows, from 1 up a number of rows; `rest` at most once; 0 = no such part. */
export type Amount = number | 'rest';

export type Split =
  | {
      readonly kind: 'parts';
      readonly train: Amount;
      readonly validation: Amount;
      readonly test: Amount;
      readonly shuffle: boolean;
      readonly stratify: boolean;
      readonly group: string | null;
      readonly seed: number;
    }
  | {
      readonly kind: 'folds';
      readonly folds: number;
      readonly shuffle: boolean;
      readonly stratify: boolean;
      readonly group: string | null;
      readonly seed: number;
    };

export interface ResolvedData {
  readonly source: GeneratorSource | FileSource;
  /** Whether the target is a class or a number follows from the loss. */
  readonly target_kind: 'class' | 'number';
  readonly image: { readonly height: number; readonly width: number; readonly channels: number } | null;
  readonly transform: { readonly features: Transform | null; readonly target: Transform | null };
  readonly split: Split;
}

/** A kind with its arguments, all defaults filled in, such as `{ name: 'random_uniform', minval: 0, maxval: 1 }`. */
export interface Kind<Name extends string = string> {
  readonly name: Name;
  readonly [argument: string]: number | string | boolean | null;
}

export type ActivationName = 'linear' | 'relu' | 'tanh' | 'sigmoid' | 'softmax';
export type InitializerName =
  | 'zeros'
  | 'ones'
  | 'constant'
  | 'random_uniform'
  | 'random_normal'
  | 'truncated_normal'
  | 'glorot_uniform'
  | 'glorot_normal'
  | 'he_uniform'
  | 'he_normal'
  | 'lecun_uniform'
  | 'lecun_normal';
export type LossName = 'mse' | 'binary_crossentropy' | 'categorical_crossentropy';

/** A number is a strength that the definition names (0 included); null means that it is not there at all. */
export type Strength = number | null;

export interface ResolvedLayer {
  readonly type: 'dense';
  readonly units: number;
  readonly activation: Kind<ActivationName>;
  readonly initializer: Kind<InitializerName>;
  readonly bias_initializer: Kind<InitializerName>;
  /** l1 * sum|w| and l2 * sum w^2 over the kernel. */
  readonly l1: Strength;
  readonly l2: Strength;
  /** (l2_over_2m / 2m) * sum w^2 over the kernel, m = training rows. */
  readonly l2_over_2m: Strength;
  readonly noise_before: Strength;
  readonly noise_after: Strength;
  readonly dropout: Strength;
}

export interface ResolvedModel {
  readonly input: { readonly noise: Strength; readonly dropout: Strength };
  /** `repeat` is written out; the last layer is the output. Never empty. */
  readonly layers: readonly ResolvedLayer[];
}

export type ResolvedOptimizer =
  | {
      readonly name: 'sgd';
      readonly learning_rate: number;
      readonly momentum: number;
      readonly nesterov: boolean;
    }
  | {
      readonly name: 'adam';
      readonly learning_rate: number;
      readonly beta_1: number;
      readonly beta_2: number;
      readonly epsilon: number;
    };

export interface ResolvedClip {
  readonly variable_norm: Strength;
  readonly global_norm: Strength;
  readonly value: Strength;
}

export interface ResolvedEarlyStopping {
  readonly monitor: MetricName;
  readonly patience: number;
  readonly min_delta: number;
}

/** Which epoch's metrics are the trial's: `best` needs a metric, `epoch` a number from 1. */
export type ResolvedKeep =
  | { readonly rule: 'last' | 'before_trigger' | 'trigger_start' }
  | { readonly rule: 'best'; readonly metric: MetricName }
  | { readonly rule: 'epoch'; readonly epoch: number };

export interface ResolvedTrain {
  readonly loss: Kind<LossName>;
  readonly optimizer: ResolvedOptimizer;
  readonly clip: ResolvedClip;
  readonly batch_size: number | 'full';
  readonly epochs: number;
  readonly early_stopping: ResolvedEarlyStopping | null;
  readonly keep: ResolvedKeep;
}

export interface ResolvedConfig {
  /** From 0, in the order of the space; stays when a sweep is extended. */
  readonly ordinal: number;
  /** Only the parameters that this config reaches. */
  readonly params: Params;
  readonly data: ResolvedData;
  readonly model: ResolvedModel;
  readonly train: ResolvedTrain;
}

export type Varied = 'training' | 'split' | 'data';

/** A whole sweep, ready to run. */
export interface ResolvedSweep {
  readonly name: string;
  readonly seed: number;
  /** Every searched parameter, in the definition's order. */
  readonly parameters: readonly string[];
  readonly configs: readonly ResolvedConfig[];
  /** Configs at the front that `include` names: each replicate begins with them. */
  readonly included: number;
  /** Ordinal of the baseline config, where the definition names one. */
  readonly baseline: number | null;
  readonly replicates: { readonly count: number; readonly vary: readonly Varied[] };
  /** Metrics that the user asked for, besides what the loss, objective, monitor and keep bring. */
  readonly metrics: readonly BaseMetric[];
  readonly objective: { readonly metric: MetricName; readonly goal: Goal };
  readonly record: { readonly epochs: 'auto' | 'all' };
  /** Things that a user should know and that do not stop the run. */
  readonly warnings: readonly string[];
}
