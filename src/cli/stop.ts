/** `nightsweep stop`: ends a running sweep in good order, from any shell. */

import { Command } from 'commander';
import { databaseOption } from './options.ts';

export function stopCommand(): Command {
  return new Command('stop')
    .description('end a running sweep at its next chunk, from any shell; resume goes on later')
    .summary('end a running sweep in good order, from any shell')
    .argument('<sweep>', 'name of the sweep')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep stop quickstart
  nightsweep stop quickstart --db results.db

What is trained so far is kept. \`nightsweep resume\` goes on.`,
    )
    .action(async (name: string, { db }: { readonly db: string }) => {
      const { controlSweep } = await import('./control-sweep.ts');
      process.stdout.write(await controlSweep(db, name, 'stop'));
    });
}
