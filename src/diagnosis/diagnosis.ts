/** What is probably wrong with a config, or with all of a sweep, and what to try: the lecture's diagnosis as plain data. Pure. */

/** High bias: the training error is far above the optimal one. High variance: the dev error is far above the training error. */
export type Scenario = 'high_bias' | 'high_variance' | 'both' | 'neither';

export interface Diagnosis {
  readonly config: number;
  /** The metric that errors are made of, such as `accuracy` or `rmse`. */
  readonly metric: string;
  /** The dev part: `validation`, or `test` where there is no validation part. */
  readonly part: 'validation' | 'test';
  /** Errors, lower is better: 1 - share for shares of rows, the metric itself for losses. */
  readonly train_error: number;
  readonly dev_error: number;
  /** Of the task, as the definition says; null: taken as 0. */
  readonly optimal_error: number | null;
  readonly bias: number;
  readonly variance: number;
  readonly scenario: Scenario;
  /** One sentence with the numbers. */
  readonly summary: string;
  /** The basic recipe for this scenario, most promising first, in terms of this definition's knobs. */
  readonly advice: readonly string[];
  /** The epoch from which the dev error only gets worse while the training error gets better; null where none is seen. */
  readonly overfitting_epoch: number | null;
}

/** Why trials diverged, by the lecture's three causes, with the evidence at hand. */
export interface DivergenceCause {
  readonly cause: 'learning_rate' | 'data_preparation' | 'loss_function';
  /** Sentences, each with a fact of this sweep. */
  readonly evidence: readonly string[];
  readonly advice: string;
}

/** A remark on how the data are split: sizes, mismatch of parts, parts used for what they are not for. */
export interface SplitRemark {
  readonly code: string;
  readonly message: string;
}
