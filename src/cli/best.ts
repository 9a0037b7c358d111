/** `nightsweep best`: the winning config of a sweep, for people, or as a definition that can be run. */

import { Command } from 'commander';
import type { Reader } from '../../db/reader.ts';
import { SweepError } from '../errors.ts';
import { commandName } from './command-name.ts';
import { databaseFlag } from './next-step.ts';
import { choiceOption, databaseOption, wholeNumber } from './options.ts';
import { shellWord } from './text/shell-word.ts';

interface BestOptions {
  readonly db: string;
  readonly format: 'table' | 'json' | 'yaml';
  readonly config?: number;
}

export function bestCommand(): Command {
  return new Command('best')
    .description(
      'print the best config of a sweep by the mean of its objective; as YAML or JSON, a definition that trains it alone',
    )
    .summary('print the best config of a sweep')
    .argument('<sweep>', 'name of the sweep')
    .addOption(choiceOption('--format <format>', 'how to print it', ['table', 'json', 'yaml']).default('table'))
    .option('--config <n>', 'another config, with --format yaml or json', wholeNumber)
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep best quickstart
  nightsweep best quickstart --format yaml > best.yaml
  nightsweep best quickstart --config 3 --format yaml`,
    )
    .action(async (name: string, { db, format, config }: BestOptions) => {
      if (config !== undefined && format === 'table') {
        throw new SweepError('usage', {
          message: '--config must have a --format',
          hint: `try: ${commandName} best ${shellWord(name)} --config ${config} --format yaml`,
        });
      }
      const { Reader } = await import('../../db/reader.ts');
      const reader = Reader.open(db);
      try {
        if (config !== undefined) {
          process.stdout.write(await configText(reader, name, config, format));
          return;
        }
        const { parameters, states } = reader.sweepNamed(name);
        const leaders = reader.leaderboard(name, 1);
        const [best] = leaders;
        if (!best) {
          throw new SweepError('usage', {
            message: `a best config needs a completed trial, but ${name} has none`,
            hint:
              states.failed > 0
                ? `${commandName} show ${name}${databaseFlag(db)} lists its failures`
                : 'wait for the first ones',
          });
        }
        if (format !== 'table') {
          process.stdout.write(await configText(reader, name, best.config, format, 'best'));
          return;
        }
        const [{ bestReport }, { readAnswers }, { paperForStdout }] = await Promise.all([
          import('./show/show-best.ts'),
          import('../answers/answers.ts'),
          import('./text/paint.ts'),
        ]);
        process.stdout.write(bestReport(best, parameters, readAnswers(reader, name, leaders), paperForStdout()));
      } finally {
        reader.close();
      }
    });
}

/** A config as a definition of its own. */
async function configText(
  reader: Reader,
  name: string,
  config: number,
  format: string,
  suffix?: string,
): Promise<string> {
  const { readConfigDefinition } = await import('../export/read-config-definition.ts');
  const { definition, yaml } = readConfigDefinition(reader, name, config, suffix);
  return format === 'yaml' ? yaml : `${JSON.stringify(definition, null, 2)}\n`;
}
