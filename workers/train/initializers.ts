/** Initial weights, drawn in JavaScript so that every backend starts from the same bits. Semantics: Keras. Pure. */

import type { InitializerName, Kind } from '../../src/definition/resolved.ts';
import { PhiloxStream, streamKey } from '../random/philox.ts';
import type { Variable } from './parameters.ts';
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

/** Inputs of an output and outputs of an input. */
export type Fans = readonly [number, number];

/**
 * Values of a variable of `shape`, row-major; `fans` scale them.
 * Arguments: `value` (constant), `minval`, `maxval` (random_uniform), `mean`, `stddev` (the normals), `gain`
 * (orthogonal, identity: matrices whose columns are the last axis).
 */
export function initialValues(
  initializer: Kind<InitializerName>,
  shape: readonly number[],
  stream: PhiloxStream,
  fans = fansOf(shape),
): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const columns = shape.at(-1)!;
  switch (initializer.name) {
    case 'orthogonal':
      return orthogonal(size / columns, columns, argument(initializer, 'gain'), stream);
    case 'identity':
      return identity(size / columns, columns, argument(initializer, 'gain'));
    default:
      return Float32Array.from({ length: size }, sampler(initializer, fans, stream));
  }
}

/** Keras' rule: of a kernel [...pixels, inputs, outputs] every pixel counts; a vector has its length for both. */
export function fansOf(shape: readonly number[]): Fans {
  const [outputs = 1, inputs = outputs, ...pixels] = shape.toReversed();
  const field = pixels.reduce((product, length) => product * length, 1);
  return [inputs * field, outputs * field];
}

function argument(initializer: Kind<InitializerName>, name: string): number {
  const value = initializer[name];
  if (typeof value !== 'number') throw new Error(`the initializer ${initializer.name} has no number ${name}`);
  return value;
}

/** Draws one value after another. */
function sampler(initializer: Kind<InitializerName>, [fanIn, fanOut]: Fans, stream: PhiloxStream): () => number {
  const uniform = (low: number, high: number) => () => low + (high - low) * stream.uniform();
  const scaled = SCALED[initializer.name];
  if (scaled) {
    const variance = scaled.scale / (scaled.fan === 'in' ? fanIn : (fanIn + fanOut) / 2);
    if (scaled.distribution === 'normal') return truncated(0, Math.sqrt(variance) / TRUNCATED_STDDEV, stream);
    const limit = Math.sqrt(3 * variance);
    return uniform(-limit, limit);
  }
  const number = (name: string): number => argument(initializer, name);
  switch (initializer.name) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => number('value');
    case 'random_uniform':
      return uniform(number('minval'), number('maxval'));
    case 'random_normal':
      return () => number('mean') + number('stddev') * stream.normal();
    case 'truncated_normal':
      return truncated(number('mean'), number('stddev'), stream);
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

/**
 * gain * Q of the QR decomposition of a normal matrix with at least as many rows as columns, transposed where more
 * columns are wanted. Signs are such that R has a positive diagonal: then Q is uniform, and Gram-Schmidt gives it.
 * Source: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks".
 */
function orthogonal(rows: number, columns: number, gain: number, stream: PhiloxStream): Float32Array {
  const tall = rows >= columns;
  const length = Math.max(rows, columns);
  const vectors = Array.from({ length: Math.min(rows, columns) }, () => new Float64Array(length));
  for (let i = 0; i < length; i += 1) for (const vector of vectors) vector[i] = stream.normal();
  orthonormalize(vectors);
  const values = new Float32Array(rows * columns);
  vectors.forEach((vector, j) => {
    for (let i = 0; i < length; i += 1) values[tall ? i * columns + j : j * columns + i] = gain * vector[i]!;
  });
  return values;
}

/** Gram-Schmidt, in place; twice for each vector, which makes it orthogonal to the last digits. */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, index) => {
    for (let pass = 0; pass < 2; pass += 1) {
      for (const before of vectors.slice(0, index)) {
        const along = inner(vector, before);
        for (let i = 0; i < vector.length; i += 1) vector[i]! -= along * before[i]!;
      }
    }
    const norm = Math.sqrt(inner(vector, vector));
    for (let i = 0; i < vector.length; i += 1) vector[i]! /= norm;
  });
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

/** `gain` on the diagonal, 0 elsewhere. */
function identity(rows: number, columns: number, gain: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => (Math.floor(i / columns) === i % columns ? gain : 0));
}

/** The initial values of one variable of a trial; replicate and place decide them, not the config. */
export function initialVariable(task: TrialTask, { name, shape, fans }: Variable): Float32Array {
  const [, layer, variable] = name.split('.');
  // Of a normalization.
  if (variable === 'gamma' || variable === 'beta')
    return new Float32Array(shape.at(-1)!).fill(variable === 'gamma' ? 1 : 0);
  const initializers = task.initializers[Number(layer)];
  if (!initializers) throw new Error(`the trial has no initializer for ${name}`);
  const stream = new PhiloxStream(streamKey(task.seed, 'weights', task.replicate, name));
  if (variable === 'kernel') return initialValues(initializers.kernel, shape, stream, fans);
  // A bias is a vector, stored as a row.
  return initialValues(initializers.bias, shape, stream, fansOf(shape.slice(-1)));
}
