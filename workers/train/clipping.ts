/** Gradient clipping: by the norm of each variable, by the norm of all, by value; the norms act first. */

import * as tf from '@tensorflow/tfjs-core';
import type { Program } from './program.ts';
import { dot, mapTensors, named, type Tensor, type Tensors } from './tensors.ts';

/** g * c / max(|g|, c). Source: Keras' `clipnorm`, `global_clipnorm`, `clipvalue`. */
export function clip(program: Program, gradients: Tensors, hyper: Tensors): Tensors {
  const { variable_norm, global_norm, value } = program.clip;
  let clipped = gradients;
  if (variable_norm) {
    clipped = mapTensors(clipped, (g) => scaleToNorm(g, tf.sqrt(dot(g, g)), named(hyper, 'clip.variable_norm')));
  }
  if (global_norm) {
    const squares = Object.values(clipped).map((g) => dot(g, g));
    const norm = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
    clipped = mapTensors(clipped, (g) => scaleToNorm(g, norm, named(hyper, 'clip.global_norm')));
  }
  if (value) {
    const limit = named(hyper, 'clip.value');
    const lowest = tf.neg(limit);
    clipped = mapTensors(clipped, (g) => tf.minimum(tf.maximum(g, lowest), limit));
  }
  return clipped;
}

function scaleToNorm(gradient: Tensor, norm: Tensor, limit: Tensor): Tensor {
  return tf.mul(gradient, tf.div(limit, tf.maximum(norm, limit)));
}
