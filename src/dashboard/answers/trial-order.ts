/** Trials in the order that is asked for. Pure. */

import type { TrialState } from '../../../db/writes.ts';
import type { ParamValue } from '../../definition/resolved.ts';
import type { TrialOrder } from '../queries.ts';
import { sortedByKeys } from './radix-sort.ts';
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
  if (descending) for (let row = 0; row < keys.length; row += 1) keys[row] = -keys[row]!;
  return sortedByKeys(rowsByPlace(table), keys);
}

/** By config and replicate. */
function rowsByPlace({ ids, configs, replicates, params }: TrialTable): Int32Array {
  const count = replicates.reduce((most, replicate) => Math.max(most, replicate + 1), 1);
  const rowAt = new Int32Array(params.length * count).fill(-1);
  for (const row of ids.keys()) rowAt[configs[row]! * count + replicates[row]!] = row;
  return rowAt.filter((row) => row >= 0);
}

function sortKeys(table: TrialTable, by: string): SortKeys {
  const { ids, configs } = table;
  if (table.parameters.includes(by)) {
    const ofConfig = valueKeys(paramValues(table, by));
    return keysOf(ids.length, (row) => ofConfig[configs[row]!]!);
  }
  if (by === 'trial') return Float64Array.from(ids);
  if (by === 'config') return Float64Array.from(configs);
  if (by === 'replicate') return Float64Array.from(table.replicates);
  const column = METRIC_COLUMNS.find((name) => name === by);
  if (!column) throw new Error(`trials must be sorted by one of their columns, but got '${by}'`);
  const values = table.column(column);
  if (column !== 'state') return valueKeys(values);
  const ranks = new Map<unknown, number>(STATES.map((state, index) => [state, index]));
  return keysOf(values.length, (row) => ranks.get(values[row])!);
}

/** Numbers as they are; other values behind all numbers, by their text. */
function valueKeys(values: readonly (ParamValue | undefined)[]): SortKeys {
  const texts = new Set<string>();
  let largest = 0;
  for (const value of values) {
    if (typeof value === 'number') largest = Math.max(largest, value);
    else if (value !== null && value !== undefined) texts.add(String(value));
  }
  const ranks = new Map([...texts].sort().map((text, index) => [text, largest + 1 + index]));
  return keysOf(values.length, (row) => {
    const value = values[row];
    if (typeof value === 'number') return value;
    return value === null || value === undefined ? NaN : ranks.get(String(value))!;
  });
}

/** A plain loop: `Float64Array.from` takes ten times as long. */
function keysOf(rows: number, keyOf: (row: number) => number): SortKeys {
  const keys = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) keys[row] = keyOf(row);
  return keys;
}
