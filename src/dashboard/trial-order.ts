/** Trials in the order that is asked for. Pure. */

import type { TrialState } from '../../db/writes.ts';
import type { ParamValue } from '../definition/resolved.ts';
import type { TrialOrder } from './queries.ts';
import { paramValues, type MetricColumn, type TrialTable } from './trial-table.ts';

/** In the order of a trial's life. */
export const STATES: readonly TrialState[] = [
  'queued',
  'running',
  'paused',
  'completed',
  'pruned',
  'failed',
  'cancelled',
];

/** Columns that `TrialTable.column` has, by the names that people know. */
export const METRIC_COLUMNS = [
  'state',
  'epoch',
  'train_loss',
  'validation_loss',
  'objective',
  'generalisation_gap',
  'failure_kind',
] as const satisfies readonly MetricColumn[];

/** A number for each row that sorts as its value does; NaN where there is none. */
type SortKeys = Float64Array;

/** All rows of the table; those without a value come last in either direction, equal ones by config and replicate. */
export function orderRows(table: TrialTable, { by, descending }: Pick<TrialOrder, 'by' | 'descending'>): Int32Array {
  const keys = sortKeys(table, by);
  const placed = rowsByPlace(table);
  const known = placed.filter((row) => !Number.isNaN(keys[row]!));
  const unknown = placed.filter((row) => Number.isNaN(keys[row]!));
  // A stable sort: equal rows stay in the order of their places.
  known.sort(descending ? (a, b) => keys[b]! - keys[a]! : (a, b) => keys[a]! - keys[b]!);
  placed.set(known);
  placed.set(unknown, known.length);
  return placed;
}

/** By config and replicate. */
function rowsByPlace({ ids, configs, replicates, params }: TrialTable): Int32Array {
  const count = replicates.reduce((most, replicate) => Math.max(most, replicate + 1), 1);
  const rowAt = new Int32Array(params.length * count).fill(-1);
  for (const row of ids.keys()) rowAt[configs[row]! * count + replicates[row]!] = row;
  return rowAt.filter((row) => row >= 0);
}

function sortKeys(table: TrialTable, by: string): SortKeys {
  if (table.parameters.includes(by)) {
    const ofConfig = valueKeys(paramValues(table, by));
    return Float64Array.from(table.configs, (config) => ofConfig[config] ?? NaN);
  }
  if (by === 'trial') return Float64Array.from(table.ids);
  if (by === 'config') return Float64Array.from(table.configs);
  if (by === 'replicate') return Float64Array.from(table.replicates);
  const column = METRIC_COLUMNS.find((name) => name === by);
  if (!column) throw new Error(`trials must be sorted by one of their columns, but got '${by}'`);
  const values = table.column(column);
  if (column === 'state') {
    const ranks = new Map<unknown, number>(STATES.map((state, index) => [state, index]));
    return Float64Array.from(values, (state) => ranks.get(state) ?? NaN);
  }
  return valueKeys(values);
}

/** Numbers as they are; other values behind all numbers, by their text. */
function valueKeys(values: readonly (ParamValue | undefined)[]): SortKeys {
  const isMissing = (value: ParamValue | undefined): value is null | undefined => value === null || value === undefined;
  const texts = new Set<string>();
  for (const value of values) if (typeof value !== 'number' && !isMissing(value)) texts.add(String(value));
  if (texts.size === 0) return Float64Array.from(values, (value) => (typeof value === 'number' ? value : NaN));
  const largest = values.reduce<number>((most, value) => (typeof value === 'number' ? Math.max(most, value) : most), 0);
  const ranks = new Map([...texts].sort().map((text, index) => [text, largest + 1 + index]));
  return Float64Array.from(values, (value) => {
    if (isMissing(value)) return NaN;
    return typeof value === 'number' ? value : ranks.get(String(value))!;
  });
}
