/**
 * Colours and shapes of the charts. Colours are variables of the style sheet, so that light, dark and paper need no new
 * drawing. Whatever colour tells, a shape, a dash or a word tells, too.
 */

import type { Part } from '../../../metrics.ts';

/** Where a metric is measured; what a user's own trial reports has no part. */
export type Series = Part | 'reported';

export const SERIES: Readonly<Record<Series, { readonly color: string; readonly dash: string }>> = {
  train: { color: 'var(--train)', dash: '5 3' },
  validation: { color: 'var(--validation)', dash: 'none' },
  test: { color: 'var(--test)', dash: 'none' },
  reported: { color: 'var(--accent)', dash: 'none' },
};

/** From what is least to what is most, 0 to 1: from near the background to far from it. */
export function ramp(share: number): string {
  return `color-mix(in oklab, var(--ramp-high) ${(100 * share).toFixed(1)}%, var(--ramp-low))`;
}

/** Where black and white text have the same contrast, 4.6, with the ramp, in light as in dark: its ends are chosen so. */
const ON_RAMP_TURNS = 0.668;

/** Of text on `ramp(share)`. */
export function onRamp(share: number): string {
  return share > ON_RAMP_TURNS ? 'var(--on-ramp-high)' : 'var(--on-ramp-low)';
}

/** Of classes, which are filled regions of a picture: these do for light and dark. After Okabe and Ito. */
export const CLASS_COLORS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#8c6bb1', '#a6761d'];
export const CLASS_SYMBOLS = ['circle', 'triangle', 'square', 'diamond', 'wye', 'star', 'cross', 'hexagon'] as const;
