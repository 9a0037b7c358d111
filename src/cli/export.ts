/** `nightsweep export`: the results of a sweep as files for other programs. */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { ExportFormat } from '../export/parts.ts';
import { databaseOption, oneOf, wholeNumber } from './options.ts';
import type { ExportOptions } from './print-export.ts';

const FORMATS = ['csv', 'jsonl', 'tensorboard', 'tfjs', 'keras'] as const satisfies readonly ExportFormat[];

export function exportCommand(): Command {
  return new Command('export')
    .description('write the results of a sweep as files: tables, learning curves for TensorBoard, a trained model')
    .summary('write the results of a sweep as files')
    .argument('<sweep>', 'name of the sweep')
    .option('--to <folder>', 'folder to write to (default: SWEEP-export)')
    .addOption(
      new Option('--format <formats>', 'one or several with commas')
        .choices(FORMATS)
        .argParser(formats)
        .default(['csv'], 'csv'),
    )
    .option('--trial <trial>', 'whose model is written, as CONFIG/REPLICATE (default: the best)', trialPlace)
    .option('--top <n>', 'how many configs TensorBoard gets (default: all, of many the best)', wholeNumber)
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep export quickstart
  nightsweep export quickstart --format csv,tensorboard
  nightsweep export quickstart --format tfjs --trial 7/0 --to model

The folder also gets the definition, and the best config as one that can be run.
Files of an earlier export are replaced, others never.`,
    )
    .action(async (name: string, options: ExportOptions) => {
      const { printExport } = await import('./print-export.ts');
      await printExport(name, options);
    });
}

/** `csv,tensorboard` */
function formats(text: string): readonly ExportFormat[] {
  return [...new Set(text.split(',').map((name) => oneOf(FORMATS)(name.trim())))];
}

function trialPlace(text: string): string {
  if (!/^\d+\/\d+$/.test(text)) throw new InvalidArgumentError('It must be CONFIG/REPLICATE, such as 7/0.');
  return text;
}
