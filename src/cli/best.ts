/** `nightsweep best`: the winning config of a sweep, for people or for programs. */

import { Command } from 'commander';
import { SweepError } from '../errors.ts';
import { commandName } from './command-name.ts';
import { databaseFlag } from './next-step.ts';
import { choiceOption, databaseOption } from './options.ts';

interface BestOptions {
  readonly db: string;
  readonly format: 'table' | 'json' | 'yaml';
}

export function bestCommand(): Command {
  return new Command('best')
    .description('print the best config of a sweep by the mean of its objective')
    .summary('print the best config of a sweep')
    .argument('<sweep>', 'name of the sweep')
    .addOption(choiceOption('--format <format>', 'how to print it', ['table', 'json', 'yaml']).default('table'))
    .addOption(databaseOption())
    .addHelpText('after', '\nExamples:\n  nightsweep best quickstart\n  nightsweep best quickstart --format yaml')
    .action(async (name: string, { db, format }: BestOptions) => {
      const { Reader } = await import('../../db/reader.ts');
      const reader = Reader.open(db);
      try {
        const { parameters, objective, goal, states } = reader.sweepNamed(name);
        const [best] = reader.leaderboard(name, 1);
        if (!best) {
          throw new SweepError('usage', {
            message: `a best config needs a completed trial, but ${name} has none`,
            hint:
              states.failed > 0
                ? `${commandName} show ${name}${databaseFlag(db)} lists its failures`
                : 'wait for the first ones',
          });
        }
        if (format === 'table') {
          const [{ leaderboardTable }, { paperForStdout }] = await Promise.all([
            import('./leaderboard-table.ts'),
            import('./paint.ts'),
          ]);
          const { width, paint } = paperForStdout();
          process.stdout.write(leaderboardTable([best], { parameters, objective, width, paint }));
          return;
        }
        const { config, params, mean, std, n } = best;
        const plain = { sweep: name, config, params, objective, goal, mean, std, n };
        if (format === 'json') {
          process.stdout.write(`${JSON.stringify(plain, null, 2)}\n`);
          return;
        }
        const { stringify } = await import('yaml');
        process.stdout.write(stringify(plain));
      } finally {
        reader.close();
      }
    });
}
