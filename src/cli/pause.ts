/** `nightsweep pause`: holds a running sweep, from any shell, until `resume`. */

import { Command } from 'commander';
import { databaseOption } from './options.ts';

export function pauseCommand(): Command {
  return new Command('pause')
    .description('hold a running sweep at its next chunk, from any shell; its process stays')
    .summary('hold a running sweep, from any shell')
    .argument('<sweep>', 'name of the sweep')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep pause quickstart
  nightsweep pause quickstart --db results.db

What is trained so far is kept. \`nightsweep resume\` goes on.`,
    )
    .action(async (name: string, { db }: { readonly db: string }) => {
      const { controlSweep } = await import('./control-sweep.ts');
      process.stdout.write(await controlSweep(db, name, 'pause'));
    });
}
