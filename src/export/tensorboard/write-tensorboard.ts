/** Writes the trials of a sweep as a folder that `tensorboard --logdir` opens: learning curves, and the HParams plugin's table. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readCurves } from '../../../db/read-curves.ts';
import { readBegunTrials } from '../../../db/read-export.ts';
import { readLayers } from '../../../db/read-report.ts';
import { readLeaderboard, type SweepFacts } from '../../../db/read-sweep.ts';
import { readTrial } from '../../../db/read-trial.ts';
import { readConfigParams } from '../../../db/read-trials.ts';
import type { Reader } from '../../../db/reader.ts';
import { writtenDefinition } from '../config-definition.ts';
import { experimentOf } from './experiment.ts';
import { firstEvent, hparamsEvent } from './events.ts';
import { record } from './records.ts';
import { type Run, trialRuns, type TrialHistory } from './trial-runs.ts';

/** Trials that TensorBoard shows without becoming slow; of a larger sweep those of the best configs are written. */
export const MOST_TRIALS = 500;

/** How many configs are written where nobody says so: all, or the best of too many. */
export function defaultTop({ configs, replicates }: Pick<SweepFacts, 'configs' | 'replicates'>): number {
  return configs * replicates <= MOST_TRIALS ? configs : Math.max(1, Math.floor(MOST_TRIALS / replicates));
}

export interface TensorBoardFacts {
  /** Those with a trial that has begun. */
  readonly configs: number;
  readonly trials: number;
}

/** @param top how many configs, the best; all where it is their number */
export async function writeTensorBoard(
  reader: Reader,
  sweep: SweepFacts,
  { folder, top, onTrials }: { readonly folder: string; readonly top: number; readonly onTrials: (n: number) => void },
): Promise<TensorBoardFacts> {
  const params = reader.read((db) => readConfigParams(db, sweep.id));
  const experiment = experimentOf(sweep, params, writtenDefinition(sweep.definition));
  const created = experiment.created;
  writeRun(folder, { folder: '.', events: [firstEvent(created), hparamsEvent(created, { experiment })] });
  let configs = 0;
  let trials = 0;
  for (const config of chosenConfigs(reader, sweep, top)) {
    const histories = readHistories(reader, sweep, config, params[config] ?? {});
    for (const run of histories.flatMap(trialRuns)) writeRun(folder, run);
    if (histories.length > 0) configs += 1;
    trials += histories.length;
    onTrials(trials);
    await setImmediate();
  }
  return { configs, trials };
}

/** In order; of those that are to be chosen from by their results, the baseline is always one. */
function chosenConfigs(reader: Reader, sweep: SweepFacts, top: number): number[] {
  if (top >= sweep.configs) return Array.from({ length: sweep.configs }, (_, ordinal) => ordinal);
  const best = reader.read((db) => readLeaderboard(db, sweep, top));
  return best.map(({ config }) => config).toSorted((a, b) => a - b);
}

function readHistories(
  reader: Reader,
  sweep: SweepFacts,
  config: number,
  params: TrialHistory['params'],
): TrialHistory[] {
  const { metrics, configs, replicates } = sweep;
  const now = Date.now();
  return reader.read((db) =>
    readBegunTrials(db, sweep.id, config).map((trial) => ({
      trial,
      until: trial.ended_at ?? now,
      config,
      configs,
      replicates,
      params,
      results: trial.kept_epoch === null ? {} : (readTrial(db, trial.id, 0)?.metrics ?? {}),
      metrics,
      curves: readCurves(db, trial.id, metrics),
      layers: readLayers(db, trial.id),
    })),
  );
}

/** TensorBoard knows event files by the word in their names. */
const FILE = 'events.out.tfevents.nightsweep';

function writeRun(root: string, { folder, events }: Run): void {
  const path = join(root, folder);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, FILE), Buffer.concat(events.map(record)));
}
