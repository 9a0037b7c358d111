/** What a program reports after each epoch, and in what order. Pure. */

import {
  METRIC_NAMES,
  parseMetricName,
  PARTS,
  TARGET_METRICS,
  type BaseMetric,
  type MetricName,
  type Part,
} from '../../src/metrics.ts';
import type { LayerRow } from '../../src/executor/executor.ts';
import { encodingOf } from './encoding.ts';
import { isWeighted, type Program } from './program.ts';

/**
 * The metric columns of a program's reports, in the order of `METRIC_NAMES`: for every part that has rows what its loss
 * brings and what is asked for, of all parts (`auc`) or of one (`validation_auc`).
 * @param parts rows of each
 */
export function reportedMetrics(
  loss: Program['loss'],
  parts: Readonly<Record<Part, number>>,
  asked: readonly (BaseMetric | MetricName)[] = [],
): readonly MetricName[] {
  const { always } = TARGET_METRICS[encodingOf(loss) === 'number' ? 'number' : 'class'];
  const wanted: ReadonlySet<string> = new Set([...always, ...asked]);
  return METRIC_NAMES.filter((name) => {
    const { part, metric } = parseMetricName(name)!;
    return parts[part] > 0 && (wanted.has(metric) || wanted.has(name));
  });
}

/** The parts that a program evaluates, in order. */
export function evaluatedParts(program: Pick<Program, 'metrics'>): readonly Part[] {
  return PARTS.filter((part) => program.metrics.some((name) => parseMetricName(name)?.part === part));
}

/** What is recorded of a layer: a column of `layer_history` in the database. */
export type LayerQuantity = Exclude<keyof LayerRow, 'layer'>;

export interface LayerColumn {
  /** From 0, as in the definition with `repeat` written out. */
  readonly layer: number;
  readonly quantity: LayerQuantity;
}

/** The columns of a program's reports after its metrics, layer by layer; only layers with a kernel have any. */
export function layerColumns(program: Pick<Program, 'layers' | 'layer_history'>): readonly LayerColumn[] {
  const { weight_norms, gradient_norms } = program.layer_history;
  const quantities: readonly LayerQuantity[] = [
    ...(weight_norms ? (['kernel_norm'] as const) : []),
    ...(gradient_norms ? (['gradient_norm', 'clipped_share'] as const) : []),
  ];
  return program.layers.flatMap((layer, index) =>
    isWeighted(layer) ? quantities.map((quantity) => ({ layer: index, quantity })) : [],
  );
}

/** A row per layer from the values of its columns, which come in the order of `layerColumns`. */
export function layerRows(columns: readonly LayerColumn[], values: ArrayLike<number>): readonly LayerRow[] {
  const rows = new Map<number, { -readonly [Key in keyof LayerRow]: LayerRow[Key] }>();
  columns.forEach(({ layer, quantity }, column) => {
    const row = rows.get(layer) ?? { layer, kernel_norm: null, gradient_norm: null, clipped_share: null };
    const value = values[column]!;
    row[quantity] = Number.isFinite(value) ? value : null;
    rows.set(layer, row);
  });
  return [...rows.values()];
}
