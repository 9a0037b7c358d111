/** `nightsweep retry`: tries the failed trials of a sweep again. */

import { Command, Option } from 'commander';
import type { FailureKind } from '../executor/executor.ts';
import { oneOf } from './options.ts';
import { addTrainingFlags, EXIT_CODES_HELP, type TrainingFlags, trainingOptions } from './run/training-flags.ts';

interface RetryOptions extends TrainingFlags {
  readonly kind?: readonly FailureKind[];
}

const KINDS: readonly FailureKind[] = ['diverged', 'error', 'out_of_memory', 'crashed', 'stalled', 'timed_out'];
const kindOf = oneOf(KINDS);

export function retryCommand(): Command {
  const command = new Command('retry')
    .description('try the failed trials of a sweep again, from their first epoch')
    .summary('try failed trials again')
    .argument('<sweep>', 'name of the sweep')
    .requiredOption('--failed', 'what is tried again: the trials that failed')
    .addOption(
      new Option('--kind <kind>', 'only those that failed so; may be given again')
        .choices(KINDS)
        .argParser((value: string, earlier: readonly FailureKind[] | undefined) => [...(earlier ?? []), kindOf(value)]),
    );
  return addTrainingFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  nightsweep retry quickstart --failed
  nightsweep retry quickstart --failed --kind out_of_memory --workers 1

A trial that diverged does so again: its numbers depend on the definition only.
${EXIT_CODES_HELP}`,
    )
    .action(async (name: string, options: RetryOptions) => {
      const { retryFailed } = await import('./run/resume-sweep.ts');
      const training = await trainingOptions(options);
      process.exitCode = await retryFailed(name, options.kind, { ...options, ...training });
    });
}
