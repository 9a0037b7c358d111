/** A program's columns as they are reported: which of them mean what, and their numbers as they may be stored. Pure. */

import { goalOf, parseMetricName, type Part } from '../src/metrics.ts';
import type { Program } from './train/program.ts';
import { layerColumns, type LayerColumn } from './train/reports.ts';

/** What must be known of a program's columns to report them: worked out once, used for every epoch of every trial. */
export interface Columns {
  readonly trainLoss: number;
  readonly objective: number;
  /** 1 where lower values of the objective are better, -1 where higher ones are. */
  readonly sign: 1 | -1;
  /** Per column: those of the losses of its part, without which it means nothing. */
  readonly losses: readonly (readonly number[])[];
  /** Per column: the rows that an accuracy is a share of, 0 for any other metric. */
  readonly shares: readonly number[];
  readonly layers: readonly LayerColumn[];
}

export function columnsOf(program: Program): Columns {
  const { metrics, data } = program;
  const parsed = metrics.map((name) => parseMetricName(name)!);
  const lossesOf = (part: Part): number[] =>
    parsed.flatMap((other, column) => (other.part === part && other.metric.endsWith('loss') ? [column] : []));
  return {
    trainLoss: metrics.indexOf('train_loss'),
    objective: metrics.indexOf(program.objective),
    sign: goalOf(parseMetricName(program.objective)!.metric) === 'maximize' ? -1 : 1,
    losses: parsed.map(({ part }) => lossesOf(part)),
    shares: parsed.map(({ part, metric }) => (metric === 'accuracy' ? data.parts[part] : 0)),
    layers: layerColumns(program),
  };
}

/**
 * Numbers as they may be stored: nothing that is not finite, and no metric of a part whose loss is not. An accuracy is
 * a number of rows divided by another: it is given as that, not as the float32 nearest to it.
 */
export function reportable({ losses, shares }: Columns, values: Float32Array): readonly (number | null)[] {
  return Array.from(values, (value, column) => {
    if (!Number.isFinite(value) || losses[column]!.some((loss) => !Number.isFinite(values[loss]))) return null;
    const rows = shares[column]!;
    return rows > 0 ? Math.round(value * rows) / rows : value;
  });
}
