/** Ticks of a logarithmic axis: powers of ten, as many as there is room for. Pure. */

import { formatCell } from './text.ts';

const MOST_TICKS = 5;

/** Plot's options for an axis over these bounds; few decades get Plot's own ticks. */
export function logAxis(low: number, high: number) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const decades = Math.floor(Math.log10(high) + 1e-9) - first + 1;
  const options = { type: 'log', tickFormat: (value: number) => formatCell(value) } as const;
  if (decades < 2) return { ...options, ticks: 3 };
  const step = Math.ceil(decades / MOST_TICKS);
  const powers = Array.from({ length: Math.ceil(decades / step) }, (_, index) => 10 ** (first + index * step));
  return { ...options, ticks: powers };
}
