/** `nightsweep watch`: the dashboard of a sweep, from the database alone; it can be left and opened again at any time. */

import { Command } from 'commander';
import { commandName } from './command-name.ts';
import { databaseOption, DEFAULT_DATABASE } from './options.ts';
import { shellWord } from './shell-word.ts';

interface WatchOptions {
  readonly db: string;
  readonly plain?: true;
  readonly json?: true;
}

export function watchCommand(): Command {
  return new Command('watch')
    .description('watch a sweep from any shell; leaving (q or Ctrl-C) never stops it')
    .argument('[sweep]', 'its name; without one, the sweep that runs, or the newest')
    .addOption(databaseOption())
    .option('--plain', 'plain lines instead of the dashboard')
    .option('--json', 'one JSON event a line')
    .addHelpText('after', '\nExamples:\n  nightsweep watch\n  nightsweep watch quickstart --plain')
    .action(async (name: string | undefined, options: WatchOptions) => {
      const [{ Reader }, { chooseMode }, { watchSweep }, { chooseSweep }] = await Promise.all([
        import('../../db/reader.ts'),
        import('../dashboard/display.ts'),
        import('../dashboard/watch-sweep.ts'),
        import('../dashboard/watching.ts'),
      ]);
      const reader = Reader.open(options.db);
      try {
        const sweep = name === undefined ? chooseSweep(reader.sweeps()) : reader.sweepNamed(name).name;
        const mode = chooseMode(options);
        const end = await watchSweep(reader, sweep, mode);
        if (mode === 'dashboard') process.stdout.write(`\n${nextStep(end === 'left', sweep, options.db)}\n`);
      } finally {
        reader.close();
      }
    });
}

function nextStep(left: boolean, sweep: string, database: string): string {
  const db = database === DEFAULT_DATABASE ? '' : ` --db ${shellWord(database)}`;
  return left ? `To come back: ${commandName} watch ${sweep}${db}` : `All results: ${commandName} best ${sweep}${db}`;
}
