/** What learning curves show: from where on a network overfits, and whether it still learned when it stopped. Pure. */

import type { ErrorCurves } from './facts.ts';

/** Fewer points than this show nothing. */
const LEAST_POINTS = 8;
/** Of the points: what an average is taken over, so that one lucky epoch is no minimum. */
const WINDOW = 0.05;
/** Of the error at the minimum: a smaller rise is none that matters. */
const RISE = 0.05;
/** Of the noise between neighbouring points. */
const NOISES = 4;
/** Of the training error: less is no improvement. */
const FALL = 0.01;

/**
 * The epoch of the lowest dev error, where that rises afterwards, by more than noise explains, while the training error
 * goes on to fall; null where that is not so.
 */
export function overfittingEpoch({ epochs, train, dev }: ErrorCurves): number | null {
  if (epochs.length < LEAST_POINTS) return null;
  const smooth = { train: smoothed(train), dev: smoothed(dev) };
  const lowest = smooth.dev.indexOf(Math.min(...smooth.dev));
  const least = smooth.dev[lowest]!;
  const rise = smooth.dev.at(-1)! - least;
  const rises = rise > RISE * Math.abs(least) && rise > NOISES * noiseOf(dev, smooth.dev);
  const learns = smooth.train.at(-1)! < (1 - FALL) * smooth.train[lowest]!;
  return rises && learns ? epochs[lowest]! : null;
}

/** Whether the training error still fell over the last fifth of the epochs, by more than noise explains. */
export function stillLearns({ epochs, train }: ErrorCurves): boolean {
  if (epochs.length < LEAST_POINTS) return false;
  const smooth = smoothed(train);
  const from = smooth[Math.floor(0.8 * (smooth.length - 1))]!;
  const fall = from - smooth.at(-1)!;
  return fall > FALL * Math.abs(from) && fall > (NOISES * noiseOf(train, smooth)) / Math.sqrt(windowOf(train.length));
}

/** Means over a window around each point, which is cut at the ends. */
function smoothed(values: readonly number[]): number[] {
  const reach = windowOf(values.length) >> 1;
  return values.map((_, index) => {
    const near = values.slice(Math.max(0, index - reach), index + reach + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}

/** Odd, and at least 3. */
function windowOf(points: number): number {
  return 2 * Math.max(1, Math.round((WINDOW * points) / 2)) + 1;
}

/** A typical distance of a point from the smooth curve: the median, so that a steep beginning does not count. */
function noiseOf(values: readonly number[], smooth: readonly number[]): number {
  const distances = values.map((value, index) => Math.abs(value - smooth[index]!)).sort((a, b) => a - b);
  return distances[distances.length >> 1]!;
}
