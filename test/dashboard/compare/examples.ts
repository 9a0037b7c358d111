/** Comparisons to draw: one and two parameters, with what is missing in each kind of sweep. */

import type { Comparison } from '../../../src/dashboard/compare/comparison.ts';
import type { CompareCell } from '../../../src/dashboard/queries.ts';
import type { Level } from '../../../src/statistics/levels.ts';

export function levels(...values: readonly (number | string | null)[]): readonly Level[] {
  return values.map((value) => ({
    label: String(value),
    position: typeof value === 'number' ? value : null,
    value,
  }));
}

export function cell(first: number, second: number, mean: number, more: Partial<CompareCell> = {}): CompareCell {
  return { first, second, n: 18, mean, std: 0.008, interval: [mean - 0.004, mean + 0.004], ...more };
}

export const BY_DROPOUT: Comparison = {
  parameters: ['dropout'],
  objective: 'test_accuracy',
  goal: 'maximize',
  levels: [levels(0, 0.2, 0.4)],
  cells: [cell(0, 0, 0.9712), cell(1, 0, 0.9793, { n: 17 }), cell(2, 0, 0.9761)],
};

/** An optimizer that has no momentum, and one that has only been tried once. */
export const BY_MOMENTUM: Comparison = {
  parameters: ['momentum'],
  objective: 'validation_loss',
  goal: 'minimize',
  levels: [levels(0, 0.9, null, 0.99)],
  cells: [
    cell(0, 0, 0.31, { interval: [0.25, 0.37], std: 0.05 }),
    cell(1, 0, 0.22, { n: 1, std: null, interval: null }),
    cell(2, 0, 0.27, { interval: [0.24, 0.3], std: 0.02 }),
  ],
};

/** Nine cells of which one has no completed trial yet. */
export const BY_DROPOUT_AND_L2: Comparison = {
  ...BY_DROPOUT,
  parameters: ['dropout', 'l2'],
  levels: [levels(0, 0.2, 0.4), levels(0, 0.0001, 0.001)],
  cells: [0.9712, 0.9722, 0.9689, 0.9793, 0.9803, 0.9701, 0.9755, 0.9761].map((mean, index) =>
    cell(Math.floor(index / 3), index % 3, mean, { n: 6 }),
  ),
};

/** Twelve rates times ten widths: more than a small terminal shows; the largest rate is terrible. */
export const BY_RATE_AND_WIDTH: Comparison = {
  parameters: ['learning_rate', 'width'],
  objective: 'validation_loss',
  goal: 'minimize',
  levels: [
    levels(...Array.from({ length: 12 }, (_, index) => Number((1e-5 * 3 ** index).toPrecision(2)))),
    levels(...Array.from({ length: 10 }, (_, index) => 8 * (index + 1))),
  ],
  cells: Array.from({ length: 120 }, (_, index) => {
    const row = Math.floor(index / 10);
    const mean = row === 11 ? 812.5 : 0.1 + (row - 6) ** 2 / 40 + ((index % 10) - 4) ** 2 / 300;
    return cell(row, index % 10, mean, { n: 3, std: 0.01, interval: [mean - 0.02, mean + 0.02] });
  }),
};
