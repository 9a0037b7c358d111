/** Changes of training images, drawn anew for every row and step: flips, shifts and rotations in one gathering of pixels. */

import * as tf from '@tensorflow/tfjs-core';
import { seedsOf, type Draw } from './noise.ts';
import type { ImageShape, Program } from './program.ts';
import { named, type Tensor, type Tensors } from './tensors.ts';

type Augment = NonNullable<Program['augment']>;

/** Uniform numbers of a row, in this order whether they are used or not: what is drawn does not depend on the config. */
const DRAWN = ['flip_y', 'flip_x', 'shift_y', 'shift_x', 'rotate'] as const;
type Drawn = Readonly<Record<(typeof DRAWN)[number], Tensor>>;

/** Coordinates of the pixels in the input that the pixels of the output come from; broadcast to [rows, height, width]. */
interface Source {
  readonly y: Tensor;
  readonly x: Tensor;
}

/**
 * Images that are flipped with probability 1/2, then rotated about their middle by an angle uniform in
 * [-`augment.rotate`, `augment.rotate`] degrees, then shifted by whole pixels uniform in
 * [-`augment.shift`, `augment.shift`] on both axes. Between pixels values are bilinear, outside they are 0.
 * Amounts of 0 give the same bits back.
 * @param x [1, rows, height * width * channels], and of that shape the result
 */
export function augment(program: Program, x: Tensor, draw: Draw): Tensor {
  const { augment: changes, image } = program;
  if (!changes || !image) return x;
  const rows = x.shape[1]!;
  const uniform = draw.ops.uniform(seedsOf(draw, 'augment', 'augment'), rows, DRAWN.length);
  const columns = tf.split(tf.reshape(uniform, [rows, 1, DRAWN.length]), DRAWN.length, 2);
  const drawn = Object.fromEntries(DRAWN.map((name, index) => [name, columns[index]!])) as Drawn;
  const source = sourceOf(changes, image, drawn, draw.hyper);
  return changes.rotate ? interpolate(x, image, source) : pick(x, image, source);
}

/** Goes back from an output pixel to where it comes from: shift, rotation and flip undone, about the middle. */
function sourceOf(changes: Augment, { height, width }: ImageShape, drawn: Drawn, hyper: Tensors): Source {
  const middleY = (height - 1) / 2;
  const middleX = (width - 1) / 2;
  let y: Tensor = tf.tensor3d(centred(height), [1, height, 1]);
  let x: Tensor = tf.tensor3d(centred(width), [1, 1, width]);
  if (changes.shift) {
    y = tf.sub(y, shiftOf(drawn.shift_y, hyper));
    x = tf.sub(x, shiftOf(drawn.shift_x, hyper));
  }
  if (changes.rotate) {
    const angle = tf.mul(fromMinusOne(drawn.rotate, hyper), named(hyper, 'augment.rotate.radians'));
    const [sine, cosine] = [tf.sin(angle), tf.cos(angle)];
    [y, x] = [tf.add(tf.mul(y, cosine), tf.mul(x, sine)), tf.sub(tf.mul(x, cosine), tf.mul(y, sine))];
  }
  if (changes.flip === 'vertical' || changes.flip === 'both') y = tf.mul(y, signOf(drawn.flip_y, hyper));
  if (changes.flip === 'horizontal' || changes.flip === 'both') x = tf.mul(x, signOf(drawn.flip_x, hyper));
  return { y: tf.add(y, middleY), x: tf.add(x, middleX) };
}

/** 0 to length - 1 about their mean: whole or half numbers, exact in float32. */
function centred(length: number): number[] {
  return Array.from({ length }, (_, index) => index - (length - 1) / 2);
}

/** Whole pixels from -shift to shift, each as probable. */
function shiftOf(uniform: Tensor, hyper: Tensors): Tensor {
  const shift = named(hyper, 'augment.shift');
  const choices = tf.add(tf.mul(shift, named(hyper, 'two')), named(hyper, 'one'));
  return tf.sub(tf.floor(tf.mul(uniform, choices)), shift);
}

/** Uniform in [-1, 1). */
function fromMinusOne(uniform: Tensor, hyper: Tensors): Tensor {
  return tf.sub(tf.mul(uniform, named(hyper, 'two')), named(hyper, 'one'));
}

/** -1 or 1, each as probable. */
function signOf(uniform: Tensor, hyper: Tensors): Tensor {
  return fromMinusOne(tf.floor(tf.mul(uniform, named(hyper, 'two'))), hyper);
}

/** Pixels at whole coordinates. */
function pick(images: Tensor, image: ImageShape, { y, x }: Source): Tensor {
  const [row, column] = [onAxis(y, image.height), onAxis(x, image.width)];
  return gather(images, image, row.index, column.index, tf.mul(row.inside, column.inside));
}

/** Bilinear between the four pixels around each coordinate; those outside are 0. */
function interpolate(images: Tensor, image: ImageShape, { y, x }: Source): Tensor {
  const [rows, columns] = [neighbours(y, image.height, 0), neighbours(x, image.width, 1)];
  return gather(images, image, rows.index, columns.index, tf.mul(rows.weight, columns.weight));
}

/** Whole coordinates as indices, and 1 where they lie in the image, else 0. */
function onAxis(coordinate: Tensor, length: number): { readonly index: Tensor; readonly inside: Tensor } {
  const clipped = tf.clipByValue(coordinate, 0, length - 1);
  return { index: tf.cast(clipped, 'int32'), inside: tf.cast(tf.equal(coordinate, clipped), 'float32') };
}

/** The two whole coordinates around each one, on an axis of their own before the rows, and their weights. */
function neighbours(
  coordinate: Tensor,
  length: number,
  axis: 0 | 1,
): { readonly index: Tensor; readonly weight: Tensor } {
  const below = tf.floor(coordinate);
  const fraction = tf.sub(coordinate, below);
  const both = (low: Tensor, high: Tensor): Tensor => tf.expandDims(tf.stack([low, high]), 1 - axis);
  const { index, inside } = onAxis(both(below, tf.add(below, 1)), length);
  return { index, weight: tf.mul(inside, both(tf.sub(1, fraction), fraction)) };
}

/**
 * The weighted sum over the leading axes of pixels at [..., rows, height, width] indices.
 * @param images [1, rows, height * width * channels]
 */
function gather(images: Tensor, image: ImageShape, y: Tensor, x: Tensor, weight: Tensor): Tensor {
  const { height, width, channels } = image;
  const rows = images.shape[1]!;
  const first = tf.tensor3d(
    Int32Array.from({ length: rows }, (_, row) => row * height * width),
    [rows, 1, 1],
    'int32',
  );
  const inImage = tf.add(tf.mul(y, tf.scalar(width, 'int32')), x);
  const index = tf.add(inImage, first);
  const pixels = tf.gather(tf.reshape(images, [-1, channels]), tf.reshape(index, [-1]));
  const weighted = tf.mul(pixels, tf.reshape(tf.broadcastTo(weight, index.shape), [-1, 1]));
  return tf.reshape(tf.sum(tf.reshape(weighted, [-1, images.size]), 0), images.shape);
}
