/** A program is the structure of a training computation; a trial task is one trial's numbers for it. Plain data, pure. */

import type {
  ActivationName,
  ConstraintName,
  InitializerName,
  Kind,
  LossName,
  Pair,
  ResolvedEarlyStopping,
  ResolvedKeep,
  ResolvedNormalization,
} from '../../src/definition/resolved.ts';
import type { ResumePoint } from '../../src/executor/executor.ts';
import type { MetricName } from '../../src/metrics.ts';
import type { DataShape, DataSpec } from '../data/dataset.ts';

/** Rows of pixels, row by row, channels last. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What every layer does after its product; between layers all values are [K, rows, units]. */
interface LayerCommon {
  /** Numbers per row that come in and go out: of an image height * width * channels. */
  readonly inputs: number;
  readonly units: number;
  /** Length of the innermost axis of the output: `units` unless it is an image. Biases and normalizations have one number each. */
  readonly channels: number;
  readonly normalization: ResolvedNormalization['name'] | null;
  /** Of the normalization: with gamma, with beta. */
  readonly scale: boolean;
  readonly center: boolean;
  readonly noise_before: boolean;
  readonly activation: ActivationName;
  readonly activity_l1: boolean;
  readonly activity_l2: boolean;
  readonly noise_after: boolean;
  readonly dropout: boolean;
}

interface Weighted {
  readonly l1: boolean;
  readonly l2: boolean;
  readonly bias_l1: boolean;
  readonly bias_l2: boolean;
  readonly constraint: ConstraintName | null;
  readonly weight_noise: boolean;
}

export interface DenseProgram extends LayerCommon, Weighted {
  readonly type: 'dense';
}

export interface Conv2dProgram extends LayerCommon, Weighted {
  readonly type: 'conv2d';
  readonly image: ImageShape;
  /** [height, width] */
  readonly kernel_size: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
}

export interface PoolingProgram extends LayerCommon {
  readonly type: 'max_pooling2d' | 'average_pooling2d';
  readonly image: ImageShape;
  readonly pool_size: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
}

export interface GlobalPoolingProgram extends LayerCommon {
  readonly type: 'global_average_pooling2d';
  readonly image: ImageShape;
}

/** No product: `flatten`, which only forgets the image's shape, or a normalization that is a layer of its own. */
export interface PlainProgram extends LayerCommon {
  readonly type: 'flatten' | 'normalization';
}

export type WeightedProgram = DenseProgram | Conv2dProgram;
export type LayerProgram = WeightedProgram | PoolingProgram | GlobalPoolingProgram | PlainProgram;

export function isWeighted(layer: LayerProgram): layer is WeightedProgram {
  return layer.type === 'dense' || layer.type === 'conv2d';
}

export type OptimizerProgram = { readonly weight_decay: boolean } & (
  | { readonly name: 'sgd'; readonly momentum: boolean; readonly nesterov: boolean }
  | { readonly name: 'adam'; readonly amsgrad: boolean }
  | { readonly name: 'adamax' | 'nadam' | 'adagrad' }
  | { readonly name: 'rmsprop'; readonly momentum: boolean; readonly centered: boolean }
);

/** Its numbers are hyperparameters `schedule.*`; null: the constant `optimizer.learning_rate`. */
export type ScheduleProgram =
  | { readonly name: 'exponential_decay' | 'inverse_time_decay'; readonly staircase: boolean }
  | { readonly name: 'polynomial_decay'; readonly cycle: boolean }
  | { readonly name: 'cosine_decay'; readonly warmup: boolean }
  | { readonly name: 'piecewise_constant'; readonly pieces: number }
  | { readonly name: 'reduce_on_plateau'; readonly monitor: MetricName };

/** Everything that changes the shape or the operations of the computation, and nothing else. */
export interface Program {
  readonly version: 2;
  readonly data: DataShape;
  /** Where the features are images: their shape, and how training images are changed. */
  readonly image: ImageShape | null;
  readonly augment: {
    readonly flip: 'none' | 'horizontal' | 'vertical' | 'both';
    readonly shift: boolean;
    readonly rotate: boolean;
  } | null;
  readonly input: { readonly noise: boolean; readonly dropout: boolean };
  /** Empty where a module makes the network. */
  readonly layers: readonly LayerProgram[];
  /** A user's module that makes the network; its params, as JSON, decide the structure. */
  readonly module: { readonly path: string; readonly sha256: string; readonly params: string } | null;
  readonly loss: LossName;
  readonly label_smoothing: boolean;
  readonly class_weight: boolean;
  readonly noise: { readonly gradients: boolean; readonly labels: boolean };
  readonly optimizer: OptimizerProgram;
  readonly schedule: ScheduleProgram | null;
  readonly clip: { readonly variable_norm: boolean; readonly global_norm: boolean; readonly value: boolean };
  /** Rows per step; all training rows for `full`. */
  readonly batch: number;
  /** The budget is in updates: a trial may end inside an epoch. */
  readonly counts_steps: boolean;
  /** Columns of every report, in order. */
  readonly metrics: readonly MetricName[];
  readonly monitor: MetricName | null;
  readonly trigger: ResolvedEarlyStopping['trigger'];
  readonly keep: ResolvedKeep['rule'];
  readonly keep_metric: MetricName | null;
  /** Its best epoch is always recorded. */
  readonly objective: MetricName;
  readonly record: 'auto' | 'all';
  /** Columns of every report after the metrics, per layer with a kernel: see `reports.ts`. */
  readonly layer_history: { readonly weight_norms: boolean; readonly gradient_norms: boolean };
}

/** Updates that an epoch makes; the last one may be of fewer rows. */
export function stepsPerEpoch({ batch, data }: Pick<Program, 'batch' | 'data'>): number {
  return Math.ceil(data.parts.train / batch);
}

/** One trial as a worker needs it. */
export interface TrialTask {
  /** Database id. */
  readonly trial: number;
  readonly seed: number;
  /** The replicate whose training seeds are used (0 for all when `vary` leaves out `training`). */
  readonly replicate: number;
  readonly data: DataSpec;
  /** Per layer, for the kernel and the bias, null for a layer without: used once, in JavaScript, so no part of the program. */
  readonly initializers: readonly ({
    readonly kernel: Kind<InitializerName>;
    readonly bias: Kind<InitializerName>;
  } | null)[];
  /**
   * Numeric hyperparameters by name, where the program's structure asks for them:
   * `epochs` (the last one, also of a budget in steps), `steps`; `optimizer.<argument>`, `optimizer.weight_decay`;
   * `schedule.<argument>` (durations `schedule.decay_steps`, `schedule.boundaries.<i>` in updates,
   * `schedule.values.<i>`; `schedule.patience`, `schedule.cooldown` in epochs); `clip.<kind>`; `loss.delta`;
   * `label_smoothing`; `class_weight.<index of the class>`; `noise.gradients`, `noise.labels`; `augment.shift` (pixels),
   * `augment.rotate` (degrees); `input.noise`, `input.dropout`;
   * `layers.<i>.` + `l1`, `l2`, `bias_l1`, `bias_l2`, `activity_l1`, `activity_l2`, `weight_noise`, `noise_before`,
   * `noise_after`, `dropout`, `activation.alpha`, `constraint.<argument>`, `normalization.momentum`,
   * `normalization.epsilon`; `patience`, `min_delta`, `every`; `keep.epoch`.
   */
  readonly hyper: Readonly<Record<string, number>>;
  /** Where it goes on; absent for a trial that begins. */
  readonly resume?: ResumePoint;
}
