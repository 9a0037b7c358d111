/** The SQL of a sweep's own views, `"NAME"` and `"NAME.curves"`: its parameters and metrics as columns. Pure. */

import { parseMetricName } from '../src/metrics.ts';
import { KEY_COLUMNS, RESULT_COLUMNS } from '../src/sql-names.ts';
import { jsonPath, quoted } from './names.ts';

/** Raised with every change of views.sql or of the SQL below: older databases then get new views when opened. */
export const VIEWS_VERSION = 5;

export interface SweepColumns {
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly string[];
  /** Built-in ones, and those of a module. */
  readonly metrics: readonly string[];
}

export function createSweepViews({ id, name, parameters, metrics }: SweepColumns): string {
  const from = (...names: readonly string[]): string[] => names.map((column) => `trial.${column}`);
  // NULL where a config does not reach the parameter; else a number, a text, or 0 and 1 for false and true.
  const params = parameters.map(
    (parameter) => `json_extract(config.params, ${jsonPath(parameter)}) AS ${quoted(parameter)}`,
  );
  const measured = (table: 'trial' | 'epoch'): string[] =>
    metrics.map((metric) =>
      parseMetricName(metric)
        ? `${table}.${metric}`
        : `CAST(json_extract(${table}.metrics, ${jsonPath(metric)}) AS REAL) AS ${quoted(metric)}`,
    );
  return `
    CREATE VIEW ${quoted(name)} AS
    SELECT ${[...from(...KEY_COLUMNS), ...params, ...from(...RESULT_COLUMNS), ...measured('trial')].join(', ')}
    FROM trial
    JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
    WHERE trial.sweep = ${id};

    CREATE VIEW ${quoted(`${name}.curves`)} AS
    SELECT ${['trial.config', 'trial.replicate', 'epoch.epoch', ...params, ...measured('epoch')].join(', ')}
    FROM trial
    JOIN config ON config.sweep = trial.sweep AND config.ordinal = trial.config
    JOIN epoch ON epoch.trial = trial.id
    WHERE trial.sweep = ${id};`;
}

export function dropSweepViews(name: string): string {
  return `DROP VIEW IF EXISTS ${quoted(name)}; DROP VIEW IF EXISTS ${quoted(`${name}.curves`)};`;
}
