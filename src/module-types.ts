/** What a module of your own exports: a network (`model.module`), or a whole trial (`trial.module`). */

import type * as core from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';

/** TensorFlow.js with its layers, as a module gets it: do not import another copy. */
export type TensorFlow = Omit<typeof core, 'default'> & Omit<typeof layers, 'default'>;

/**
 * The default export of `model.module`: `params` as the definition says them, to a model of one input and one output.
 * The model says what the network is; the rest of `model` and `train` decides how it is trained.
 */
export type ModelModule<Params = Readonly<Record<string, unknown>>> = (
  tf: TensorFlow,
  params: Params,
) => layers.LayersModel;

/** `stop`: the run ends; return soon, what is returned later than that is not waited for. */
export type TrialDecision = 'continue' | 'stop';

export interface TrialContext<Params = Readonly<Record<string, unknown>>> {
  readonly tf: TensorFlow;
  /** As the definition says them. */
  readonly params: Params;
  /** For whatever is random: a function of the sweep's seed and the replicate, in [0, 2^32). */
  readonly seed: number;
  /** From 0. */
  readonly replicate: number;
  /**
   * Reports metrics by name; the n-th report is epoch n. The last one is the trial's result and must hold the objective.
   * Numbers that are not finite are kept as NULL.
   */
  readonly report: (metrics: Readonly<Record<string, number>>) => Promise<TrialDecision>;
  /** Aborted when the run ends. */
  readonly signal: AbortSignal;
}

/** The default export of `trial.module`. The trial ends when its promise does; an error fails it. */
export type TrialModule<Params = Readonly<Record<string, unknown>>> = (context: TrialContext<Params>) => Promise<void>;
