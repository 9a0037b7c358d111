/** A trial's network after its kept epoch, with what turns rows of a file into its inputs: what export, predict and decision regions share. */

import type { ResolvedConfig } from '../definition/resolved.ts';
import type { Preprocessing } from './preprocessing.ts';

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
  /** Variables in the network's order, then what training changes besides, such as moving means. */
  readonly weights: readonly NamedWeights[];
  readonly preprocessing: Preprocessing;
  /** From the kept checkpoint, or trained again, which gives the same bits. */
  readonly source: 'checkpoint' | 'trained_again';
  /** How its numbers differ from the recorded ones where it was trained again elsewhere; empty where they do not. */
  readonly differences: readonly string[];
}

/** What a user should know of a model that was trained again with other numbers; undefined where they are the recorded ones. */
export function remarkOn({ differences: [first] }: Pick<TrainedModel, 'differences'>): string | undefined {
  if (first === undefined) return undefined;
  return `trained again, the model is not quite the same, as on another processor or with other software: ${first}`;
}
