/** How large an image is after a window has slid over it. Source: Keras. Pure. */

import type { ImageShape } from '../../workers/train/program.ts';
import type { Pair, ResolvedConv2d, ResolvedPooling } from './resolved.ts';

export interface SlidingWindow {
  /** [height, width], as all pairs. */
  readonly size: Pair;
  readonly strides: Pair;
  /** `same` fills up with zeros, so that every `stride`-th pixel is the middle of a window; `valid` does not. */
  readonly padding: 'valid' | 'same';
}

/** The window that a layer slides over its image. */
export function windowOf(layer: ResolvedConv2d | ResolvedPooling): SlidingWindow {
  const size = layer.type === 'conv2d' ? layer.kernel_size : layer.pool_size;
  return { size, strides: layer.strides, padding: layer.padding };
}

/** Whether there is a place for the window at all. */
export function fits(image: ImageShape, { size, padding }: SlidingWindow): boolean {
  return padding === 'same' || (size[0] <= image.height && size[1] <= image.width);
}

/** The image of one pixel per place of the window. */
export function slide(image: ImageShape, window: SlidingWindow, channels: number): ImageShape {
  return { height: places(image.height, window, 0), width: places(image.width, window, 1), channels };
}

function places(length: number, { size, strides, padding }: SlidingWindow, axis: 0 | 1): number {
  const first = padding === 'same' ? length : length - size[axis] + 1;
  return Math.ceil(first / strides[axis]);
}

export function pixelValues({ height, width, channels }: ImageShape): number {
  return height * width * channels;
}
