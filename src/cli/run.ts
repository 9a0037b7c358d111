/** `nightsweep run`: trains sweeps one after another, shows them, and says at the end what was best. */

import { Command } from 'commander';
import { addTrainingFlags, EXIT_CODES_HELP, type TrainingFlags, trainingOptions } from './run/training-flags.ts';

interface RunOptions extends TrainingFlags {
  readonly set?: readonly string[];
  readonly name?: string;
  readonly dryRun?: true;
}

/** From harmless to grave: several sweeps end with the gravest of their exit codes. */
const GRAVITY: readonly number[] = [0, 2, 3, 1, 70, 130, 143];

export function runCommand(): Command {
  const command = new Command('run')
    .description('train every trial of a sweep, or go on with one that was stopped')
    .summary('train every trial of a sweep, or go on with it')
    .argument('<file...>', 'definitions (.yaml, .json, .ts), run one after another')
    .option('--set <path=value>', 'change the definition, such as train.epochs=5; may be given again', collect)
    .option('--name <name>', 'run it under another name')
    .option('--dry-run', 'say what would be run: configs, trials, programs, size and time');
  return addTrainingFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  nightsweep run moons.yaml
  nightsweep run moons.yaml --set train.epochs=100 --name moons-short
  nightsweep run moons.yaml circles.yaml --until 07:30 --plain > night.log
  nightsweep run moons.yaml --detach --on-end 'mail -s ended me@example.org'

Ctrl-C stops after the running chunk, a second one at once; the same command
goes on where it stopped.
${EXIT_CODES_HELP}`,
    )
    .action(async (files: string[], options: RunOptions) => {
      const { runFiles } = await import('./run/run-file.ts');
      const training = await trainingOptions(options);
      const codes = await runFiles(files, { ...options, ...training, set: options.set ?? [] });
      process.exitCode = codes.reduce((a, b) => (GRAVITY.indexOf(b) > GRAVITY.indexOf(a) ? b : a), 0);
    });
}

function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
