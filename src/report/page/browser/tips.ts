/** The exact values of what is below the pointer. */

import { pointer, pointerX, pointerY, tip, type Data, type PointerOptions, type TipOptions } from '@observablehq/plot';

const NEAREST = { x: pointerX, y: pointerY, xy: pointer };

/**
 * @param by whether the nearest datum is found along x alone, along y alone, or both
 * @param options its place, and a `title` of as many lines as it takes
 */
export function tipFor(data: Data, by: keyof typeof NEAREST, options: TipOptions & PointerOptions) {
  return tip(data, NEAREST[by]({ lineHeight: 1.25, ...options }));
}
