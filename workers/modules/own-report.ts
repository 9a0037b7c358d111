/** The metrics that a user's module reports: what they may be called, and their numbers as they may be stored. Pure. */

import { show } from '../../src/definition/mistake.ts';
import type { OwnMetrics } from '../../src/executor/executor.ts';
import { parseMetricName } from '../../src/metrics.ts';
import { isResultColumn } from '../../src/sql-names.ts';

/** They are columns of the sweep's view: visible text, and none of its other columns. Errors say what must hold. */
export function checkMetrics(metrics: unknown, parameters: readonly string[]): void {
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics) || Object.keys(metrics).length === 0) {
    throw new Error(`report must be given metrics by name, such as { score: 0.5 }, but found ${show(metrics)}`);
  }
  const taken = new Set(parameters.map((name) => name.toLowerCase()));
  for (const [name, value] of Object.entries(metrics as object)) {
    if (!/^[\p{L}\p{N}_][\p{L}\p{N}_ .:-]{0,99}$/u.test(name)) {
      throw new Error(`the name of a metric must be letters, digits and _ . : - with spaces, but found ${show(name)}`);
    }
    if (!parseMetricName(name) && (isResultColumn(name) || taken.has(name.toLowerCase()))) {
      throw new Error(`no metric must be called ${name}: that is another column of the sweep's view`);
    }
    if (typeof value !== 'number') throw new Error(`the metric ${name} must be a number, but found ${show(value)}`);
  }
}

/** SQLite has neither NaN nor, for us, infinities. */
export function finite(metrics: Readonly<Record<string, number>>): OwnMetrics {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}
