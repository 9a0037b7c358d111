/** How large an image is after a window: counted place by place. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits, slide, type SlidingWindow } from '../../src/definition/geometry.ts';

const length = fc.integer({ min: 1, max: 12 });
const pair = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }));

/** Starts of windows that lie wholly within the pixels; with padding, one at every stride-th pixel. */
function countedPlaces(pixels: number, size: number, stride: number, padding: SlidingWindow['padding']): number {
  let count = 0;
  for (let start = 0; start < pixels; start += stride) {
    if (padding === 'same' || start + size <= pixels) count += 1;
  }
  return count;
}

test('there is a pixel for every place of the window, and none where it does not fit', () => {
  fc.assert(
    fc.property(
      length,
      length,
      pair,
      pair,
      fc.constantFrom('same', 'valid'),
      (height, width, size, strides, padding) => {
        const image = { height, width, channels: 3 };
        const window: SlidingWindow = { size, strides, padding };
        const rows = countedPlaces(height, size[0], strides[0], padding);
        const columns = countedPlaces(width, size[1], strides[1], padding);
        expect(fits(image, window)).toBe(rows > 0 && columns > 0);
        if (fits(image, window)) expect(slide(image, window, 7)).toEqual({ height: rows, width: columns, channels: 7 });
      },
    ),
  );
});
