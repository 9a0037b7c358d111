/** Metrics that a user's module reports: built-in ones have their columns, all others are JSON and columns of the sweep's own views. */

import type Database from 'better-sqlite3';
import type { OwnMetrics } from '../src/executor/executor.ts';
import { METRIC_NAMES } from '../src/metrics.ts';
import { inOrder } from './sweep-metrics.ts';
import { sweepColumns } from './sweep-rows.ts';
import { createSweepViews, dropSweepViews } from './views.ts';

const builtIn: ReadonlySet<string> = new Set(METRIC_NAMES);

export function isBuiltIn(name: string): boolean {
  return builtIn.has(name);
}

/** Columns of `trial` and `epoch` with their values. */
export function ownColumns(own: OwnMetrics): { readonly names: string[]; readonly values: (string | number | null)[] } {
  const entries = Object.entries(own).map(
    ([name, value]) => [name, value !== null && Number.isFinite(value) ? value : null] as const,
  );
  const known = entries.filter(([name]) => isBuiltIn(name));
  const others = entries.filter(([name]) => !isBuiltIn(name));
  return {
    names: [...known.map(([name]) => name), 'metrics'],
    values: [...known.map(([, value]) => value), others.length > 0 ? JSON.stringify(Object.fromEntries(others)) : null],
  };
}

/** Gives the sweep's own views a column for each metric that it has not had before. */
export function addOwnMetrics(db: Database.Database, sweep: number, reported: Iterable<string>): void {
  const [columns] = sweepColumns(db, sweep);
  if (!columns) return;
  const metrics = inOrder([...columns.metrics, ...reported]);
  if (metrics.length === columns.metrics.length) return;
  db.prepare('UPDATE sweep SET metrics = ? WHERE id = ?').run(JSON.stringify(metrics), sweep);
  db.exec(dropSweepViews(columns.name) + createSweepViews({ ...columns, metrics }));
}
