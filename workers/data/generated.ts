/** What a generator makes, and the permutations at its end, as scikit-learn does them. */

import type { GeneratorSource } from '../../src/definition/resolved.ts';
import type { RandomState } from '../random/mt19937.ts';

export type Arguments<Name extends GeneratorSource['generator']> = Omit<
  Extract<GeneratorSource, { generator: Name }>,
  'generator'
>;

export interface Generated {
  readonly rows: number;
  readonly width: number;
  /** [rows, width], row-major. */
  readonly features: Float64Array;
  /** [rows]: the class from 0, or the number. */
  readonly targets: Float64Array;
  /** 0 for a numeric target. */
  readonly classes: number;
}

export function permuteRows(data: Omit<Generated, 'classes'>, random: RandomState): Omit<Generated, 'classes'> {
  const { rows, width } = data;
  const order = random.permutation(rows);
  const features = new Float64Array(rows * width);
  const targets = new Float64Array(rows);
  order.forEach((from, to) => {
    features.set(data.features.subarray(from * width, (from + 1) * width), to * width);
    targets[to] = data.targets[from]!;
  });
  return { rows, width, features, targets };
}

/** Every row's columns in the same new order. */
export function permuteColumns(data: Omit<Generated, 'classes'>, random: RandomState): Omit<Generated, 'classes'> {
  const { width } = data;
  const order = random.permutation(width);
  const features = data.features.map((_, index) => {
    const column = index % width;
    return data.features[index - column + order[column]!]!;
  });
  return { ...data, features };
}
