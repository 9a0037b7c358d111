/** Opens the trained model of a trial: its weights out of the kept checkpoint, or by training it again. */

import type { BackendName } from '../../workers/protocol.ts';
import { chooseBackend } from '../cli/run/choose-backend.ts';
import { Retraining, differencesOf } from '../coordinator/rerun-differences.ts';
import { kerasModel } from './keras-model.ts';
import type { LayersModel } from './layers-model.ts';
import { ModelProcess } from './model-process.ts';
import { readStored, type StoredTrial } from './stored-trial.ts';
import type { TrainedModel } from './trained-model.ts';

export interface OpenOptions {
  readonly database: string;
  /** Database id of a completed trial. */
  readonly trial: number;
  /** Default: the one that the trial was trained on, wasm in place of a native one that is not there. */
  readonly backend?: BackendName | undefined;
  /** Called where the trial has to be trained again; `seconds` is what that took the first time. */
  readonly onTrain?: (seconds: number) => void;
}

/** To be closed: it holds a process. */
export interface OpenModel {
  readonly model: TrainedModel;
  /** [rows, inputs], transformed, to [rows, outputs], as the network gives them; row-major. */
  predict(inputs: Float32Array): Promise<Float32Array>;
  /** The network in Keras' terms. */
  layersModel(): Promise<LayersModel>;
  close(): void;
}

/**
 * Errors: `SweepError` of code `usage` for a trial that has no model, `data` where a file of the sweep has gone or
 * changed, `backend` where it cannot be trained again.
 */
export function openModel({ database, trial, ...options }: OpenOptions): Promise<OpenModel> {
  return startModel(readStored(database, trial), options);
}

/** Errors: `SweepError` of code `backend`. */
export async function startModel(
  stored: StoredTrial,
  { backend: wanted, onTrain }: Pick<OpenOptions, 'backend' | 'onTrain'> = {},
): Promise<OpenModel> {
  const { sweep, config, replicate, preprocessing, checkpoint, task, program } = stored;
  const backend = wanted ?? (stored.backend === 'native' ? chooseBackend().backend : stored.backend);
  const retraining = new Retraining();
  const child = new ModelProcess(stored.portable, (event) => {
    if (event.type === 'cohort_started') onTrain?.(stored.seconds);
    retraining.hear(event);
  });
  try {
    const { weights, source } = await child.ask({ type: 'open', backend, program, task, checkpoint });
    const differences = retraining.trial ? differencesOf(stored.recorded, retraining.trial) : [];
    const keptEpoch = retraining.trial?.kept_epoch ?? stored.recorded.kept_epoch!;
    const model = { sweep, config, replicate, keptEpoch, weights, preprocessing, source, differences };
    return {
      model,
      predict: async (inputs) => (await child.ask({ type: 'predict', inputs })).outputs,
      layersModel: async () =>
        program.module ? (await child.ask({ type: 'layers_model' })).model : kerasModel(program, task.hyper, weights),
      close: () => child.close(),
    };
  } catch (error) {
    child.close();
    throw error;
  }
}
