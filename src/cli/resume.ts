/** `nightsweep resume`: goes on with a sweep that was paused, stopped or broken off. */

import { Command } from 'commander';
import { addTrainingFlags, EXIT_CODES_HELP, type TrainingFlags, trainingOptions } from './run/training-flags.ts';

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('go on with a sweep that was paused, stopped or broken off')
    .summary('go on with what was paused, stopped or broken off')
    .argument('<sweep>', 'name of the sweep');
  return addTrainingFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  nightsweep resume quickstart
  nightsweep resume quickstart --until 07:30 --detach

The sweep is run as the database has it; a changed definition is for
\`nightsweep run\`.
A sweep that is paused in another shell goes on there.
${EXIT_CODES_HELP}`,
    )
    .action(async (name: string, options: TrainingFlags) => {
      const { resumeSweep } = await import('./run/resume-sweep.ts');
      process.exitCode = await resumeSweep(name, { ...options, ...(await trainingOptions(options)) });
    });
}
