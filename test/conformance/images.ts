/** What convolution, pooling and augmentation must do on every backend, against loops in double precision. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { slide, type SlidingWindow } from '../../src/definition/geometry.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';
import { statelessUniforms } from '../../workers/random/stateless.ts';
import { augment } from '../../workers/train/augment.ts';
import { convolve, convolveGradients } from '../../workers/train/convolution.ts';
import type { Draw } from '../../workers/train/noise.ts';
import { pool, poolGradient } from '../../workers/train/pooling.ts';
import type { Conv2dProgram, GlobalPoolingProgram, ImageShape, PoolingProgram } from '../../workers/train/program.ts';
import { buildProgram, PLAIN_LAYER } from '../train/builders.ts';

/** Windows that overlap, leave gaps, reach over the edge, and are as large as the image. */
const WINDOWS: readonly (SlidingWindow & { readonly image: ImageShape })[] = [
  { image: { height: 6, width: 5, channels: 3 }, size: [3, 3], strides: [1, 1], padding: 'same' },
  { image: { height: 6, width: 5, channels: 2 }, size: [3, 2], strides: [1, 1], padding: 'valid' },
  { image: { height: 7, width: 5, channels: 1 }, size: [2, 2], strides: [2, 2], padding: 'same' },
  { image: { height: 8, width: 9, channels: 4 }, size: [3, 3], strides: [2, 3], padding: 'same' },
  { image: { height: 8, width: 9, channels: 2 }, size: [3, 4], strides: [3, 2], padding: 'valid' },
  { image: { height: 5, width: 5, channels: 3 }, size: [1, 1], strides: [2, 2], padding: 'valid' },
  { image: { height: 4, width: 3, channels: 2 }, size: [4, 3], strides: [1, 1], padding: 'valid' },
  { image: { height: 2, width: 3, channels: 1 }, size: [4, 5], strides: [1, 2], padding: 'same' },
  { image: { height: 1, width: 8, channels: 2 }, size: [1, 3], strides: [1, 1], padding: 'same' },
];
const ROWS = 3;
const FILTERS = 5;

export function describeImages(name: BackendName): void {
  describe(`images on ${name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await loadBackend(name);
    });

    describe.each(WINDOWS)('$size windows, strides $strides, $padding, over $image', (window) => {
      const { image } = window;
      const taps = tapsOf(window);
      const outputs = slide(image, window, FILTERS);
      const inputs = image.height * image.width * image.channels;
      const area = window.size[0] * window.size[1];

      test('convolution and its gradients are sums over the windows', () => {
        const layer: Conv2dProgram = { ...CONVOLUTION, ...window, kernel_size: window.size, inputs, channels: FILTERS };
        const x = random('x', ROWS * inputs);
        const kernel = random('kernel', area * image.channels * FILTERS);
        const dz = random('dz', ROWS * outputs.height * outputs.width * FILTERS);
        const expected = {
          z: new Float64Array(dz.length),
          kernel: new Float64Array(kernel.length),
          input: new Float64Array(x.length),
        };
        for (let row = 0; row < ROWS; row += 1) {
          for (const { output, input, cell } of taps) {
            for (let channel = 0; channel < image.channels; channel += 1) {
              for (let filter = 0; filter < FILTERS; filter += 1) {
                const i = (row * image.height * image.width + input) * image.channels + channel;
                const k = (cell * image.channels + channel) * FILTERS + filter;
                const o = (row * outputs.height * outputs.width + output) * FILTERS + filter;
                expected.z[o]! += x[i]! * kernel[k]!;
                expected.kernel[k]! += x[i]! * dz[o]!;
                expected.input[i]! += kernel[k]! * dz[o]!;
              }
            }
          }
        }
        const found = tf.tidy(() => {
          const images = tf.tensor3d(x, [1, ROWS, inputs]);
          const weights = tf.tensor3d(kernel, [1, area * image.channels, FILTERS]);
          const gradients = convolveGradients(layer, images, weights, tf.tensor3d(dz, [1, ROWS, dz.length / ROWS]));
          return shapesAndValues({
            z: convolve(layer, images, weights),
            kernel: gradients.kernel(),
            input: gradients.input(),
          });
        });
        expect(found.shapes).toEqual({
          z: [1, ROWS, dz.length / ROWS],
          kernel: [1, area * image.channels, FILTERS],
          input: [1, ROWS, inputs],
        });
        for (const key of ['z', 'kernel', 'input'] as const) expectClose(found.values[key], expected[key]);
      });

      test.each(['max_pooling2d', 'average_pooling2d'] as const)('%s and its gradient take what is there', (type) => {
        const layer: PoolingProgram = { ...PLAIN_LAYER, ...window, type, pool_size: window.size, ...sizes(window) };
        expectPooled(layer, window);
      });
    });

    test('global pooling is the mean of a channel', () => {
      const image = { height: 5, width: 4, channels: 3 };
      const layer: GlobalPoolingProgram = {
        ...PLAIN_LAYER,
        type: 'global_average_pooling2d',
        image,
        inputs: 60,
        units: 3,
        channels: 3,
      };
      expectPooled(layer, { image, size: [5, 4], strides: [1, 1], padding: 'valid' });
    });

    describe('augmentation', () => {
      const image = { height: 7, width: 6, channels: 2 };
      const rows = 40;
      const size = image.height * image.width * image.channels;
      const x = random('images', rows * size);

      function changed(flip: Flip, amounts: Amounts, at: { readonly t?: number; readonly x?: Float32Array } = {}) {
        const { shift, rotate } = amounts;
        const program = buildProgram({
          width: size,
          image,
          augment: { flip, shift: shift !== undefined, rotate: rotate !== undefined },
        });
        return tf.tidy(() => {
          const number = (value: number): tf.Tensor => tf.fill([1, 1, 1], value);
          const draw: Draw = {
            ops: backend.ops,
            t: tf.tensor1d([at.t ?? 0], 'int32'),
            hyper: {
              one: number(1),
              two: number(2),
              'augment.stream': tf.tensor1d([STREAM], 'int32'),
              'augment.shift': number(shift ?? 0),
              'augment.rotate.radians': number(((rotate ?? 0) * Math.PI) / 180),
            },
          };
          const found = augment(program, tf.tensor3d(at.x ?? x, [1, rows, size]), draw);
          expect(found.shape).toEqual([1, rows, size]);
          return found.dataSync<'float32'>().slice();
        });
      }

      test.each([
        ['none', { shift: 0 }],
        ['none', { rotate: 0 }],
        ['none', { shift: 0, rotate: 0 }],
        ['none', {}],
      ] as const)('with flips %s and amounts %o it gives the same bits back', (flip, amounts) => {
        expect(changed(flip, amounts)).toEqual(x);
      });

      test.each([
        ['horizontal', {}],
        ['vertical', {}],
        ['both', {}],
        ['none', { shift: 2 }],
        ['none', { rotate: 30 }],
        ['none', { rotate: 180 }],
        ['both', { shift: 3, rotate: 20 }],
        ['horizontal', { shift: 9 }],
      ] as const)('with flips %s and amounts %o it is the definition, to 1e-5', (flip, amounts) => {
        const found = changed(flip, amounts, { t: 3 });
        const uniform = statelessUniforms(STREAM, 3 * 16 + 7, rows * 5);
        const expected = Array.from({ length: rows }, (_, row) =>
          changedImage(x.subarray(row * size, (row + 1) * size), image, flip, amounts, [
            ...uniform.subarray(row * 5, row * 5 + 5),
          ]),
        ).flat();
        const largest = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)));
        expect(largest).toBeLessThan(1e-5);
        expect(found).not.toEqual(x);
      });

      test('every row and every step has numbers of its own', () => {
        const same = Float32Array.from({ length: rows * size }, (_, i) => x[i % size]!);
        const amounts = { shift: 2, rotate: 40 };
        const [first, second] = [0, 1].map((t) => changed('both', amounts, { t, x: same }));
        const images = [first!, second!].flatMap((found) =>
          Array.from({ length: rows }, (_, row) => found.slice(row * size, (row + 1) * size).join()),
        );
        expect(new Set(images).size).toBe(2 * rows);
      });

      test('images of one pixel can only be shifted away', () => {
        const program = buildProgram({
          width: 1,
          image: { height: 1, width: 1, channels: 1 },
          augment: { flip: 'both', shift: false, rotate: true },
        });
        const found = tf.tidy(() =>
          augment(program, tf.ones([1, 9, 1]), {
            ops: backend.ops,
            t: tf.tensor1d([0], 'int32'),
            hyper: {
              one: tf.ones([1, 1, 1]),
              two: tf.fill([1, 1, 1], 2),
              'augment.stream': tf.tensor1d([STREAM], 'int32'),
              'augment.rotate.radians': tf.fill([1, 1, 1], 3),
            },
          })
            .dataSync<'float32'>()
            .slice(),
        );
        expect([...found]).toEqual(Array.from({ length: 9 }, () => 1));
      });
    });
  });
}

const STREAM = -123456789;
type Flip = 'none' | 'horizontal' | 'vertical' | 'both';
type Amounts = { readonly shift?: number; readonly rotate?: number };

const CONVOLUTION = {
  ...PLAIN_LAYER,
  type: 'conv2d',
  units: 0,
  l1: false,
  l2: false,
  bias_l1: false,
  bias_l2: false,
  constraint: null,
  weight_noise: false,
} as const;

/** One pixel under one cell of one window: their indices in the image, the window and the output. */
interface Tap {
  readonly output: number;
  readonly input: number;
  readonly cell: number;
}

/** Source: TensorFlow, "same" padding puts the odd pixel below and to the right. */
function tapsOf(window: SlidingWindow & { readonly image: ImageShape }): readonly Tap[] {
  const { image, size, strides, padding } = window;
  const outputs = slide(image, window, 1);
  const before = (length: number, count: number, axis: 0 | 1): number =>
    padding === 'valid' ? 0 : Math.floor(Math.max(0, (count - 1) * strides[axis] + size[axis] - length) / 2);
  const top = before(image.height, outputs.height, 0);
  const left = before(image.width, outputs.width, 1);
  const taps: Tap[] = [];
  for (let outY = 0; outY < outputs.height; outY += 1) {
    for (let outX = 0; outX < outputs.width; outX += 1) {
      for (let cellY = 0; cellY < size[0]; cellY += 1) {
        for (let cellX = 0; cellX < size[1]; cellX += 1) {
          const y = outY * strides[0] + cellY - top;
          const x = outX * strides[1] + cellX - left;
          if (y < 0 || x < 0 || y >= image.height || x >= image.width) continue;
          taps.push({ output: outY * outputs.width + outX, input: y * image.width + x, cell: cellY * size[1] + cellX });
        }
      }
    }
  }
  return taps;
}

function sizes(window: SlidingWindow & { readonly image: ImageShape }): {
  inputs: number;
  units: number;
  channels: number;
} {
  const { image } = window;
  const { height, width } = slide(image, window, image.channels);
  const { channels } = image;
  return { inputs: image.height * image.width * channels, units: height * width * channels, channels };
}

/** Whole numbers of a small range, so that many values of a window are equal. */
function expectPooled(
  layer: PoolingProgram | GlobalPoolingProgram,
  window: SlidingWindow & { readonly image: ImageShape },
): void {
  const { channels } = window.image;
  const { inputs, units } = sizes(window);
  const x = random('x', ROWS * inputs).map((value) => Math.max(0, Math.round(value * 2)));
  const dy = random('dy', ROWS * units);
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  const taps = tapsOf(window);
  for (let row = 0; row < ROWS; row += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      for (let output = 0; output < units / channels; output += 1) {
        const o = row * units + output * channels + channel;
        const under = taps.filter((tap) => tap.output === output);
        const indices = under.map(({ input }) => row * inputs + input * channels + channel);
        const values = indices.map((i) => x[i]!);
        if (layer.type === 'max_pooling2d') {
          y[o] = Math.max(...values);
          dx[indices[values.indexOf(y[o])]!]! += dy[o]!;
        } else {
          y[o] = values.reduce((sum, value) => sum + value, 0) / values.length;
          for (const i of indices) dx[i]! += dy[o]! / values.length;
        }
      }
    }
  }
  const found = tf.tidy(() => {
    const images = tf.tensor3d(x, [1, ROWS, inputs]);
    const pooled = pool(layer, images);
    return shapesAndValues({
      y: pooled,
      dx: poolGradient(layer, images, pooled, tf.tensor3d(dy, [1, ROWS, units])),
    });
  });
  expect(found.shapes).toEqual({ y: [1, ROWS, units], dx: [1, ROWS, inputs] });
  expectClose(found.values.y, y);
  expectClose(found.values.dx, dx);
}

/** An image flipped, rotated and shifted by its five uniform numbers, pixel by pixel. */
function changedImage(
  values: Float32Array,
  { height, width, channels }: ImageShape,
  flip: Flip,
  { shift, rotate }: Amounts,
  [flipY, flipX, shiftY, shiftX, angle]: readonly number[],
): number[] {
  const whole = (uniform: number): number => Math.floor(uniform * (2 * (shift ?? 0) + 1)) - (shift ?? 0);
  const theta = ((2 * angle! - 1) * (rotate ?? 0) * Math.PI) / 180;
  const isFlipped = (axis: Flip, uniform: number): boolean => (flip === axis || flip === 'both') && uniform < 0.5;
  const at = (y: number, x: number, channel: number): number => {
    if (y < 0 || x < 0 || y >= height || x >= width) return 0;
    const fromY = isFlipped('vertical', flipY!) ? height - 1 - y : y;
    const fromX = isFlipped('horizontal', flipX!) ? width - 1 - x : x;
    return values[(fromY * width + fromX) * channels + channel]!;
  };
  const changed: number[] = [];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const down = row - whole(shiftY!) - (height - 1) / 2;
      const right = column - whole(shiftX!) - (width - 1) / 2;
      const y = down * Math.cos(theta) + right * Math.sin(theta) + (height - 1) / 2;
      const x = right * Math.cos(theta) - down * Math.sin(theta) + (width - 1) / 2;
      const [top, left] = [Math.floor(y), Math.floor(x)];
      for (let channel = 0; channel < channels; channel += 1) {
        const above = at(top, left, channel) * (left + 1 - x) + at(top, left + 1, channel) * (x - left);
        const below = at(top + 1, left, channel) * (left + 1 - x) + at(top + 1, left + 1, channel) * (x - left);
        changed.push(above * (top + 1 - y) + below * (y - top));
      }
    }
  }
  return changed;
}

/** Standard normal. */
function random(name: string, count: number): Float32Array {
  const stream = new PhiloxStream(streamKey('images', name));
  return Float32Array.from({ length: count }, () => stream.normal());
}

function shapesAndValues<Name extends string>(
  tensors: Record<Name, tf.Tensor>,
): { readonly shapes: Record<Name, number[]>; readonly values: Record<Name, Float32Array> } {
  const entries = Object.entries<tf.Tensor>(tensors);
  return {
    shapes: Object.fromEntries(entries.map(([name, { shape }]) => [name, shape])) as Record<Name, number[]>,
    values: Object.fromEntries(entries.map(([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()])) as Record<
      Name,
      Float32Array
    >,
  };
}

function expectClose(found: Float32Array, expected: Float64Array): void {
  const largest = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!) / (1 + Math.abs(value))));
  expect(largest).toBeLessThan(1e-5);
}
