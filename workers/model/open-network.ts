/** A trained network, ready to predict: its weights out of the state with which its trial ended, or by training it again. */

import type { CohortEvent } from '../../src/executor/executor.ts';
import type { NamedWeights } from '../../src/export/trained-model.ts';
import type { Backend } from '../backend/backend.ts';
import { decodeCheckpoint, type Checkpoint } from '../train/checkpoint.ts';
import { layoutOf } from '../train/layout.ts';
import { loadNetwork } from '../train/module/load.ts';
import type { Program, TrialTask } from '../train/program.ts';
import { createTraining, stateEntries } from '../train/training.ts';
import { keptWeights } from './kept-weights.ts';
import { predictorOf, type Predictor } from './predict.ts';
import { trainAgain } from './train-again.ts';

export interface TrainedNetwork extends Predictor {
  /** After the kept epoch: variables in the network's order, then what training changes besides. */
  readonly weights: readonly NamedWeights[];
  readonly source: 'checkpoint' | 'trained_again';
}

export interface TrialToOpen {
  readonly program: Program;
  readonly task: TrialTask;
  /** The state with which the trial ended; null: it is trained again. */
  readonly checkpoint: Uint8Array | null;
}

/**
 * @param listen hears what a coordinator would, where the trial is trained again
 * Errors: where it cannot be, or does not complete.
 */
export async function openNetwork(
  backend: Backend,
  { program, task, checkpoint }: TrialToOpen,
  listen: (event: CohortEvent) => void,
): Promise<TrainedNetwork> {
  const network = await loadNetwork(program, backend.ops);
  const training = createTraining(program, backend.ops, layoutOf(program), network);
  const decode = (bytes: Uint8Array): Checkpoint | string =>
    decodeCheckpoint(bytes, { metrics: program.metrics, entries: stateEntries(training) });
  // A copy that is no Buffer: slices of one are views.
  const kept = checkpoint ? decode(new Uint8Array(checkpoint)) : 'there must be one';
  // One of another version is of no use, but training again gives the same.
  const isUsable = typeof kept !== 'string';
  const end = isUsable ? kept : decode(await trainAgain(backend, program, network, task, listen));
  if (typeof end === 'string') throw new Error(`the trained network cannot be read: ${end}`);
  const weights = keptWeights(training, end.state);
  const predictor = predictorOf(training.network, program, task, weights);
  return { ...predictor, weights, source: isUsable ? 'checkpoint' : 'trained_again' };
}
