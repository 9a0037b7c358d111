/** `nightsweep init`: writes a commented definition for one's own CSV file; asks on a terminal what no flag says. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { KNOB_NAMES, type KnobName } from '../definition/knobs.ts';
import type { InitFlags } from './init/write-definition.ts';
import { choiceOption, oneOf } from './options.ts';

const knobOf = oneOf(KNOB_NAMES);

export function initCommand(): Command {
  return new Command('init')
    .description(
      'write a commented definition for a CSV file of your own, ready to run; without --csv or --target, a terminal asks',
    )
    .summary('write a definition for a CSV file of your own')
    .option('--csv <file>', 'CSV file with a header line')
    .option('--target <column>', 'column to predict (default: one called target or the like, else the last)')
    .addOption(
      choiceOption('--task <task>', 'what the target is (default: by its values)', ['classification', 'regression']),
    )
    .addOption(
      new Option('--search <names>', 'what is searched, with commas between (default: width,l2,dropout)').argParser(
        knobsOf,
      ),
    )
    .option('--output <file>', 'definition to write (default: the name of the CSV file, .yaml)')
    .option('--name <name>', 'name of the sweep (default: the name of the definition)')
    .option('--force', 'overwrite the definition if it exists')
    .option('-y, --yes', 'ask nothing: what no flag says has its default')
    .addHelpText(
      'after',
      `
Examples:
  nightsweep init
  nightsweep init --csv houses.csv --target price
  nightsweep init --csv houses.csv --yes --search width,depth,learning_rate

What can be searched: ${KNOB_NAMES.join(', ')}.`,
    )
    .action(async (flags: InitFlags) => {
      const { writeDefinition } = await import('./init/write-definition.ts');
      process.exitCode = await writeDefinition(flags);
    });
}

function knobsOf(text: string): readonly KnobName[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('It must name at least one.');
  return names.map(knobOf);
}
