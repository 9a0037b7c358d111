/** What the windows of pooling and convolution cover of an image; NHWC. Pure. */

import type { backend_util } from '@tensorflow/tfjs-core';

/** What TensorFlow.js computes of sizes, strides and padding. */
export type Geometry = ReturnType<typeof backend_util.computeConv2DInfo>;

/** One window over one image of a batch. */
export interface Window {
  /** Among all windows of the batch. */
  readonly index: number;
  /** Offset of the image's first number. */
  readonly image: number;
  /** Its taps. */
  readonly from: number;
  readonly to: number;
}

/** A tap is a pixel of the image under a cell of a window; cells over the padding have none. */
export interface Taps {
  /** Window o has the taps from `starts[o]` to `starts[o + 1]`. */
  readonly starts: Int32Array;
  readonly pixels: Int32Array;
  readonly cells: Int32Array;
}

export function tapsOf(geometry: Geometry): Taps {
  const { outHeight, outWidth, filterHeight, filterWidth, inWidth } = geometry;
  const starts = new Int32Array(outHeight * outWidth + 1);
  const pixels = new Int32Array(outHeight * outWidth * filterHeight * filterWidth);
  const cells = new Int32Array(pixels.length);
  let count = 0;
  for (let window = 0; window < outHeight * outWidth; window += 1) {
    for (let cell = 0; cell < filterHeight * filterWidth; cell += 1) {
      const [y, x] = pixelUnder(geometry, window, cell);
      if (y < 0 || x < 0 || y >= geometry.inHeight || x >= inWidth) continue;
      pixels[count] = y * inWidth + x;
      cells[count] = cell;
      count += 1;
    }
    starts[window + 1] = count;
  }
  return { starts, pixels, cells };
}

function pixelUnder(geometry: Geometry, window: number, cell: number): readonly [y: number, x: number] {
  const { outWidth, filterWidth, padInfo } = geometry;
  const y = Math.floor(window / outWidth) * geometry.strideHeight - padInfo.top;
  const x = (window % outWidth) * geometry.strideWidth - padInfo.left;
  return [
    y + Math.floor(cell / filterWidth) * geometry.dilationHeight,
    x + (cell % filterWidth) * geometry.dilationWidth,
  ];
}

/** Visits every window of every image of a batch. */
export function eachWindow(geometry: Geometry, { starts }: Taps, visit: (window: Window) => void): void {
  const { batchSize, inHeight, inWidth, inChannels } = geometry;
  const windows = starts.length - 1;
  for (let row = 0; row < batchSize; row += 1) {
    const image = row * inHeight * inWidth * inChannels;
    for (let window = 0; window < windows; window += 1) {
      visit({ index: row * windows + window, image, from: starts[window]!, to: starts[window + 1]! });
    }
  }
}
