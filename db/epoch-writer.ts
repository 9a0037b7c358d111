/** Writes recorded epochs and their layers, the rows that a sweep has most of. Runs inside a transaction of the store. */

import type { EpochRow, LayerRow, OwnMetrics } from '../src/executor/executor.ts';
import type { MetricName } from '../src/metrics.ts';
import { ownColumns } from './own-metrics.ts';
import { finiteOrNull, metricColumns } from './result-columns.ts';
import type { Statements, Value } from './statements.ts';

export class EpochWriter {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** `metrics` names the values of the rows, but for those of a module, which name their own. */
  add(trial: number, metrics: readonly MetricName[], rows: readonly EpochRow[]): void {
    const insert = this.#statements.get(insertEpoch(metricColumns(metrics)));
    for (const { epoch, values, layers, own } of rows) {
      if (own) this.#addOwn(trial, epoch, own);
      else insert.run(trial, epoch, ...values.map(finiteOrNull));
      if (layers) for (const layer of layers) this.#addLayer(trial, epoch, layer);
    }
  }

  /** All epochs but those up to `epoch` go, with their layers. */
  dropBeyond(trial: number, epoch: number): void {
    this.#statements.get('DELETE FROM epoch WHERE trial = ? AND epoch > ?').run(trial, epoch);
  }

  #addOwn(trial: number, epoch: number, own: OwnMetrics): void {
    const { names, values } = ownColumns(own);
    this.#statements.get(insertEpoch(names)).run(trial, epoch, ...values);
  }

  #addLayer(trial: number, epoch: number, row: LayerRow): void {
    const values: Value[] = [row.kernel_norm, row.gradient_norm, row.clipped_share].map(finiteOrNull);
    this.#statements
      .get(
        `INSERT INTO layer_epoch (trial, epoch, layer, kernel_norm, gradient_norm, clipped_share)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(trial, epoch, row.layer, ...values);
  }
}

function insertEpoch(names: readonly string[]): string {
  return `INSERT INTO epoch (${['trial', 'epoch', ...names].join(', ')}) VALUES (?, ?${', ?'.repeat(names.length)})`;
}
