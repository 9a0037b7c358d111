/** What an axis of means with their intervals must hold. Pure. */

interface Estimate {
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
}

/** Intervals that are wider than the middle one by this factor are cut off at the axis: two replicates say next to nothing. */
const MOST_OF_MIDDLE = 3;
/** Around a single value, of its size. */
const MARGIN = 0.05;

/** All means, and their intervals but for those that would squeeze everything else. */
export function intervalDomain(rows: readonly Estimate[]): [number, number] {
  const halves = rows.flatMap(({ interval }) => (interval ? [(interval[1] - interval[0]) / 2] : []));
  const middle = halves.toSorted((a, b) => a - b)[halves.length >> 1] ?? 0;
  const ends = rows.flatMap(({ mean, interval }) => {
    if (!interval) return [mean];
    const half = Math.min((interval[1] - interval[0]) / 2, MOST_OF_MIDDLE * middle);
    return [mean - half, mean + half];
  });
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  // An axis needs some length.
  const margin = low === high ? Math.abs(low) * MARGIN || MARGIN : 0;
  return [low - margin, high + margin];
}
