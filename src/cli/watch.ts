/** `nightsweep watch`: the dashboard of a sweep, from the database alone; it can be left and opened again at any time. */

import { Command } from 'commander';
import type { Reader } from '../../db/reader.ts';
import { commandName } from './command-name.ts';
import { databaseOption } from './options.ts';
import { databaseFlag, nextStep } from './next-step.ts';

interface WatchOptions {
  readonly db: string;
  readonly plain?: true;
  readonly json?: true;
}

export function watchCommand(): Command {
  return new Command('watch')
    .description('look at a sweep from any shell, while it runs or later; leaving (q or Ctrl-C) never stops it')
    .summary('look at a sweep, while it runs or later')
    .argument('[sweep]', 'its name; without one, a list to choose from')
    .addOption(databaseOption())
    .option('--plain', 'plain lines instead of the dashboard')
    .option('--json', 'one JSON event a line')
    .addHelpText(
      'after',
      '\nExamples:\n  nightsweep watch\n  nightsweep watch quickstart\n  nightsweep watch quickstart --plain',
    )
    .action(async (name: string | undefined, options: WatchOptions) => {
      const [{ Reader }, { chooseMode }] = await Promise.all([
        import('../../db/reader.ts'),
        import('../dashboard/display.ts'),
      ]);
      const reader = Reader.open(options.db);
      try {
        // Only a wrong name is worth the look at every trial that the sweep's counts take.
        if (name !== undefined && !reader.hasSweep(name)) reader.sweepNamed(name);
        const mode = chooseMode(options);
        if (mode === 'dashboard') await watchInTerminal(reader, name, options.db);
        else await watchInLines(reader, name, { mode, database: options.db });
      } finally {
        reader.close();
      }
    });
}

async function watchInTerminal(reader: Reader, sweep: string | undefined, database: string): Promise<void> {
  const { watchDashboard } = await import('../dashboard/watch-dashboard.ts');
  const shown = await watchDashboard({
    reader,
    database,
    sweep,
    control: async (name, command) => {
      const { controlInALine } = await import('./control-sweep.ts');
      return controlInALine(database, name, command);
    },
  });
  if (shown === undefined || !reader.hasSweep(shown)) return;
  const overview = reader.sweepNamed(shown);
  const next = overview.live
    ? `The sweep goes on. To come back: ${commandName} watch ${shown}${databaseFlag(database)}`
    : (nextStep(overview, database, reader.failureKinds(shown)) ??
      `All results: ${commandName} best ${shown}${databaseFlag(database)}`);
  process.stdout.write(`\n${next}\n`);
}

async function watchInLines(
  reader: Reader,
  name: string | undefined,
  { mode, database }: { readonly mode: 'plain' | 'json'; readonly database: string },
): Promise<void> {
  const [{ watchSweep }, { chooseSweep }] = await Promise.all([
    import('../dashboard/lines/watch-sweep.ts'),
    import('../dashboard/lines/watching.ts'),
  ]);
  const sweep = name ?? chooseSweep(reader.sweeps());
  await watchSweep(reader, sweep, mode);
  const next = nextStep(reader.sweepNamed(sweep), database, reader.failureKinds(sweep));
  if (mode === 'plain' && next !== undefined) process.stdout.write(`${next}\n`);
}
