/** Fewer points that look the same on a chart. Pure. */

type Values = readonly (number | null)[];

/**
 * Indices of at most `points` values, in order: the first, the last, and the lowest and the highest of each of equally
 * long stretches between them; null only where a stretch has nothing else. All of them where there are not more.
 * Source: after Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014.
 */
export function thinned(values: Values, points: number): number[] {
  if (values.length <= Math.max(2, points)) return [...values.keys()];
  const last = values.length - 1;
  const stretches = Math.max(1, Math.floor((points - 2) / 2));
  const kept = [0];
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = 1 + Math.floor((stretch * (last - 1)) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * (last - 1)) / stretches);
    kept.push(...extremes(values, from, to));
  }
  return [...kept, last];
}

/** Indices of the lowest and the highest value from `from` to before `to`, in order; one index where they are the same. */
function extremes(values: Values, from: number, to: number): number[] {
  let low = from;
  let high = from;
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (!(value >= (values[low] ?? Infinity))) low = index;
    if (!(value <= (values[high] ?? -Infinity))) high = index;
  }
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

/** The means of at most `points` equally long stretches of the epochs; a stretch without any repeats the one before it. */
export function stretchMeans(epochs: readonly number[], values: readonly number[], points: number): number[] {
  const first = epochs[0];
  const last = epochs.at(-1);
  if (first === undefined || last === undefined) return [];
  const stretches = Math.max(1, Math.min(points, values.length));
  const sums = new Float64Array(stretches);
  const counts = new Uint32Array(stretches);
  for (const [index, value] of values.entries()) {
    const stretch = Math.min(stretches - 1, Math.floor(((epochs[index]! - first) * stretches) / (last - first + 1)));
    sums[stretch]! += value;
    counts[stretch]! += 1;
  }
  let mean = values[0]!;
  return Array.from(sums, (sum, stretch) => {
    if (counts[stretch]! > 0) mean = sum / counts[stretch]!;
    return mean;
  });
}
