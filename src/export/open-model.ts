/** Opens the trained model of a trial: its weights out of the kept checkpoint, or by training it again. */

import type Database from 'better-sqlite3';
import { resolve } from 'node:path';
import { Checkpoints } from '../../db/checkpoints.ts';
import { openForReading } from '../../db/database.ts';
import { recordedTrial, type RecordedTrial } from '../../db/recorded-trial.ts';
import { selectSweep } from '../../db/sweep-rows.ts';
import { buildDataset, loadTable } from '../../workers/data/load.ts';
import type { BackendName } from '../../workers/protocol.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';
import { chooseBackend } from '../cli/choose-backend.ts';
import { checkFiles } from '../coordinator/check-files.ts';
import { planSweep } from '../coordinator/plan.ts';
import { Retraining, differencesOf } from '../coordinator/rerun-differences.ts';
import type { ResolvedConfig, ResolvedSweep } from '../definition/resolved.ts';
import { SweepError } from '../errors.ts';
import type { LayersModel } from './layers-model.ts';
import { kerasModel } from './keras-model.ts';
import { ModelProcess } from './model-process.ts';
import { preprocessingOf } from './preprocessing.ts';
import type { TrainedModel } from './trained-model.ts';

export interface OpenOptions {
  readonly database: string;
  /** Database id of a completed trial. */
  readonly trial: number;
  /** Default: the one that the trial was trained on, wasm in place of a native one that is not there. */
  readonly backend?: BackendName | undefined;
  /** Called where the trial has to be trained again, which may take its time. */
  readonly onTrain?: () => void;
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
export async function openModel(options: OpenOptions): Promise<OpenModel> {
  const stored = readStored(options.database, options.trial);
  const { config, replicate, checkpoint, task, program } = stored;
  const backend = options.backend ?? (stored.backend === 'native' ? chooseBackend().backend : stored.backend);
  const table = loadTable(task.data);
  const preprocessing = preprocessingOf(task.data, table, buildDataset(task.data, table), config.train.loss.name);
  const retraining = new Retraining();
  const child = new ModelProcess(stored.portable, (event) => {
    if (event.type === 'cohort_started') options.onTrain?.();
    retraining.hear(event);
  });
  try {
    const { weights, source } = await child.ask({ type: 'open', backend, program, task, checkpoint });
    const differences = retraining.trial ? differencesOf(stored.recorded, retraining.trial) : [];
    const keptEpoch = retraining.trial?.kept_epoch ?? stored.recorded.kept_epoch!;
    const { sweep } = stored;
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

interface StoredTrial {
  readonly sweep: string;
  readonly config: ResolvedConfig;
  readonly replicate: number;
  readonly recorded: RecordedTrial;
  readonly checkpoint: Uint8Array | null;
  /** Of its last attempt. */
  readonly backend: BackendName;
  readonly portable: boolean;
  readonly program: Program;
  readonly task: TrialTask;
}

interface TrialRow {
  readonly sweep: number;
  readonly config: number;
  readonly replicate: number;
  readonly epochs: number;
  readonly backend: BackendName | null;
  readonly fingerprint: string | null;
}

function readStored(file: string, trial: number): StoredTrial {
  const db = openForReading(resolve(file));
  try {
    const row = db
      .prepare<[number], TrialRow>(
        `SELECT sweep, config, replicate, trial.epochs, backend, fingerprint FROM trial
         LEFT JOIN attempt ON attempt.trial = trial.id AND attempt.number = trial.attempts WHERE trial.id = ?`,
      )
      .get(trial)!;
    const { replicate } = row;
    const sweep = selectSweep(db, row.sweep);
    const place = `${sweep.name}/${row.config}/${replicate}`;
    const config = sweep.configs[row.config]!;
    if ('trial' in config) throw noNetwork(sweep.name, config.trial.module);
    const recorded = recordedTrial(db, trial);
    if (recorded.state !== 'completed') throw notCompleted(place, recorded);
    // Only what this trial needs is looked at: others of the sweep may have other data.
    const alone = { ...(sweep as ResolvedSweep), configs: [{ ...config, ordinal: 0 }] };
    checkFiles(alone);
    const plan = planSweep(alone);
    return {
      sweep: sweep.name,
      config,
      replicate,
      recorded,
      checkpoint: finalCheckpoint(db, trial, row.epochs),
      backend: row.backend ?? 'native',
      portable: row.fingerprint?.includes('; portable;') ?? false,
      // A sweep of networks has programs and tasks of networks.
      program: plan.programs[plan.programOf(0, replicate)] as Program,
      task: plan.task(trial, 0, replicate) as TrialTask,
    };
  } finally {
    db.close();
  }
}

/** Whatever fingerprint it has: the numbers are those that were trained. */
function finalCheckpoint(db: Database.Database, trial: number, epochs: number): Uint8Array | null {
  const found = new Checkpoints(db, Date.now).read(trial);
  return found?.epoch === epochs ? found.bytes : null;
}

function noNetwork(sweep: string, module: string): SweepError {
  return new SweepError('usage', {
    message: `a model needs a sweep of networks, but trials of ${sweep} run ${module}, which alone knows what it trains`,
    hint: 'save the model in the module',
  });
}

function notCompleted(place: string, { state, failure_kind }: RecordedTrial): SweepError {
  const found = failure_kind === null ? state : `${state} (${failure_kind})`;
  return new SweepError('usage', { message: `a model needs a completed trial, but ${place} is ${found}` });
}
