/** Initializers of tf.layers that draw from a generator of their own, as what ours draws from a trial's stream. Pure. */

import type { InitializerName, Kind } from '../../../src/definition/resolved.ts';

/** Values to be drawn for each trial anew: the same distribution as the initializer's, which is not always Keras'. */
export interface Drawn {
  readonly initializer: Kind<InitializerName>;
}

interface Arguments {
  readonly minval?: number;
  readonly maxval?: number;
  readonly mean?: number;
  readonly stddev?: number;
  readonly gain?: number;
  readonly scale?: number;
  readonly mode?: 'fanIn' | 'fanOut' | 'fanAvg';
  readonly distribution?: 'uniform' | 'normal';
  readonly seed?: number | null;
  getClassName?(): string;
}

/** Undefined for an initializer whose values are its own: constants, and what has a seed. */
export function drawnBy(initializer: object, shape: readonly number[]): Drawn | undefined {
  const given = initializer as Arguments;
  if (given.seed !== undefined && given.seed !== null) return undefined;
  switch (given.getClassName?.()) {
    case 'RandomUniform':
      return { initializer: { name: 'random_uniform', minval: given.minval!, maxval: given.maxval! } };
    case 'RandomNormal':
      return { initializer: { name: 'random_normal', mean: given.mean!, stddev: given.stddev! } };
    case 'TruncatedNormal':
      return { initializer: { name: 'truncated_normal', mean: given.mean!, stddev: given.stddev! } };
    case 'Orthogonal':
      return { initializer: { name: 'orthogonal', gain: given.gain! } };
    case 'VarianceScaling':
      return { initializer: scaled(given, shape) };
    default:
      return undefined;
  }
}

/** All Glorot, He and LeCun initializers, too. Unlike Keras, tf.layers does not make up for the normal's cut-off tails. */
function scaled({ scale, mode, distribution }: Arguments, shape: readonly number[]): Kind<InitializerName> {
  const [fanIn, fanOut] = fans(shape);
  const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode!];
  const variance = scale! / Math.max(1, fan);
  if (distribution === 'normal') return { name: 'truncated_normal', mean: 0, stddev: Math.sqrt(variance) };
  const limit = Math.sqrt(3 * variance);
  return { name: 'random_uniform', minval: -limit, maxval: limit };
}

function fans(shape: readonly number[]): readonly [number, number] {
  const size = (lengths: readonly number[]): number => lengths.reduce((product, length) => product * length, 1);
  if (shape.length < 2 || shape.length > 5) return [Math.sqrt(size(shape)), Math.sqrt(size(shape))];
  const field = size(shape.slice(0, -2));
  return [field * shape.at(-2)!, field * shape.at(-1)!];
}
