/** Two classes, each of two Gaussian clusters at corners of a hypercube: scikit-learn's `make_classification`. */

import { RandomState } from '../random/mt19937.ts';
import { permuteColumns, permuteRows, type Arguments, type Generated } from './generated.ts';

const CLASSES = 2;
const CLUSTERS = 4;
/** Share of rows whose label is drawn anew: scikit-learn's default, as is the hypercube from -1 to 1. */
const FLIPPED = 0.01;
/** A corner is drawn as one number of at most so many bits; further coordinates are drawn one by one. */
const CORNER_BITS = 30;

/** Columns: first the informative, then linear combinations of them, then noise; at the end in random order. */
export function classification(source: Arguments<'classification'>): Generated {
  const { samples, features: width, informative, redundant, seed } = source;
  const random = new RandomState(seed);
  const corners = cornersOf(informative, random);
  const drawn = Array.from({ length: samples }, () => normals(informative, random));
  const targets = new Float64Array(samples);
  const rows: Float64Array[] = [];
  for (const [cluster, corner] of corners.entries()) {
    const covariance = symmetricUniforms(informative, informative, random);
    for (let count = clusterSize(samples, cluster); count > 0; count -= 1) {
      targets[rows.length] = cluster % CLASSES;
      rows.push(times(drawn[rows.length]!, covariance).map((value, column) => value + corner[column]!));
    }
  }
  // Without such columns nothing is drawn, which the draws below depend on.
  const combination = symmetricUniforms(informative, redundant, random);
  const combined = rows.map((row) => times(row, combination));
  const noise = rows.map(() => normals(width - informative - redundant, random));
  flipLabels(targets, random);
  const features = new Float64Array(samples * width);
  rows.forEach((row, index) => features.set([...row, ...combined[index]!, ...noise[index]!], index * width));
  const permuted = permuteRows({ rows: samples, width, features, targets }, random);
  return { ...permuteColumns(permuted, random), classes: CLASSES };
}

/** Clusters are filled evenly, the first ones with what is left over. */
function clusterSize(samples: number, cluster: number): number {
  return Math.floor(samples / CLUSTERS) + (cluster < samples % CLUSTERS ? 1 : 0);
}

/** A corner per cluster, all different, each coordinate -1 or 1. */
function cornersOf(dimensions: number, random: RandomState): number[][] {
  const further = Math.max(0, dimensions - CORNER_BITS);
  const firsts = Array.from({ length: CLUSTERS }, () => Array.from({ length: further }, () => random.integer(1)));
  const bits = dimensions - further;
  return distinctIntegers(2 ** bits, CLUSTERS, random).map((number, cluster) => {
    const lasts = Array.from({ length: bits }, (_, bit) => (number >>> (bits - 1 - bit)) & 1);
    return [...firsts[cluster]!, ...lasts].map((coordinate) => 2 * coordinate - 1);
  });
}

/** Of the integers below `population`, drawn as scikit-learn's `sample_without_replacement` does. */
function distinctIntegers(population: number, count: number, random: RandomState): number[] {
  const ratio = count / population;
  // Here the reservoir that scikit-learn fills is the whole population.
  if (ratio > 0.99) return Array.from({ length: count }, (_, index) => index);
  if (ratio > 0.01) return [...random.permutation(population).subarray(0, count)];
  const selected = new Set<number>();
  while (selected.size < count) selected.add(random.integer(population - 1));
  return [...selected];
}

function flipLabels(targets: Float64Array, random: RandomState): void {
  const flipped = Array.from(targets, () => random.randomSample() < FLIPPED);
  flipped.forEach((isFlipped, row) => {
    if (isFlipped) targets[row] = random.integer(CLASSES - 1);
  });
}

function normals(count: number, random: RandomState): Float64Array {
  return Float64Array.from({ length: count }, () => random.standardNormal());
}

/** [rows][columns], uniform in [-1, 1). */
function symmetricUniforms(rows: number, columns: number, random: RandomState): Float64Array[] {
  return Array.from({ length: rows }, () =>
    Float64Array.from({ length: columns }, () => 2 * random.randomSample() - 1),
  );
}

/** A row times a matrix. */
function times(row: Float64Array, matrix: readonly Float64Array[]): Float64Array {
  const columns = matrix[0]?.length ?? 0;
  return Float64Array.from({ length: columns }, (_, column) =>
    row.reduce((sum, value, index) => sum + value * matrix[index]![column]!, 0),
  );
}
