/** The action of `nightsweep run`: prepares each definition's sweep, and trains it. */

import { Store } from '../../../db/store.ts';
import { type PreparedSweep, planDefinition, prepareSweep } from '../../coordinator/prepare.ts';
import type { SweepPlan } from '../../coordinator/plan.ts';
import { type LoadedDefinition, loadDefinition } from '../../definition/load.ts';
import { commandName } from '../command-name.ts';
import { startDetached } from './detach.ts';
import { describePlan } from './dry-run.ts';
import { EXIT } from '../exit-codes.ts';
import { describeFailure, isDebugging } from '../failure.ts';
import { terminalWidth } from '../options.ts';
import { workerCount } from './run-limits.ts';
import { databaseFlag } from '../next-step.ts';
import { shellWord } from '../text/shell-word.ts';
import { Training, type TrainingOptions } from './training.ts';

export interface RunFileOptions extends TrainingOptions {
  readonly set: readonly string[];
  readonly name?: string;
  readonly dryRun?: true;
  readonly detach?: true;
}

/** Runs the files in order; one that cannot be run does not stop the next. Returns an exit code for each that was tried. */
export async function runFiles(files: readonly string[], options: RunFileOptions): Promise<number[]> {
  if (options.dryRun) return eachOf(files, (file) => showPlan(file, options));
  if (options.detach) return [await runDetached(files, options)];
  const training = new Training(options);
  try {
    return await eachOf(
      files,
      async (file) => training.train(await prepareFile(file, options)),
      () => training.interrupted,
    );
  } finally {
    training.close();
  }
}

async function eachOf(
  files: readonly string[],
  work: (file: string) => Promise<number>,
  isOver = (): boolean => false,
): Promise<number[]> {
  const codes: number[] = [];
  for (const file of files) {
    try {
      codes.push(await work(file));
    } catch (error) {
      if (files.length === 1) throw error;
      const { text, exitCode } = describeFailure(error, isDebugging());
      process.stderr.write(text.startsWith(file) ? text : `${file}: ${text}`);
      codes.push(exitCode);
    }
    if (isOver()) break;
  }
  return codes;
}

interface Planned {
  readonly loaded: LoadedDefinition;
  readonly plan: SweepPlan;
  readonly workers: number;
}

async function planFile(file: string, { set, name, workers, cores }: RunFileOptions): Promise<Planned> {
  const loaded = await loadDefinition(file, { set, name });
  const plan = planDefinition(loaded);
  const { configs, replicates } = loaded.sweep;
  return { loaded, plan, workers: workerCount(workers, cores, configs.length * replicates.count) };
}

async function showPlan(file: string, options: RunFileOptions): Promise<number> {
  const { loaded, plan, workers } = await planFile(file, options);
  process.stdout.write(describePlan(loaded.sweep, plan, workers, terminalWidth()));
  return EXIT.ended;
}

/** What can be found wrong is found before the database is touched. */
async function prepareFile(file: string, options: RunFileOptions): Promise<PreparedSweep> {
  const { loaded, plan } = await planFile(file, options);
  const store = Store.open(options.db);
  try {
    return prepareSweep(store, loaded, plan, { commandFor: (name) => commandUnder(name, file, options) });
  } finally {
    store.close();
  }
}

/** All files must be fit to run: nobody is there to read what is wrong with a later one. */
async function runDetached(files: readonly string[], options: RunFileOptions): Promise<number> {
  const prepared: PreparedSweep[] = [];
  for (const file of files) prepared.push(await prepareFile(file, options));
  return startDetached(prepared, options.db);
}

/** The command that runs the definition beside a sweep that has its name. */
function commandUnder(name: string, file: string, { db, set }: RunFileOptions): string {
  const settings = set.flatMap((setting) => ['--set', setting]);
  const words = [file, ...settings, '--name', name].map(shellWord).join(' ');
  return `${commandName} run ${words}${databaseFlag(db)}`;
}
