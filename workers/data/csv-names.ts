/** Checks the column names of a definition against a file's header. */

import { didYouMean } from '../../src/did-you-mean.ts';
import type { FileSource } from '../../src/definition/resolved.ts';
import type { CsvFile } from './csv-file.ts';
import { ProblemList } from './problems.ts';

/** @throws SweepError 'data' with every name that is no column, or that plays two parts */
export function checkNames(csv: CsvFile, source: FileSource, group: string | null): void {
  const problems = new ProblemList();
  const requireColumn = (name: string, path: string): void => {
    if (csv.header.includes(name)) return;
    problems.add(() => ({
      path,
      message: `must name a column of ${csv.name}, found "${name}"`,
      hint: didYouMean(name, csv.header, (near) => `"${near}"`) ?? `its columns are ${listedColumns(csv.header)}`,
    }));
  };
  const refuse = (path: string, message: string): void => problems.add(() => ({ path, message }));
  requireColumn(source.target, 'data.target');
  for (const name of source.drop) requireColumn(name, 'data.drop');
  for (const name of source.categorical) requireColumn(name, 'data.categorical');
  if (group !== null) requireColumn(group, 'data.split.group');

  if (source.drop.includes(source.target)) refuse('data.drop', `must not hold the target "${source.target}"`);
  for (const name of source.categorical) {
    if (name === source.target)
      refuse('data.categorical', `must not hold the target "${name}", which the loss encodes`);
    if (name === group) refuse('data.categorical', `must not hold the group "${name}", which is no feature`);
    if (source.drop.includes(name)) refuse('data.categorical', `must not hold "${name}", which data.drop holds too`);
  }
  if (group === source.target) refuse('data.split.group', `must be another column than the target "${group}"`);
  problems.throwIfAny();
}

/** The first eight names, and how many more there are. */
export function listedColumns(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
