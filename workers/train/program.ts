/** A program is the structure of a training computation; a trial task is one trial's numbers for it. Plain data, pure. */

import type { DataShape, DataSpec } from '../data/dataset.ts';
import type { ActivationName, InitializerName, Kind, LossName, ResolvedKeep } from '../../src/definition/resolved.ts';
import type { MetricName } from '../../src/metrics.ts';

export interface DenseProgram {
  readonly type: 'dense';
  readonly inputs: number;
  readonly units: number;
  readonly activation: ActivationName;
  readonly l1: boolean;
  readonly l2: boolean;
  readonly noise_before: boolean;
  readonly noise_after: boolean;
  readonly dropout: boolean;
}

export type OptimizerProgram =
  { readonly name: 'sgd'; readonly momentum: boolean; readonly nesterov: boolean } | { readonly name: 'adam' };

/** Everything that changes the shape or the operations of the computation, and nothing else. */
export interface Program {
  readonly version: 1;
  readonly data: DataShape;
  readonly input: { readonly noise: boolean; readonly dropout: boolean };
  readonly layers: readonly DenseProgram[];
  readonly loss: LossName;
  readonly optimizer: OptimizerProgram;
  readonly clip: { readonly variable_norm: boolean; readonly global_norm: boolean; readonly value: boolean };
  /** Rows per step; all training rows for `full`. */
  readonly batch: number;
  /** Columns of every report, in order. */
  readonly metrics: readonly MetricName[];
  readonly monitor: MetricName | null;
  readonly keep: ResolvedKeep['rule'];
  readonly keep_metric: MetricName | null;
  /** Its best epoch is always recorded. */
  readonly objective: MetricName;
  readonly record: 'auto' | 'all';
}

/** One trial as a worker needs it. */
export interface TrialTask {
  /** Database id. */
  readonly trial: number;
  readonly seed: number;
  /** The replicate whose training seeds are used (0 for all when `vary` leaves out `training`). */
  readonly replicate: number;
  readonly data: DataSpec;
  /** Per layer, for the kernel and the bias: used once, in JavaScript, so no part of the program. */
  readonly initializers: readonly {
    readonly kernel: Kind<InitializerName>;
    readonly bias: Kind<InitializerName>;
  }[];
  /** Numeric hyperparameters by name, such as `optimizer.learning_rate` or `layers.0.l2`. */
  readonly hyper: Readonly<Record<string, number>>;
}
