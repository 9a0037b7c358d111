/** Initial weights, drawn in JavaScript so that every backend starts from the same bits. Semantics: Keras. Pure. */

import type { InitializerName, Kind } from '../../src/definition/resolved.ts';
import { PhiloxStream, streamKey } from '../random/philox.ts';
import type { VariableShape } from './network.ts';
import type { TrialTask } from './program.ts';

/** Standard deviation of a standard normal cut off at 2: Keras divides by it, so that the result has the one asked for. */
const TRUNCATED_STDDEV = 0.8796256610342398;

/** Keras' VarianceScaling family: variance = scale / fan. */
const SCALED: Readonly<
  Partial<Record<InitializerName, { fan: 'in' | 'average'; scale: number; distribution: 'uniform' | 'normal' }>>
> = {
  glorot_uniform: { fan: 'average', scale: 1, distribution: 'uniform' },
  glorot_normal: { fan: 'average', scale: 1, distribution: 'normal' },
  he_uniform: { fan: 'in', scale: 2, distribution: 'uniform' },
  he_normal: { fan: 'in', scale: 2, distribution: 'normal' },
  lecun_uniform: { fan: 'in', scale: 1, distribution: 'uniform' },
  lecun_normal: { fan: 'in', scale: 1, distribution: 'normal' },
};

/**
 * Values of a variable of `shape`, row-major; `fans` [in, out] scale them, for a kernel its shape.
 * Arguments: `value` (constant), `minval`, `maxval` (random_uniform), `mean`, `stddev` (the normals).
 */
export function initialValues(
  initializer: Kind<InitializerName>,
  shape: readonly [number, number],
  stream: PhiloxStream,
  fans = shape,
): Float32Array {
  const draw = sampler(initializer, ...fans, stream);
  return Float32Array.from({ length: shape[0] * shape[1] }, draw);
}

function sampler(
  initializer: Kind<InitializerName>,
  fanIn: number,
  fanOut: number,
  stream: PhiloxStream,
): () => number {
  const argument = (name: string): number => {
    const value = initializer[name];
    if (typeof value !== 'number') throw new Error(`the initializer ${initializer.name} has no number ${name}`);
    return value;
  };
  const uniform = (low: number, high: number) => () => low + (high - low) * stream.uniform();
  const scaled = SCALED[initializer.name];
  if (scaled) {
    const variance = scaled.scale / (scaled.fan === 'in' ? fanIn : (fanIn + fanOut) / 2);
    if (scaled.distribution === 'normal') return truncated(0, Math.sqrt(variance) / TRUNCATED_STDDEV, stream);
    const limit = Math.sqrt(3 * variance);
    return uniform(-limit, limit);
  }
  switch (initializer.name) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => argument('value');
    case 'random_uniform':
      return uniform(argument('minval'), argument('maxval'));
    case 'random_normal':
      return () => argument('mean') + argument('stddev') * stream.normal();
    case 'truncated_normal':
      return truncated(argument('mean'), argument('stddev'), stream);
    default:
      throw new Error(`unknown initializer ${initializer.name}`);
  }
}

/** Normal numbers, drawn again beyond two standard deviations. */
function truncated(mean: number, stddev: number, stream: PhiloxStream): () => number {
  return () => {
    for (;;) {
      const value = stream.normal();
      if (Math.abs(value) <= 2) return mean + stddev * value;
    }
  };
}

/** The initial values of one variable of a trial; replicate and place decide them, not the config. */
export function initialVariable(task: TrialTask, { name, shape }: VariableShape): Float32Array {
  const [, layer, variable] = name.split('.');
  const initializers = task.initializers[Number(layer)];
  if (!initializers) throw new Error(`the trial has no initializer for ${name}`);
  const stream = new PhiloxStream(streamKey(task.seed, 'weights', task.replicate, name));
  if (variable === 'kernel') return initialValues(initializers.kernel, shape, stream);
  // Keras takes the units of a bias for both its fans.
  const [, units] = shape;
  return initialValues(initializers.bias, shape, stream, [units, units]);
}
