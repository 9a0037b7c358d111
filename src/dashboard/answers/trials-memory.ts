/** Remembers the trials of a sweep as columns, and the newest order, so that scrolling through them costs nothing. */

import type Database from 'better-sqlite3';
import type { SweepFacts } from '../../../db/read-sweep.ts';
import { readTrialColumns, type ColumnValues } from '../../../db/read-trials.ts';
import type { Params } from '../../definition/resolved.ts';
import { Paced, type Kept } from './paced.ts';
import type { TrialOrder } from '../queries.ts';
import { compileFilter } from './trial-filter.ts';
import { orderRows } from './trial-order.ts';
import type { MetricColumn, TrialTable } from './trial-table.ts';

export interface OrderedTrials {
  readonly ids: Int32Array;
  /** What is wrong with the filter; all trials are in the order then. */
  readonly problem: string | null;
}

interface TrialSource {
  /** Of the data. */
  readonly version: number;
  /** Of all configs, by ordinal. */
  readonly params: () => readonly Params[];
}

/** All rows of a table, before any filter. */
interface SortedRows {
  readonly table: TrialTable;
  readonly key: string;
  readonly rows: Int32Array;
}

export class TrialsMemory {
  readonly #table = new Paced<TrialTable>();
  #sorted: SortedRows | undefined;
  #ordered: (OrderedTrials & { readonly sorted: SortedRows; readonly filter: string }) | undefined;

  order(db: Database.Database, sweep: SweepFacts, order: TrialOrder, source: TrialSource): Kept<OrderedTrials> {
    const { value: table, stale } = this.#table.get(sweep.id, source.version, () => readTable(db, sweep, source));
    const sorted = this.#sort(table, order);
    if (this.#ordered?.sorted !== sorted || this.#ordered.filter !== order.filter) {
      const { passes, problem } = compileFilter(order.filter, table);
      const rows = passes ? sorted.rows.filter(passes) : sorted.rows;
      this.#ordered = { ids: rows.map((row) => table.ids[row]!), problem, sorted, filter: order.filter };
    }
    return { value: this.#ordered, stale };
  }

  #sort(table: TrialTable, { by, descending }: TrialOrder): SortedRows {
    const key = JSON.stringify([by, descending]);
    if (this.#sorted?.table !== table || this.#sorted.key !== key) {
      this.#sorted = { table, key, rows: orderRows(table, { by, descending }) };
    }
    return this.#sorted;
  }
}

function readTable(db: Database.Database, sweep: SweepFacts, { params }: TrialSource): TrialTable {
  const [ids = [], places = []] = readTrialColumns(db, sweep, ['id', 'place']);
  const columns = new Map<MetricColumn, ColumnValues>();
  return {
    ids: integers(ids),
    configs: integers(places).map((place) => Math.floor(place / sweep.replicates)),
    replicates: integers(places).map((place) => place % sweep.replicates),
    parameters: sweep.parameters,
    params: params(),
    column: (name) => {
      let values = columns.get(name);
      if (!values) {
        [values = []] = readTrialColumns(db, sweep, [name]);
        columns.set(name, values);
      }
      return values;
    },
  };
}

function integers(values: ColumnValues): Int32Array {
  const array = new Int32Array(values.length);
  for (let row = 0; row < array.length; row += 1) array[row] = Number(values[row]);
  return array;
}
