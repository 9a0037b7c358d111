/** What the diagnosis is made from, as plain data: read by `db/read-diagnosis.ts`. Pure. */

import type { Params, ResolvedConfig } from '../definition/resolved.ts';
import type { Goal, Part } from '../metrics.ts';

export interface DiagnosisFacts {
  readonly objective: string;
  readonly goal: Goal;
  /** As the user wrote it. */
  readonly definition: unknown;
  readonly parameters: readonly string[];
  /** Of all configs, by ordinal. */
  readonly params: readonly Params[];
  /** The configs that were asked for. */
  readonly configs: readonly ConfigFacts[];
  /** Of configs with a trial that completed or diverged; empty where none diverged. */
  readonly training: readonly TrainingFacts[];
  readonly diverged: readonly DivergedTrial[];
  /** Of one diverged trial: norms of a layer's gradient in its first epoch, and the largest one; null where none are recorded. */
  readonly gradients: { readonly first: number; readonly largest: number } | null;
}

/** Rows of each part; null where that is not known. */
export type PartRows = Readonly<Record<Part, number>> | null;

/** What a config is, without its place in the space. */
export type ConfigSections = Pick<ResolvedConfig, 'data' | 'model' | 'train'>;

export interface ConfigFacts {
  readonly config: number;
  /** Null for trials that a module runs. */
  readonly sections: ConfigSections | null;
  readonly rows: PartRows;
  /** Completed trials. */
  readonly n: number;
  /** Of these, by name: the mean at the kept epochs. */
  readonly means: Readonly<Record<string, number>>;
  /** Epochs that a trial may have. */
  readonly budget: number;
  /** Mean of the epochs that the completed trials had. */
  readonly epochs: number;
  /** Completed trials that stopped early. */
  readonly stopped: number;
  readonly curves: ErrorCurves | null;
}

/** Means over completed trials of one metric that is the better the lower it is. */
export interface ErrorCurves {
  readonly metric: string;
  /** The recorded epochs that both curves have, ascending. */
  readonly epochs: readonly number[];
  readonly train: readonly number[];
  readonly dev: readonly number[];
}

/** What may be why a config's trials diverge. */
export interface TrainingFacts {
  readonly config: number;
  readonly completed: number;
  readonly diverged: number;
  readonly learning_rate: number;
  readonly optimizer: string;
  readonly momentum: number | null;
  /** Whether gradients are limited in any way. */
  readonly clipped: boolean;
  readonly loss: string;
  /** Names of the transforms; null for none. */
  readonly features: string | null;
  readonly target: string | null;
  readonly numeric: boolean;
}

export interface DivergedTrial {
  readonly config: number;
  /** The first epoch that was not finite. */
  readonly epoch: number;
  /** Of the epoch before it; null where there is none. */
  readonly last_loss: number | null;
}
