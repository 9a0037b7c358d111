/** `nightsweep list`: the sweeps in a database, what state they are in, and their best mean. */

import { Command } from 'commander';
import type { Reader } from '../../db/reader.ts';
import { formatMeasure } from '../dashboard/format.ts';
import { databaseOption, terminalWidth } from './options.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import { formatTable } from './table.ts';

export function listCommand(): Command {
  return new Command('list')
    .description('list the sweeps in a database')
    .addOption(databaseOption())
    .addHelpText('after', '\nExample:\n  nightsweep list --db studies.db')
    .action(async ({ db }: { readonly db: string }) => {
      const { Reader } = await import('../../db/reader.ts');
      const reader = Reader.open(db);
      try {
        process.stdout.write(sweepTable(reader));
      } finally {
        reader.close();
      }
    });
}

function sweepTable(reader: Reader): string {
  const sweeps = reader.sweeps();
  if (sweeps.length === 0) return 'There are no sweeps in this database yet.\n';
  return formatTable(
    ['sweep', 'state', 'trials', 'completed', 'failed', 'objective', 'best', 'created'],
    sweeps.map((sweep) => {
      const [best] = reader.leaderboard(sweep.name, 1);
      return [
        sweep.name,
        stateOf(sweep),
        sweep.trials,
        sweep.states.completed,
        sweep.states.failed,
        sweep.objective,
        formatMeasure(best?.mean ?? null),
        new Date(sweep.createdAt).toISOString().slice(0, 16).replace('T', ' '),
      ];
    }),
    { width: terminalWidth() },
  );
}
