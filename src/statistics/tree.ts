/**
 * A regression tree over parameters whose values are places on short scales. Own code, since the analysis needs its
 * leaves. Pure.
 */

export interface Sample {
  /** By parameter and row: the place of the row's value on the parameter's scale. */
  readonly places: readonly Uint16Array[];
  /** Places on each scale. */
  readonly sizes: readonly number[];
  /** By row: what is to be explained. */
  readonly response: Float64Array;
}

/**
 * A box of the space in which the tree says the same everywhere: places `low` to `high`, both included, by parameter.
 */
export type VisitLeaf = (low: Uint16Array, high: Uint16Array, value: number) => void;

interface Split {
  readonly parameter: number;
  /** The last place of the lower part. */
  readonly last: number;
}

/**
 * Grows a tree by the splits that take most of the squared error, as CART does, and visits its leaves.
 * Source: Breiman, Friedman, Olshen, Stone, "Classification and Regression Trees", 1984.
 * @param rows of the sample, a row as often as it counts; reordered
 * @param leastRows of a leaf
 */
export function growTree(sample: Sample, rows: Int32Array, leastRows: number, visit: VisitLeaf): void {
  const { places, sizes, response } = sample;
  const largest = Math.max(...sizes);
  const counts = new Float64Array(largest);
  const sums = new Float64Array(largest);
  const low = new Uint16Array(sizes.length);
  const high = Uint16Array.from(sizes, (size) => size - 1);

  const bestSplit = (from: number, to: number, total: number): Split | undefined => {
    const count = to - from;
    // A split must gain more than rounding.
    let most = (total ** 2 / count) * (1 + 1e-12);
    let best: Split | undefined;
    for (const [parameter, column] of places.entries()) {
      const [first, end] = [low[parameter]!, high[parameter]!];
      if (first === end) continue;
      counts.fill(0, first, end + 1);
      sums.fill(0, first, end + 1);
      for (let index = from; index < to; index += 1) {
        const row = rows[index]!;
        const place = column[row]!;
        counts[place]! += 1;
        sums[place]! += response[row]!;
      }
      let below = 0;
      let sum = 0;
      for (let place = first; place < end; place += 1) {
        below += counts[place]!;
        sum += sums[place]!;
        if (counts[place] === 0 || below < leastRows || count - below < leastRows) continue;
        const gain = sum ** 2 / below + (total - sum) ** 2 / (count - below);
        if (gain > most) {
          most = gain;
          best = { parameter, last: place };
        }
      }
    }
    return best;
  };

  const grow = (from: number, to: number): void => {
    let total = 0;
    for (let index = from; index < to; index += 1) total += response[rows[index]!]!;
    const split = bestSplit(from, to, total);
    if (!split) return visit(low, high, total / (to - from));
    const { parameter, last } = split;
    const middle = partition(rows, from, to, places[parameter]!, last);
    const [first, end] = [low[parameter]!, high[parameter]!];
    high[parameter] = last;
    grow(from, middle);
    high[parameter] = end;
    low[parameter] = last + 1;
    grow(middle, to);
    low[parameter] = first;
  };
  grow(0, rows.length);
}

/** Puts rows up to a place before all others; returns where those begin. */
function partition(rows: Int32Array, from: number, to: number, column: Uint16Array, last: number): number {
  let middle = from;
  for (let index = from; index < to; index += 1) {
    const row = rows[index]!;
    if (column[row]! > last) continue;
    rows[index] = rows[middle]!;
    rows[middle] = row;
    middle += 1;
  }
  return middle;
}
