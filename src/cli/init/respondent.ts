/** Who answers what `init` has to know, where no flag says it: a person on a terminal, or the defaults. */

import type { ColumnSummary, CsvSummary } from '../../../workers/data/inspect-csv.ts';
import type { KnobName } from '../../definition/knobs.ts';
import type { Task } from '../../definition/template.ts';
import { SweepError } from '../../errors.ts';
import { shellWord } from '../text/shell-word.ts';

/** Each method answers one question; it rejects with `Cancelled` where the user wants no more of it. */
export interface Respondent {
  /** `found`: the CSV files of this folder. */
  csv(found: readonly string[]): Promise<string>;
  target(summary: CsvSummary, guess: string): Promise<string>;
  task(target: ColumnSummary, guess: Task): Promise<Task>;
  search(usual: readonly KnobName[]): Promise<readonly KnobName[]>;
  /** A definition's file that may be written: one that does not exist, or that may be overwritten. */
  output(usual: string, exists: (file: string) => boolean): Promise<string>;
}

export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** For pipes and --yes. Only which file is meant has no default. */
export const DEFAULTS: Respondent = {
  csv: ([first]) =>
    Promise.reject(
      new SweepError('usage', {
        message: 'init must be told which CSV file it is for',
        hint: first === undefined ? 'say --csv FILE' : `such as --csv ${shellWord(first)}`,
      }),
    ),
  target: (_, guess) => Promise.resolve(guess),
  task: (_, guess) => Promise.resolve(guess),
  search: (usual) => Promise.resolve(usual),
  output: (usual) => Promise.resolve(usual),
};
