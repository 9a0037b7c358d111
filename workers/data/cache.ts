/** Keeps loaded data, so that a process reads and splits them once for all trials that share them. */

import { datasetKey, tableKey } from './dataset-key.ts';
import type { DataSpec, Dataset } from './dataset.ts';
import { buildDataset, loadTable } from './load.ts';
import type { Table } from './table.ts';

interface Limits {
  /** Data sets. */
  readonly count: number;
  /** Of all data sets together. */
  readonly bytes: number;
}

/** Data sets by their key, the least recently used going first, and the last table, for replicates that split it anew. */
export class DatasetCache {
  readonly #limits: Limits;
  readonly #datasets = new Map<string, Dataset>();
  #bytes = 0;
  #table: { readonly key: string; readonly table: Table } | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @throws SweepError 'data' as `loadDataset` does; nothing is kept then */
  get(spec: DataSpec): Dataset {
    const key = datasetKey(spec);
    const dataset = this.#datasets.get(key) ?? buildDataset(spec, this.#tableOf(spec));
    // A map lists what was put in last at its end.
    if (this.#datasets.delete(key)) this.#bytes -= sizeOf(dataset);
    this.#datasets.set(key, dataset);
    this.#bytes += sizeOf(dataset);
    this.#evict();
    return dataset;
  }

  #tableOf(spec: DataSpec): Table {
    const key = tableKey(spec);
    if (this.#table?.key !== key) this.#table = { key, table: loadTable(spec) };
    return this.#table.table;
  }

  /** The newest stays, however large: it is in use. */
  #evict(): void {
    for (const [key, dataset] of this.#datasets) {
      const fits = this.#datasets.size <= this.#limits.count && this.#bytes <= this.#limits.bytes;
      if (fits || this.#datasets.size === 1) return;
      this.#datasets.delete(key);
      this.#bytes -= sizeOf(dataset);
    }
  }
}

function sizeOf({ features, targets, parts }: Dataset): number {
  const indices = parts.train.byteLength + parts.validation.byteLength + parts.test.byteLength;
  return features.byteLength + targets.byteLength + indices;
}

/** The data of this process: of the coordinator, or of one worker. */
export const datasets = new DatasetCache({ count: 64, bytes: 512 * 2 ** 20 });
