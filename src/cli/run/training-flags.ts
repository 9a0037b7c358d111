/** The options that `run`, `resume` and `retry` share: where, how fast, how long, and how it is shown. */

import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { choiceOption, databaseOption } from '../options.ts';
import type { BackendName } from '../../../workers/protocol.ts';
import type { TrainingOptions } from './training.ts';

const BACKENDS: readonly BackendName[] = ['native', 'wasm', 'cpu'];

/** As commander gives them. */
export interface TrainingFlags extends Pick<
  TrainingOptions,
  'db' | 'workers' | 'backend' | 'plain' | 'json' | 'portable' | 'onEnd'
> {
  readonly until?: string;
  readonly for?: string;
  readonly memoryLimit?: string;
  readonly checkpointEvery: string;
  readonly detach?: true;
}

export const EXIT_CODES_HELP = `Exit codes: 0 all trials ended; 1 usage or definition; 2 some trials failed;
3 stopped early; 70 internal error; 130 and 143 interrupted.`;

export function addTrainingFlags(command: Command): Command {
  return command
    .addOption(databaseOption())
    .optionsGroup('How it is run:')
    .option('--workers <n>', 'worker threads (default: one for each core)')
    .addOption(
      choiceOption('--backend <name>', 'numerical backend (default: native where it is built, else wasm)', BACKENDS),
    )
    .option('--portable', 'same bits on every x64 processor; slower for wide layers')
    .option('--memory-limit <size>', 'start anew above this, such as 8GB (default: 80 % of what there is)')
    .option('--checkpoint-every <duration>', 'time between two checkpoints of a trial at least', '0.5s')
    .option('--detach', 'run in the background; prints how to watch, pause and stop it')
    .optionsGroup('When it ends:')
    .addOption(new Option('--until <hh:mm>', 'stop at this time of day; `resume` goes on later').conflicts('for'))
    .option('--for <duration>', 'stop after 8h, 45m, 90s')
    .option('--on-end <command>', 'run this in a shell, with a summary as JSON on its standard input')
    .optionsGroup('How it is shown:')
    .option('--plain', 'plain lines instead of the dashboard')
    .addOption(new Option('--json', 'events for programs, one JSON object a line').conflicts('plain'));
}

/** Errors: `SweepError` of code `usage`. */
export async function trainingOptions(flags: TrainingFlags): Promise<TrainingOptions> {
  const [{ deadlineOf, parseDuration, parseMemory, workerCount }, { defaultMemoryLimit }] = await Promise.all([
    import('./run-limits.ts'),
    import('../../memory-limit.ts'),
  ]);
  const { memoryLimit, checkpointEvery } = flags;
  const cores = availableParallelism();
  // Before anything is read that takes its time; how many trials there are will be known later.
  workerCount(flags.workers, cores, Number.MAX_SAFE_INTEGER);
  return {
    ...flags,
    deadline: deadlineOf(flags, new Date()),
    checkpointSeconds: parseDuration(checkpointEvery, '--checkpoint-every') / 1000,
    memoryBytes: memoryLimit === undefined ? defaultMemoryLimit() : parseMemory(memoryLimit),
    cores,
  };
}
