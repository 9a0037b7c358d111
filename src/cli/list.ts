/** `nightsweep list`: the sweeps in a database: how each stands, how far it is, its best mean, when it was. */

import { Command } from 'commander';
import { databaseOption } from './options.ts';

export function listCommand(): Command {
  return new Command('list')
    .description('list the sweeps in a database')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep list
  nightsweep list --db studies.db

In a pipe there are no marks or colours, times are ISO 8601, durations seconds.`,
    )
    .action(async ({ db }: { readonly db: string }) => {
      const [{ Reader }, { paperForStdout }, { sweepList }] = await Promise.all([
        import('../../db/reader.ts'),
        import('./text/paint.ts'),
        import('./sweep-list.ts'),
      ]);
      const reader = Reader.open(db);
      try {
        const sweeps = reader.sweeps().map((sweep) => ({
          ...sweep,
          best: reader.leaderboard(sweep.name, 1)[0]?.mean ?? null,
          seconds: reader.runSeconds(sweep.name),
          failureKinds: reader.failureKinds(sweep.name),
        }));
        process.stdout.write(sweepList(sweeps, { paper: paperForStdout(), database: db, now: Date.now() }));
      } finally {
        reader.close();
      }
    });
}
