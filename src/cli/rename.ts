/** `nightsweep rename`: gives a sweep, and with it its views, another name. */

import { Command } from 'commander';
import { databaseOption } from './options.ts';

export function renameCommand(): Command {
  return new Command('rename')
    .description('give a sweep another name; its view is renamed too')
    .summary('give a sweep another name')
    .argument('<old>', 'name of the sweep')
    .argument('<new>', 'its new name: a-z, 0-9 and hyphens')
    .addOption(databaseOption())
    .addHelpText('after', '\nExample:\n  nightsweep rename quickstart quickstart-first')
    .action(async (oldName: string, newName: string, { db }: { readonly db: string }) => {
      const { existingStore } = await import('./existing-store.ts');
      const store = existingStore(db);
      try {
        store.renameSweep(oldName, newName);
      } finally {
        store.close();
      }
      process.stdout.write(`Renamed ${oldName} to ${newName}.\n`);
    });
}
