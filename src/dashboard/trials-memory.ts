/** Remembers the trials of a sweep as columns, and their newest orders, so that scrolling through them costs nothing. */

import type Database from 'better-sqlite3';
import type { SweepFacts } from '../../db/read-sweep.ts';
import { readTrialColumns, type ColumnValues } from '../../db/read-trials.ts';
import type { Params } from '../definition/resolved.ts';
import { Paced, type Kept } from './paced.ts';
import type { TrialOrder } from './queries.ts';
import { compileFilter } from './trial-filter.ts';
import { orderTrials } from './trial-order.ts';
import type { MetricColumn, TrialTable } from './trial-table.ts';

export interface OrderedTrials {
  readonly ids: Int32Array;
  /** What is wrong with the filter; all trials are in the order then. */
  readonly problem: string | null;
}

/** Orders of the same trials that are kept. */
const MOST_ORDERS = 8;

export class TrialsMemory {
  readonly #paramsOf: (sweep: SweepFacts) => readonly Params[];
  readonly #table = new Paced<TrialTable>();
  readonly #orders = new Map<string, { readonly table: TrialTable; readonly ordered: OrderedTrials }>();

  constructor(paramsOf: (sweep: SweepFacts) => readonly Params[]) {
    this.#paramsOf = paramsOf;
  }

  /** @param version of the data */
  order(db: Database.Database, sweep: SweepFacts, version: number, order: TrialOrder): Kept<OrderedTrials> {
    const { value: table, stale } = this.#table.get(sweep.name, version, () => this.#read(db, sweep));
    const key = JSON.stringify([order.by, order.descending, order.filter]);
    const known = this.#orders.get(key);
    if (known?.table === table) return { value: known.ordered, stale };
    const { passes, problem } = compileFilter(order.filter, table);
    const ordered = { ids: orderTrials(table, order, passes ?? (() => true)), problem };
    this.#orders.delete(key);
    this.#orders.set(key, { table, ordered });
    for (const oldest of this.#orders.keys()) if (this.#orders.size > MOST_ORDERS) this.#orders.delete(oldest);
    return { value: ordered, stale };
  }

  #read(db: Database.Database, sweep: SweepFacts): TrialTable {
    const [ids = [], places = []] = readTrialColumns(db, sweep, ['id', 'place']);
    const columns = new Map<MetricColumn, ColumnValues>();
    return {
      ids: Int32Array.from(ids, Number),
      configs: Int32Array.from(places, (place) => Math.floor(Number(place) / sweep.replicates)),
      replicates: Int32Array.from(places, (place) => Number(place) % sweep.replicates),
      parameters: sweep.parameters,
      params: this.#paramsOf(sweep),
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
}
