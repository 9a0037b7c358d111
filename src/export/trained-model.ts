/** A trial's network after its kept epoch, with what turns rows of a file into its inputs: what export, predict and decision regions share. */

import type { DataSpec, Dataset } from '../../workers/data/dataset.ts';
import type { ResolvedConfig } from '../definition/resolved.ts';

/** An array of a network, such as the kernel of layer 0, by its name in the trained network. */
export interface NamedWeights {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface TrainedModel {
  readonly sweep: string;
  readonly config: ResolvedConfig;
  readonly replicate: number;
  readonly keptEpoch: number;
  /** In the network's order. */
  readonly weights: readonly NamedWeights[];
  readonly spec: DataSpec;
  /** The data that it was trained on, transformed. */
  readonly dataset: Dataset;
  /** From the kept checkpoint, or trained again, which gives the same bits. */
  readonly source: 'checkpoint' | 'trained_again';
}
