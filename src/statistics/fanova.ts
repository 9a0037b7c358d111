/**
 * Functional analysis of variance: what each parameter, and each two beyond what they do alone, explain of how the
 * objective varies over the whole space, as far as a forest of regression trees has learnt it from any set of configs.
 * Pure.
 *
 * A tree divides the space into boxes, so that its mean over all other parameters is a sum over boxes, without
 * sampling. The space is the product of how often the configs have each value: a logarithmic range counts as it was
 * sampled. A parameter that a config does not reach has a place of its own on its scale; numbers keep their order,
 * names are ordered by their means.
 * Source: Hutter, Hoos, Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014.
 */

import { philox4x32, streamKey } from '../../workers/random/philox.ts';
import type { Params } from '../definition/resolved.ts';
import type { ImportanceRow } from './analysis-rows.ts';
import { BoxVariances, type VarianceShares } from './box-variances.ts';
import { levelsOf } from './levels.ts';
import { growTree, type Sample } from './tree.ts';

const TREES = 64;
/** Rows that a tree is grown on at most, drawn with replacement: bounds the time whatever the number of configs. */
const MOST_ROWS = 2048;
const LEAST_ROWS = 2;
/** From fewer configs a forest learns nothing. */
const LEAST_CONFIGS = 10;

export interface FanovaInput {
  readonly parameters: readonly string[];
  readonly written: Readonly<Record<string, readonly unknown[]>>;
  /** Of some configs, with the mean of each one's results. */
  readonly params: readonly Params[];
  readonly means: Float64Array;
}

/** The same for the same input always. Nothing where there are few configs, or all are alike. */
export function fanova({ parameters, written, params, means }: FanovaInput): ImportanceRow[] {
  if (means.length < LEAST_CONFIGS) return [];
  const scales = parameters
    .map((parameter) => ({ parameter, ...scaleOf(parameter, params, written[parameter] ?? [], means) }))
    .filter(({ size }) => size > 1);
  if (scales.length === 0) return [];
  const centre = means.reduce((sum, mean) => sum + mean / means.length, 0);
  const sample: Sample = {
    places: scales.map(({ places }) => places),
    sizes: scales.map(({ size }) => size),
    response: means.map((mean) => mean - centre),
  };
  const weights = scales.map(weightsOf);
  const sums = emptyShares(scales.length);
  let trees = 0;
  for (let tree = 0; tree < TREES; tree += 1) {
    const variances = new BoxVariances(weights);
    growTree(sample, drawnRows(tree, means.length), LEAST_ROWS, (low, high, value) => variances.add(low, high, value));
    const shares = variances.shares();
    if (!shares) continue;
    trees += 1;
    for (const [index, share] of shares.alone.entries()) sums.alone[index]! += share;
    for (const [index, share] of shares.pairs.entries()) sums.pairs[index]! += share;
  }
  return trees === 0
    ? []
    : rowsOf(
        scales.map(({ parameter }) => parameter),
        sums,
        trees,
      );
}

function emptyShares(parameters: number): VarianceShares {
  return { alone: new Float64Array(parameters), pairs: new Float64Array((parameters * (parameters - 1)) / 2) };
}

/** Parameters alone, then every two. */
function rowsOf(parameters: readonly string[], { alone, pairs }: VarianceShares, trees: number): ImportanceRow[] {
  const names: (readonly [string, string | null])[] = [
    ...parameters.map((parameter) => [parameter, null] as const),
    ...parameters.flatMap((first, index) => parameters.slice(index + 1).map((second) => [first, second] as const)),
  ];
  const none = { f: null, df: null, df_error: null, p_value: null, p_adjusted: null };
  return names.map(([parameter, other], index) => {
    const sum = other === null ? alone[index]! : pairs[index - alone.length]!;
    return { parameter, with: other, share: sum / trees, method: 'fanova', ...none };
  });
}

interface Scale {
  readonly size: number;
  /** By config. */
  readonly places: Uint16Array;
}

function scaleOf(
  parameter: string,
  params: readonly Params[],
  written: readonly unknown[],
  means: Float64Array,
): Scale {
  const { levels, levelOf } = levelsOf(parameter, params, written, 'tree');
  const sums = new Float64Array(levels.length);
  const counts = new Float64Array(levels.length);
  for (const [config, level] of levelOf.entries()) {
    sums[level]! += means[config]!;
    counts[level]! += 1;
  }
  const order = [...levels.keys()];
  // Ordered by their means, names are divided as well by one cut as by any choice of them (Breiman and others, 1984, 8.8).
  const names = order.filter((level) => levels[level]!.position === null);
  names.sort((a, b) => sums[a]! / counts[a]! - sums[b]! / counts[b]!);
  const placeOf = new Map(
    [...order.filter((level) => levels[level]!.position !== null), ...names].map((level, place) => [level, place]),
  );
  return { size: levels.length, places: Uint16Array.from(levelOf, (level) => placeOf.get(level)!) };
}

function weightsOf({ places, size }: Scale): Float64Array {
  const weights = new Float64Array(size);
  for (const place of places) weights[place]! += 1 / places.length;
  return weights;
}

const KEY = streamKey('fanova');

/** Drawn with replacement: the same for the same tree and count always. */
function drawnRows(tree: number, count: number): Int32Array {
  const words = new Uint32Array(4);
  return Int32Array.from({ length: Math.min(count, MOST_ROWS) }, (_, index) => {
    if (index % 4 === 0) philox4x32([index / 4, tree, 0, 0], KEY, words);
    return Math.floor((words[index % 4]! / 2 ** 32) * count);
  });
}
