/** `nightsweep predict`: what a trained network says of the rows of a file. */

import { Command } from 'commander';
import { choiceOption, databaseOption } from './options.ts';
import type { PredictOptions } from './print-predictions.ts';

export function predictCommand(): Command {
  return new Command('predict')
    .description('predict the rows of a CSV file with the network of a trial, or of the best one of a sweep')
    .summary('predict the rows of a file with a trained network')
    .argument('<sweep|trial>', 'name of a sweep: its best; or a trial as SWEEP/CONFIG/REPLICATE or by its number')
    .requiredOption('--input <file>', 'CSV file with the columns that the network takes, in any order; - for stdin')
    .option('--output <file>', 'file to write (default: stdout)')
    .addOption(choiceOption('--format <format>', 'how to write rows', ['csv', 'json', 'ndjson']).default('csv'))
    .addOption(
      choiceOption('--backend <name>', 'numerical backend (default: as it was trained)', ['native', 'wasm', 'cpu']),
    )
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep predict houses --input new.csv
  nightsweep predict houses/7/0 --input new.csv --output predicted.csv
  nightsweep predict quickstart --input digits.csv --format ndjson

Each row comes with its prediction: a number in its own unit, or a class and the
probability of each. Where the file has the target, too, the last line on stderr
says how good the predictions are.`,
    )
    .action(async (subject: string, options: PredictOptions) => {
      const { printPredictions } = await import('./print-predictions.ts');
      await printPredictions(subject, options);
    });
}
