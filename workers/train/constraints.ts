/** Constraints on kernels, applied after every update. Semantics: Keras; a norm is of one unit's or filter's weights. */

import * as tf from '@tensorflow/tfjs-core';
import type { Conv2dProgram, WeightedProgram } from './program.ts';
import { named, rowSum, type Tensor, type Tensors } from './tensors.ts';

/**
 * The kernel as its constraint wants it, of the same shape.
 * @param kernel [K, inputs, units], of a convolution [K, height * width * channels, filters]
 * @param hyper `<place>.constraint.max_value`, `.min_value`, `.rate`, as far as the constraint has them
 */
export function constrain(layer: WeightedProgram, place: string, kernel: Tensor, hyper: Tensors): Tensor {
  const argument = (name: string): Tensor => named(hyper, `${place}.constraint.${name}`);
  switch (layer.constraint) {
    case null:
      return kernel;
    case 'non_neg':
      // A product, not a maximum: NaN stays NaN, so that divergence is seen.
      return tf.mul(kernel, tf.cast(tf.greaterEqual(kernel, named(hyper, 'zero')), 'float32'));
    case 'unit_norm':
      return scaled(kernel, hyper, () => named(hyper, 'one'));
    case 'max_norm':
      return scaled(kernel, hyper, (norm) => tf.minimum(norm, argument('max_value')));
    case 'min_max_norm':
      return scaled(kernel, hyper, (norm) => {
        const rate = argument('rate');
        const within = tf.minimum(tf.maximum(norm, argument('min_value')), argument('max_value'));
        return tf.add(tf.mul(rate, within), tf.mul(tf.sub(named(hyper, 'one'), rate), norm));
      });
    case 'radial':
      if (layer.type !== 'conv2d') throw new Error('only the kernel of a convolution has rings');
      return radial(layer, kernel);
  }
}

/** w * wanted(norm) / (epsilon + norm), the norm that of each column; [K, 1, units]. */
function scaled(kernel: Tensor, hyper: Tensors, wanted: (norm: Tensor) => Tensor): Tensor {
  const ones = tf.broadcastTo(named(hyper, 'one'), [1, 1, kernel.shape[1]!]);
  const norm = tf.sqrt(rowSum(ones, tf.square(kernel)));
  return tf.mul(kernel, tf.div(wanted(norm), tf.add(named(hyper, 'epsilon'), norm)));
}

/** Every ring around the middle of a square kernel takes one value, which stands on the diagonal. */
function radial(layer: Conv2dProgram, kernel: Tensor): Tensor {
  const [size] = layer.kernel_size;
  const pixels = tf.reshape(kernel, [kernel.shape[0]!, size * size, -1]);
  return tf.reshape(tf.gather(pixels, tf.tensor1d(ringSources(size), 'int32'), 1), kernel.shape);
}

/**
 * For each pixel of a size * size kernel, row by row, the pixel whose value it takes. Source: `RadialConstraint` of
 * Keras 2.15, which numbers the diagonal by one too few in the middle: its ring r holds the value of place
 * start + r - 1 (odd sizes) or start + r (even ones), and the innermost that of start - 1.
 */
function ringSources(size: number): number[] {
  const start = Math.floor(size / 2);
  const first = Math.max(0, start - 1);
  const odd = size % 2;
  return Array.from({ length: size * size }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / size), pixel % size];
    const distance = (at: number): number => (at >= start ? at - start : start - 1 - at + odd);
    const ring = Math.max(distance(row), distance(column));
    const place = ring === 0 ? first : start + ring - odd;
    return place * (size + 1);
  });
}
