/** The names of the SQL interface: shared views, and the columns that no parameter may be called after. Pure. */

import { METRIC_NAMES } from '../src/metrics.ts';

/** The documented views over all sweeps; see docs/sql.md. */
export const SHARED_VIEWS = [
  'sweeps',
  'leaderboard',
  'trial_results',
  'attempts',
  'learning_curves',
  'failures',
  'progress',
] as const;

/** Views that DESIGN names and a later version brings: their names are kept free. */
const RESERVED_VIEWS = ['comparisons', 'main_effects', 'layer_history'];

const TABLES = ['meta', 'sweep', 'config', 'trial', 'run', 'attempt', 'epoch', 'command'];

/** Columns of a sweep's own view before and after those of its parameters; its metrics follow. */
export const KEY_COLUMNS = ['config', 'replicate', 'state'] as const;
export const RESULT_COLUMNS = [
  'failure_kind',
  'stop_reason',
  'epochs',
  'kept_epoch',
  'objective',
  'generalisation_gap',
] as const;

const SWEEP_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

const takenNames: ReadonlySet<string> = new Set([...SHARED_VIEWS, ...RESERVED_VIEWS, ...TABLES]);
const takenColumns: ReadonlySet<string> = new Set([
  ...KEY_COLUMNS,
  ...RESULT_COLUMNS,
  ...METRIC_NAMES,
  'epoch',
  'metrics',
]);

/** What is wrong with a sweep's name, or undefined: it becomes a view and must be none of ours. */
export function sweepNameProblem(name: string): string | undefined {
  if (!SWEEP_NAME.test(name)) {
    return `a sweep's name must consist of a-z, 0-9 and inner hyphens, but got '${name}'`;
  }
  if (takenNames.has(name)) return `a sweep's name must not be that of a table or view, but got '${name}'`;
  return undefined;
}

/** What is wrong with the names of searched parameters, or undefined: each becomes a column of the sweep's views. */
export function parameterNameProblem(parameters: readonly string[]): string | undefined {
  const seen = new Map<string, string>();
  for (const parameter of parameters) {
    // SQLite's column names do not tell upper from lower case.
    const column = parameter.toLowerCase();
    if (takenColumns.has(column)) return `a parameter must not be called like a column of the results: '${parameter}'`;
    const twin = seen.get(column);
    if (twin !== undefined) return `parameters must differ in more than case: '${twin}' and '${parameter}'`;
    seen.set(column, parameter);
  }
  return undefined;
}

/** `name` as an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
