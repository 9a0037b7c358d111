/** Options that several commands share, so that they look and mean the same everywhere. */

import { InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../did-you-mean.ts';

export const DEFAULT_DATABASE = 'nightsweep.db';

/** `--db FILE`: read it as `options.db`. */
export function databaseOption(): Option {
  return new Option('--db <file>', 'database with the results').default(DEFAULT_DATABASE);
}

/** An option that takes one of a few values; a misspelt one is told which was probably meant. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).argParser(oneOf(choices));
}

/** Parses a value that must be one of `choices`. */
export function oneOf<Choice extends string>(choices: readonly Choice[]): (value: string) => Choice {
  return (value) => {
    const choice = choices.find((known) => known === value);
    if (choice !== undefined) return choice;
    const hint = didYouMean(value, choices);
    throw new InvalidArgumentError(
      `It must be one of ${choices.join(', ')}.${hint === undefined ? '' : `\n(${capitalised(hint)})`}`,
    );
  };
}

/** Parses a value that must be 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** As commander writes its hints. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Of a terminal that does not say how wide it is, such as one inside a container. */
const USUAL_WIDTH = 80;

/** Columns of the terminal that stdout is, or undefined where it is a pipe or a file: nothing is cut there. */
export function terminalWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns || USUAL_WIDTH : undefined;
}
