/** The results of each level of a parameter, or of each pair of levels of two. Pure. */

import type { ConfigResult } from '../../../db/read-results.ts';
import { meanInterval } from '../../statistics/student.ts';
import type { CompareCell } from '../queries.ts';

/**
 * The objective over all completed trials of each level, or of each pair of levels; only where there are some.
 * @param results of the configs that have one
 */
export function compareCells(
  results: readonly ConfigResult[],
  first: readonly number[],
  second?: readonly number[],
): CompareCell[] {
  const groups = new Map<
    string,
    { readonly first: number; readonly second: number; readonly results: ConfigResult[] }
  >();
  for (const result of results) {
    const cell = { first: first[result.config]!, second: second?.[result.config] ?? 0 };
    const key = `${cell.first} ${cell.second}`;
    const group = groups.get(key);
    if (group) group.results.push(result);
    else groups.set(key, { ...cell, results: [result] });
  }
  return [...groups.values()]
    .sort((a, b) => a.first - b.first || a.second - b.second)
    .map(({ results: members, ...place }) => {
      const summary = pooled(members);
      return { ...place, ...summary, interval: meanInterval(summary.mean, summary.std, summary.n) };
    });
}

/** Number, mean and standard deviation of all trials of some configs, from those of each. */
function pooled(results: readonly ConfigResult[]): Pick<CompareCell, 'n' | 'mean' | 'std'> {
  const n = results.reduce((sum, each) => sum + each.n, 0);
  const mean = results.reduce((sum, each) => sum + each.n * each.mean, 0) / n;
  const squares = results.reduce(
    (sum, each) => sum + (each.n - 1) * (each.std ?? 0) ** 2 + each.n * (each.mean - mean) ** 2,
    0,
  );
  return { n, mean, std: n > 1 ? Math.sqrt(squares / (n - 1)) : null };
}
