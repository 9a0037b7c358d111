/** The rows of a network as the images that they are, and back. */

import * as tf from '@tensorflow/tfjs-core';
import type { ImageShape } from './program.ts';
import type { Tensor } from './tensors.ts';

/** [1, rows, numbers of an image] as [rows, height, width, channels]. */
export function asImages(x: Tensor, { height, width, channels }: ImageShape): tf.Tensor4D {
  return tf.reshape(x, [x.shape[1]!, height, width, channels]);
}

/** [rows, height, width, channels] as [1, rows, numbers of an image]. */
export function asRows(images: Tensor): Tensor {
  const rows = images.shape[0]!;
  return tf.reshape(images, [1, rows, images.size / rows]);
}
