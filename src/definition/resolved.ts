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
      readonly generator: 'classification';
      readonly samples: number;
      readonly features: number;
      readonly informative: number;
      readonly redundant: number;
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
  readonly augment: ResolvedAugment | null;
  readonly split: Split;
}

/** Changes of the training images, drawn anew in every step. */
export interface ResolvedAugment {
  readonly flip: 'none' | 'horizontal' | 'vertical' | 'both';
  readonly shift_pixels: number;
  readonly rotate_degrees: number;
}

/** A kind with its arguments, all defaults filled in, such as `{ name: 'random_uniform', minval: 0, maxval: 1 }`. */
export interface Kind<Name extends string = string> {
  readonly name: Name;
  readonly [argument: string]: number | string | boolean | null;
}

export type ActivationName =
  'linear' | 'relu' | 'tanh' | 'sigmoid' | 'softmax' | 'elu' | 'selu' | 'leaky_relu' | 'softplus' | 'softsign';
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
  | 'lecun_normal'
  | 'orthogonal'
  | 'identity';
export type LossName =
  | 'mse'
  | 'mae'
  | 'msle'
  | 'huber'
  | 'poisson'
  | 'binary_crossentropy'
  | 'categorical_crossentropy'
  | 'sparse_categorical_crossentropy'
  | 'kl_divergence'
  | 'hinge'
  | 'squared_hinge';
export type ConstraintName = 'unit_norm' | 'max_norm' | 'min_max_norm' | 'non_neg' | 'radial';

/** A number is a strength that the definition names (0 included); null means that it is not there at all. */
export type Strength = number | null;

export type ResolvedNormalization =
  | {
      readonly name: 'batch_normalization';
      readonly momentum: number;
      readonly epsilon: number;
      readonly center: boolean;
      readonly scale: boolean;
    }
  | {
      readonly name: 'layer_normalization';
      readonly epsilon: number;
      readonly center: boolean;
      readonly scale: boolean;
    };

/** Of a layer with a kernel. In order: product, normalization, noise_before, activation, noise_after, dropout. */
interface Weighted {
  readonly activation: Kind<ActivationName>;
  readonly initializer: Kind<InitializerName>;
  readonly bias_initializer: Kind<InitializerName>;
  /** l1 * sum|w| and l2 * sum w^2 over the kernel. */
  readonly l1: Strength;
  readonly l2: Strength;
  /** (l2_over_2m / 2m) * sum w^2 over the kernel, m = training rows. */
  readonly l2_over_2m: Strength;
  readonly bias_l1: Strength;
  readonly bias_l2: Strength;
  readonly activity_l1: Strength;
  readonly activity_l2: Strength;
  readonly constraint: Kind<ConstraintName> | null;
  readonly normalization: ResolvedNormalization | null;
  readonly noise_before: Strength;
  readonly noise_after: Strength;
  readonly weight_noise: Strength;
  readonly dropout: Strength;
}

export type Pair = readonly [number, number];

export interface ResolvedDense extends Weighted {
  readonly type: 'dense';
  readonly units: number;
}

export interface ResolvedConv2d extends Weighted {
  readonly type: 'conv2d';
  readonly filters: number;
  /** [height, width] */
  readonly kernel_size: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
}

export interface ResolvedPooling {
  readonly type: 'max_pooling2d' | 'average_pooling2d';
  readonly pool_size: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
}

export type ResolvedLayer =
  | ResolvedDense
  | ResolvedConv2d
  | ResolvedPooling
  | { readonly type: 'global_average_pooling2d' | 'flatten' }
  /** A normalization that is a layer of its own. */
  | { readonly type: 'normalization'; readonly normalization: ResolvedNormalization };

export interface ResolvedLayers {
  readonly input: { readonly noise: Strength; readonly dropout: Strength };
  /** `repeat` is written out; the last layer is the output. Never empty. */
  readonly layers: readonly ResolvedLayer[];
}

/** A user's module; identity is its hash. */
export interface ResolvedModule {
  /** Absolute path. */
  readonly module: string;
  readonly sha256: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type ResolvedModel = ResolvedLayers | ResolvedModule;

/** A number of updates, or of epochs where the definition counts in those. */
export type Duration = { readonly steps: number } | { readonly epochs: number };

export type ResolvedSchedule =
  | {
      readonly name: 'exponential_decay' | 'inverse_time_decay';
      readonly initial_learning_rate: number;
      readonly decay: Duration;
      readonly decay_rate: number;
      readonly staircase: boolean;
    }
  | {
      readonly name: 'polynomial_decay';
      readonly initial_learning_rate: number;
      readonly decay: Duration;
      readonly end_learning_rate: number;
      readonly power: number;
      readonly cycle: boolean;
    }
  | {
      readonly name: 'cosine_decay';
      readonly initial_learning_rate: number;
      readonly decay: Duration;
      readonly alpha: number;
      /** null: no warm-up. */
      readonly warmup_target: number | null;
      readonly warmup_steps: number;
    }
  /** values[i] up to and including boundaries[i], in epochs. */
  | { readonly name: 'piecewise_constant'; readonly boundaries: readonly number[]; readonly values: readonly number[] }
  | {
      readonly name: 'reduce_on_plateau';
      readonly initial_learning_rate: number;
      readonly monitor: MetricName;
      readonly factor: number;
      readonly patience: number;
      readonly min_delta: number;
      readonly cooldown: number;
      readonly min_learning_rate: number;
    };

interface Optimizing {
  readonly learning_rate: number | ResolvedSchedule;
  /** Decoupled. */
  readonly weight_decay: Strength;
}
interface Moments {
  readonly beta_1: number;
  readonly beta_2: number;
  readonly epsilon: number;
}

/** `adamw` is `adam` with its weight decay. */
export type ResolvedOptimizer =
  | (Optimizing & { readonly name: 'sgd'; readonly momentum: number; readonly nesterov: boolean })
  | (Optimizing & Moments & { readonly name: 'adam'; readonly amsgrad: boolean })
  | (Optimizing & Moments & { readonly name: 'adamax' | 'nadam' })
  | (Optimizing & {
      readonly name: 'rmsprop';
      readonly rho: number;
      readonly momentum: number;
      readonly epsilon: number;
      readonly centered: boolean;
    })
  | (Optimizing & { readonly name: 'adagrad'; readonly initial_accumulator_value: number; readonly epsilon: number });

export interface ResolvedClip {
  readonly variable_norm: Strength;
  readonly global_norm: Strength;
  readonly value: Strength;
}

export interface ResolvedEarlyStopping {
  readonly monitor: MetricName;
  readonly patience: number;
  readonly min_delta: number;
  readonly trigger: 'no_improvement' | 'absolute_change' | 'decrease' | 'average_change';
  /** Looks at every n-th epoch and at the last. */
  readonly every: number;
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
  /** Exactly one of the two is a number. */
  readonly epochs: number | null;
  readonly steps: number | null;
  readonly noise: { readonly gradients: Strength; readonly labels: Strength };
  readonly label_smoothing: Strength;
  /** By the class as the data name it. */
  readonly class_weight: 'balanced' | Readonly<Record<string, number>> | null;
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

/** A config whose trials a module of the user's runs. */
export interface OwnConfig {
  readonly ordinal: number;
  readonly params: Params;
  readonly trial: ResolvedModule;
}

/** What a trial may take before it fails; null where the definition names no limit. */
export interface ResolvedLimits {
  /** Seconds in training, over all attempts that went on from each other. */
  readonly seconds: number | null;
  /** Seconds without a sign of life; null: what suits the program. */
  readonly stall_seconds: number | null;
  /** Reports of a module's trial. */
  readonly epochs: number | null;
}

export const NO_LIMITS: ResolvedLimits = { seconds: null, stall_seconds: null, epochs: null };

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
  readonly record: {
    readonly epochs: 'auto' | 'all';
    readonly weight_norms: boolean;
    readonly gradient_norms: boolean;
  };
  /** Without influence on results: they may change while a sweep is under way. */
  readonly limits: ResolvedLimits;
  /** Things that a user should know and that do not stop the run. */
  readonly warnings: readonly string[];
}

/** A sweep of a module's trials, which report metrics of any names. */
export interface OwnSweep extends Omit<ResolvedSweep, 'configs' | 'objective'> {
  readonly configs: readonly OwnConfig[];
  readonly objective: { readonly metric: string; readonly goal: Goal };
}

export type AnySweep = ResolvedSweep | OwnSweep;

export function isOwnSweep(sweep: AnySweep): sweep is OwnSweep {
  return sweep.configs.some((config) => 'trial' in config);
}
