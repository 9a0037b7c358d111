/** Shades of a heat map by rank, so that a single terrible cell does not make all others look the same. Pure. */

import type { CompareCell } from '../queries.ts';
import { byMerit, type Comparison } from './comparison.ts';

/** Shades of a heat map, the fullest for the best quarter of the cells. */
export const SHADES = 4;

export interface Shade {
  /** From 0, the lightest, to `SHADES - 1`. */
  readonly level: number;
  /** The means that it stands for. */
  readonly best: number;
  readonly worst: number;
}

/** The shades that occur, the fullest first, and that of each cell; equal means have equal shades. */
export function shadesOf(comparison: Comparison): {
  readonly legend: readonly Shade[];
  readonly shadeOf: (cell: CompareCell) => number;
} {
  const ordered = comparison.cells.toSorted(byMerit(comparison));
  const shadeByMean = new Map<number, number>();
  ordered.forEach(({ mean }, better) => {
    if (!shadeByMean.has(mean)) shadeByMean.set(mean, SHADES - 1 - Math.floor((SHADES * better) / ordered.length));
  });
  const shadeOf = ({ mean }: CompareCell): number => shadeByMean.get(mean) ?? 0;
  const legend = [...new Set(ordered.map(shadeOf))].map((level) => {
    const means = ordered.filter((cell) => shadeOf(cell) === level).map(({ mean }) => mean);
    return { level, best: means[0] ?? NaN, worst: means.at(-1) ?? NaN };
  });
  return { legend, shadeOf };
}
