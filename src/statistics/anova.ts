/**
 * Analysis of variance of a complete grid: what each parameter, and each two beyond what they do alone, explain of the
 * variance between configs. In a balanced grid these parts add up, and are the same by type I, II and III; what is left
 * to 1 is due to three or more parameters together. Pure.
 *
 * Replicates are blocks, since they share their seeds. Noise is what neither configs nor replicates explain, with
 * (configs - 1) (replicates - 1) degrees of freedom: interactions of three parameters are no noise.
 */

import type { ImportanceRow } from './analysis-rows.ts';
import type { BalancedResults } from './balanced.ts';
import type { Grid } from './grid.ts';
import { holm } from './holm.ts';
import { residualSquares, rowMeans } from './two-way.ts';
import { upperTailF, varianceOfMean } from './student.ts';
import { isOnlyRounding } from './zero-variance.ts';

interface Term {
  readonly parameter: string;
  readonly with: string | null;
  readonly df: number;
  /** Sum of squares of the configs' means that it explains. */
  readonly squares: number;
}

/**
 * Nothing where all configs are alike.
 * @param results of the grid's configs, in its order
 */
export function anova(grid: Grid, results: BalancedResults, folds: number | null): ImportanceRow[] {
  const means = rowMeans(results);
  const centre = means.reduce((sum, mean) => sum + mean / means.length, 0);
  const deviations = means.map((mean) => mean - centre);
  const total = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0);
  if (isOnlyRounding(Math.sqrt(total / means.length), Math.abs(centre))) return [];
  const terms = termsOf(grid, deviations);
  const noise = noiseOf(results, means, folds);
  const dfError = (means.length - 1) * (results.replicates - 1);
  const ratios = terms.map(({ squares, df }) => (noise === null ? null : squares / df / noise));
  const pValues = ratios.map((f, index) => (f === null ? NaN : upperTailF(f, terms[index]!.df, dfError)));
  const adjusted = holm(Float64Array.from(pValues));
  return terms.map(({ parameter, with: other, df, squares }, index) => ({
    parameter,
    with: other,
    share: Math.min(1, squares / total),
    method: 'anova',
    f: ratios[index]!,
    df,
    df_error: noise === null ? null : dfError,
    p_value: noise === null ? null : pValues[index]!,
    p_adjusted: noise === null ? null : adjusted[index]!,
  }));
}

/** Parameters alone, then every two. @param deviations of the configs' means from the mean of all */
function termsOf({ axes }: Grid, deviations: Float64Array): Term[] {
  const alone = axes.map(({ levels, levelOf }) => levelMeans(deviations, levelOf, levels));
  const mains = axes.map(({ parameter, levels, levelOf }, axis) => ({
    parameter,
    with: null,
    df: levels - 1,
    squares: sumOver(levelOf, (level) => alone[axis]![level]! ** 2),
  }));
  const pairs = axes.flatMap((first, a) =>
    axes.slice(a + 1).map((second, offset) => {
      const b = a + 1 + offset;
      const cellOf = first.levelOf.map((level, config) => level * second.levels + second.levelOf[config]!);
      const together = levelMeans(deviations, cellOf, first.levels * second.levels);
      const beyond = together.map(
        (mean, cell) => mean - alone[a]![Math.floor(cell / second.levels)]! - alone[b]![cell % second.levels]!,
      );
      return {
        parameter: first.parameter,
        with: second.parameter,
        df: (first.levels - 1) * (second.levels - 1),
        squares: sumOver(cellOf, (cell) => beyond[cell]! ** 2),
      };
    }),
  );
  return [...mains, ...pairs];
}

/** Each level is that of equally many configs. */
function levelMeans(deviations: Float64Array, levelOf: Int32Array, levels: number): Float64Array {
  const means = new Float64Array(levels);
  for (const [config, level] of levelOf.entries()) means[level]! += (deviations[config]! * levels) / deviations.length;
  return means;
}

function sumOver(levelOf: Int32Array, squareOf: (level: number) => number): number {
  return levelOf.reduce((sum, level) => sum + squareOf(level), 0);
}

/** Variance of a config's mean over replicates; null where it cannot be known. */
function noiseOf(results: BalancedResults, means: Float64Array, folds: number | null): number | null {
  const { configs, replicates } = results;
  if (replicates < 2) return null;
  const df = (configs.length - 1) * (replicates - 1);
  const variance = residualSquares(results, means, [...means.keys()]) / df;
  const size = means.reduce((largest, mean) => Math.max(largest, Math.abs(mean)), 0);
  return isOnlyRounding(Math.sqrt(variance), size) ? null : variance * varianceOfMean(replicates, folds);
}
