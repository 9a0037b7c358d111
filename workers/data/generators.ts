/** Synthetic data sets, row for row those of scikit-learn 1.2 with the same arguments and seed. */

import { RandomState } from '../random/mt19937.ts';
import type { GeneratorSource } from '../../src/definition/resolved.ts';
import { classification } from './classification.ts';
import { permuteColumns, permuteRows, type Arguments, type Generated } from './generated.ts';

export function generate(source: GeneratorSource): Generated {
  switch (source.generator) {
    case 'moons':
      return moons(source);
    case 'circles':
      return circles(source);
    case 'blobs':
      return blobs(source);
    case 'classification':
      return classification(source);
    case 'regression':
      return regression(source);
  }
}

/** Two interleaving half circles: `make_moons`. */
function moons({ samples, noise, seed }: Arguments<'moons'>): Generated {
  const random = new RandomState(seed);
  const outer = Math.floor(samples / 2);
  const point = (row: number): [number, number] => {
    const count = row < outer ? outer : samples - outer;
    const angle = spaced(Math.PI, count, row < outer ? row : row - outer);
    return row < outer ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 1 - Math.sin(angle) - 0.5];
  };
  return twoCurves(samples, outer, point, noise, random);
}

/** A circle of radius 1 (class 0) around one of radius `factor` (class 1): `make_circles`. */
function circles({ samples, noise, factor, seed }: Arguments<'circles'>): Generated {
  const random = new RandomState(seed);
  const outer = Math.floor(samples / 2);
  const point = (row: number): [number, number] => {
    const inside = row >= outer;
    const angle = (inside ? row - outer : row) * ((2 * Math.PI) / (inside ? samples - outer : outer));
    const radius = inside ? factor : 1;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  };
  return twoCurves(samples, outer, point, noise, random);
}

/** Isotropic Gaussian clusters around centres drawn from [-10, 10]: `make_blobs`. */
function blobs({ samples, features: width, centers, std, seed }: Arguments<'blobs'>): Generated {
  const random = new RandomState(seed);
  const centres = Float64Array.from({ length: centers * width }, () => random.uniform(-10, 10));
  const features = new Float64Array(samples * width);
  const targets = new Float64Array(samples);
  const [size, larger] = [Math.floor(samples / centers), samples % centers];
  for (let centre = 0, row = 0; centre < centers; centre++) {
    const end = row + size + (centre < larger ? 1 : 0);
    for (; row < end; row++) {
      targets[row] = centre;
      for (let column = 0; column < width; column++) {
        features[row * width + column] = random.normal(centres[centre * width + column]!, std);
      }
    }
  }
  return { ...permuteRows({ rows: samples, width, features, targets }, random), classes: centers };
}

/** A linear target of `informative` of the Gaussian features, plus noise: `make_regression`. */
function regression(source: Arguments<'regression'>): Generated {
  const { samples, features: width, noise, seed } = source;
  const random = new RandomState(seed);
  const drawn = Float64Array.from({ length: samples * width }, () => random.standardNormal());
  const weights = Float64Array.from({ length: Math.min(width, source.informative) }, () => 100 * random.uniform(0, 1));
  const targets = new Float64Array(samples);
  for (let row = 0; row < samples; row++) {
    targets[row] = weights.reduce((sum, weight, column) => sum + weight * drawn[row * width + column]!, 0);
  }
  // As scikit-learn: no noise draws nothing, which the permutations below depend on.
  if (noise > 0) for (let row = 0; row < samples; row++) targets[row] = targets[row]! + random.normal(0, noise);
  const permuted = permuteRows({ rows: samples, width, features: drawn, targets }, random);
  return { ...permuteColumns(permuted, random), classes: 0 };
}

function twoCurves(
  rows: number,
  firstRows: number,
  point: (row: number) => [number, number],
  noise: number,
  random: RandomState,
): Generated {
  const features = new Float64Array(rows * 2);
  const targets = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    features.set(point(row), row * 2);
    targets[row] = row < firstRows ? 0 : 1;
  }
  const permuted = permuteRows({ rows, width: 2, features, targets }, random);
  return { ...permuted, features: permuted.features.map((value) => value + random.normal(0, noise)), classes: 2 };
}

/** The `index`-th of `count` evenly spaced numbers from 0 to `end`, both included. */
function spaced(end: number, count: number, index: number): number {
  return index === count - 1 && count > 1 ? end : index * (end / Math.max(1, count - 1));
}
