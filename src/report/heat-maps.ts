/** Two parameters at a time against the objective: the pairs that explain most of it. Pure. */

import type { ConfigResult } from '../../db/read-results.ts';
import { compareCells } from '../dashboard/answers/compare-cells.ts';
import { levelsOf, writtenValues } from '../statistics/levels.ts';
import type { Params } from '../definition/resolved.ts';
import type { ImportanceRow } from '../statistics/analysis-rows.ts';
import { rounded } from './digits.ts';
import type { HeatMap } from './report-data.ts';

const MOST_MAPS = 6;

export interface Searched {
  readonly parameters: readonly string[];
  /** By ordinal. */
  readonly params: readonly Params[];
  /** As it was written and stored. */
  readonly definition: unknown;
}

/** Those of the pairs that matter most first; where importance says nothing, in the definition's order. */
export function heatMaps(
  searched: Searched,
  results: readonly ConfigResult[],
  importance: readonly ImportanceRow[],
): HeatMap[] {
  const { parameters, params, definition } = searched;
  const levels = new Map(
    parameters.map((name) => [name, levelsOf(name, params, writtenValues(definition, name), 'grid')] as const),
  );
  return pairsOf(parameters.filter((name) => levels.get(name)!.levels.length > 1))
    .map((pair) => ({ pair, weight: weightOf(pair, importance) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_MAPS)
    .map(({ pair: [x, y] }) => {
      const [across, up] = [levels.get(x)!, levels.get(y)!];
      return {
        x,
        y,
        x_labels: across.levels.map(({ label }) => label),
        y_labels: up.levels.map(({ label }) => label),
        cells: compareCells(results, across.levelOf, up.levelOf).map(({ first, second, mean, n }) => ({
          x: first,
          y: second,
          mean: rounded(mean)!,
          n,
        })),
      };
    });
}

function pairsOf(names: readonly string[]): (readonly [string, string])[] {
  return names.flatMap((x, index) => names.slice(index + 1).map((y) => [x, y] as const));
}

/** The share of the variance that the two explain, alone and together. */
function weightOf(pair: readonly [string, string], importance: readonly ImportanceRow[]): number {
  return importance
    .filter(({ parameter, with: other }) => pair.includes(parameter) && (other === null || pair.includes(other)))
    .reduce((sum, { share }) => sum + share, 0);
}
