/** What the results say about each config by itself. Pure. */

import type { AnalysisInput, ConfigRow } from './analysis-rows.ts';
import type { Summary } from './objectives.ts';
import { shareInterval } from './share.ts';
import { meanInterval } from './student.ts';

/**
 * Of the configs that have a result.
 * @param summaries by ordinal @param tied by ordinal, as far as that can be said
 */
export function configRows(
  { folds, measure }: AnalysisInput,
  summaries: readonly Summary[],
  tied: ReadonlyMap<number, boolean>,
): ConfigRow[] {
  return summaries.flatMap(({ n, mean, std }, config): ConfigRow[] => {
    if (n === 0) return [];
    const rows = measure.isShare ? (measure.rows[config] ?? null) : null;
    return [
      {
        config,
        n,
        interval: meanInterval(mean, std, n, folds),
        rows_interval: rows === null || rows < 1 ? null : shareInterval(mean, rows),
        tied: tied.get(config) ?? null,
      },
    ];
  });
}
