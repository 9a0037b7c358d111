/** The names that the SQL interface has for itself: no sweep may be called after a view, no parameter after a column. Pure. */

import { METRIC_NAMES } from './metrics.ts';

/** The documented views over all sweeps; see docs/sql.md. */
export const SHARED_VIEWS = [
  'sweeps',
  'leaderboard',
  'comparisons',
  'main_effects',
  'parameter_importance',
  'sweep_analyses',
  'trial_results',
  'attempts',
  'learning_curves',
  'layer_history',
  'failures',
  'progress',
  'saved_queries',
] as const;

/** Those that a sweep could be called after; others, with an underscore, it cannot. */
const TABLES = ['meta', 'sweep', 'config', 'trial', 'run', 'attempt', 'epoch', 'command', 'checkpoint', 'vitals'];

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

const takenBySql: ReadonlySet<string> = new Set([...SHARED_VIEWS, ...TABLES]);
const columns: ReadonlySet<string> = new Set([
  ...KEY_COLUMNS,
  ...RESULT_COLUMNS,
  ...METRIC_NAMES,
  'sweep',
  'params',
  'epoch',
  'metrics',
]);

/** Whether a table or view has this name. */
export function isTableOrView(name: string): boolean {
  return takenBySql.has(name);
}

/** Whether a view over trials has a column of this name; SQL does not tell upper from lower case. */
export function isResultColumn(name: string): boolean {
  return columns.has(name.toLowerCase());
}
