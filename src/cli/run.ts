/** `nightsweep run`: trains sweeps one after another, shows them, and says at the end what was best. */

import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import type { RunFileOptions } from './run-file.ts';
import { DEFAULT_DATABASE, databaseOption } from './options.ts';
import { notYet } from './run-limits.ts';

interface RunOptions extends Omit<RunFileOptions, 'deadline' | 'cores' | 'set' | 'checkpointSeconds' | 'memoryBytes'> {
  readonly set?: readonly string[];
  readonly until?: string;
  readonly for?: string;
  readonly memoryLimit?: string;
  readonly checkpointEvery: string;
  readonly detach?: true;
  readonly onEnd?: string;
}

/** From harmless to grave: several sweeps end with the gravest of their exit codes. */
const GRAVITY: readonly number[] = [0, 2, 3, 1, 70, 130, 143];

export function runCommand(): Command {
  return new Command('run')
    .description('train every trial of a sweep, or go on with one that was stopped')
    .argument('<file...>', 'definitions (.yaml, .json, .ts), run one after another')
    .addOption(databaseOption())
    .option('--workers <n>', 'worker threads (default: one for each core)')
    .addOption(
      new Option('--backend <name>', 'numerical backend (default: native where it is built, else wasm)').choices([
        'native',
        'wasm',
        'cpu',
      ]),
    )
    .option('--set <path=value>', 'change the definition, such as train.epochs=5; may be given again', collect)
    .option('--name <name>', 'run it under another name')
    .option('--until <hh:mm>', 'stop at this time of day; the same command goes on later')
    .option('--for <duration>', 'stop after 8h, 45m, 90s')
    .option('--plain', 'plain lines instead of the dashboard')
    .addOption(new Option('--json', 'events for programs, one JSON object a line').conflicts('plain'))
    .option('--dry-run', 'say what would be run: configs, trials, programs, size and time')
    .option('--portable', 'same bits on every x64 processor; slower for wide layers')
    .option('--memory-limit <size>', 'start anew above this, such as 8GB (default: 80 % of what there is)')
    .option('--checkpoint-every <duration>', 'time between two checkpoints of a trial at least', '0.5s')
    .option('--detach', 'not yet')
    .option('--on-end <command>', 'not yet')
    .addHelpText(
      'after',
      `
Examples:
  nightsweep run moons.yaml
  nightsweep run moons.yaml --set train.epochs=100 --name moons-short --until 07:30

Ctrl-C stops after the running chunk, a second one at once. The same command goes on where it stopped.
Exit codes: 0 all trials ended; 1 usage or definition; 2 some trials failed; 3 stopped early; 70 internal error;
130 and 143 interrupted.`,
    )
    .action(async (files: string[], options: RunOptions, command: Command) => {
      if (options.detach) throw notYet('--detach');
      if (options.onEnd !== undefined) throw notYet('--on-end');
      const [{ runFiles }, { deadlineOf, parseDuration, parseMemory }, { defaultMemoryLimit }] = await Promise.all([
        import('./run-file.ts'),
        import('./run-limits.ts'),
        import('../memory-limit.ts'),
      ]);
      const { memoryLimit, checkpointEvery } = options;
      const { debug = false } = command.optsWithGlobals<{ debug?: boolean }>();
      const codes = await runFiles(files, {
        ...options,
        set: options.set ?? [],
        debug,
        deadline: deadlineOf(options, new Date()),
        checkpointSeconds: parseDuration(checkpointEvery, '--checkpoint-every') / 1000,
        memoryBytes: memoryLimit === undefined ? defaultMemoryLimit() : parseMemory(memoryLimit),
        cores: availableParallelism(),
        defaultDatabase: DEFAULT_DATABASE,
      });
      process.exitCode = codes.reduce((a, b) => (GRAVITY.indexOf(b) > GRAVITY.indexOf(a) ? b : a), 0);
    });
}

function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}
