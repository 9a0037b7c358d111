/** What the leaderboard shows of each config against the baseline. Pure. */

import type { Analysis, ComparisonRow } from '../statistics/analysis-rows.ts';

/**
 * By ordinal. Of the best config more may be known than of others: where only the comparison with the best tells it from the
 * baseline, that one is shown, seen from the other side, so that the table says what the verdict says.
 */
export function againstBaseline({ best, comparisons }: Analysis): ReadonlyMap<number, ComparisonRow> {
  const rows = new Map(
    comparisons.filter(({ reference }) => reference === 'baseline').map((row) => [row.config, row] as const),
  );
  const planned = best === null ? undefined : rows.get(best);
  if (!planned || planned.conclusion === 'better') return rows;
  const found = comparisons.find(
    ({ reference, config, other }) => reference === 'best' && config === planned.other && other === planned.config,
  );
  if (found?.conclusion === 'worse') rows.set(planned.config, turned(found));
  return rows;
}

/** The same comparison as one of the reference. */
function turned(row: ComparisonRow): ComparisonRow {
  const { config, other, difference, interval, effect_size } = row;
  return {
    ...row,
    config: other,
    other: config,
    difference: -difference,
    interval: interval && [-interval[1], -interval[0]],
    effect_size: effect_size === null ? null : -effect_size,
    conclusion: 'better',
  };
}
