/** A completed trial as the database has it, with its data: all that its model is made of. */

import type Database from 'better-sqlite3';
import { resolve } from 'node:path';
import { Checkpoints } from '../../db/checkpoints.ts';
import { openForReading } from '../../db/database.ts';
import { recordedTrial, type RecordedTrial } from '../../db/recorded-trial.ts';
import { selectSweep } from '../../db/sweep-rows.ts';
import type { Dataset } from '../../workers/data/dataset.ts';
import { buildDataset, loadTable } from '../../workers/data/load.ts';
import type { BackendName } from '../../workers/protocol.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';
import { checkFiles } from '../coordinator/check-files.ts';
import { planSweep } from '../coordinator/plan.ts';
import type { ResolvedConfig, ResolvedSweep } from '../definition/resolved.ts';
import { SweepError } from '../errors.ts';
import { preprocessingOf, type Preprocessing } from './preprocessing.ts';

export interface StoredTrial {
  readonly sweep: string;
  readonly config: ResolvedConfig;
  readonly replicate: number;
  readonly recorded: RecordedTrial;
  /** The state with which it ended; null where that was not kept. */
  readonly checkpoint: Uint8Array | null;
  /** Of its last attempt. */
  readonly backend: BackendName;
  readonly portable: boolean;
  /** In training, in a slot of a stack. */
  readonly seconds: number;
  readonly program: Program;
  readonly task: TrialTask;
  readonly dataset: Dataset;
  readonly preprocessing: Preprocessing;
}

interface TrialRow {
  readonly sweep: number;
  readonly config: number;
  readonly replicate: number;
  readonly epochs: number;
  readonly backend: BackendName | null;
  readonly fingerprint: string | null;
  readonly seconds: number | null;
}

/**
 * @param trial database id
 * @throws SweepError `usage` for a trial that has no model, `data` where a file of the sweep has gone or changed
 */
export function readStored(file: string, trial: number): StoredTrial {
  const db = openForReading(resolve(file));
  try {
    const row = db
      .prepare<[number], TrialRow>(
        `SELECT sweep, config, replicate, trial.epochs, backend, fingerprint, seconds FROM trial
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
    // A sweep of networks has programs and tasks of networks.
    const task = plan.task(trial, 0, replicate) as TrialTask;
    const table = loadTable(task.data);
    const dataset = buildDataset(task.data, table);
    return {
      sweep: sweep.name,
      config,
      replicate,
      recorded,
      checkpoint: finalCheckpoint(db, trial, row.epochs),
      backend: row.backend ?? 'native',
      seconds: row.seconds ?? 0,
      portable: row.fingerprint?.includes('; portable;') ?? false,
      program: plan.programs[plan.programOf(0, replicate)] as Program,
      task,
      dataset,
      preprocessing: preprocessingOf(task.data, table, dataset, config.train.loss.name),
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
