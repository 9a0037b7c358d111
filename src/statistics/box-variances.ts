/** How much each parameter, and each two, explain of a function that is constant on boxes. Pure. */

/** Shares of the whole variance. */
export interface VarianceShares {
  readonly alone: Float64Array;
  /** Every two parameters, beyond what they explain alone: (0, 1), (0, 2), ..., (1, 2), ... */
  readonly pairs: Float64Array;
}

/**
 * Collects boxes that together fill a space. The mean over all other parameters is a sum over boxes of their value
 * times their weight in those; it is constant on ranges of places, so that only its steps are noted.
 */
export class BoxVariances {
  /** By parameter: the weight of all places before each. */
  readonly #before: readonly Float64Array[];
  readonly #weights: readonly Float64Array[];
  readonly #pairs: readonly (readonly [number, number])[];
  readonly #alone: readonly Float64Array[];
  readonly #together: readonly Float64Array[];
  #mean = 0;
  #square = 0;

  /** @param weights by parameter and place; sum to 1 for each parameter */
  constructor(weights: readonly Float64Array[]) {
    this.#weights = weights;
    this.#before = weights.map((each) => {
      const before = new Float64Array(each.length + 1);
      for (const [place, weight] of each.entries()) before[place + 1] = before[place]! + weight;
      return before;
    });
    this.#pairs = weights.flatMap((_, first) =>
      weights.slice(first + 1).map((_each, offset) => [first, first + 1 + offset] as const),
    );
    this.#alone = weights.map(({ length }) => new Float64Array(length + 1));
    this.#together = this.#pairs.map(
      ([first, second]) => new Float64Array((weights[first]!.length + 1) * (weights[second]!.length + 1)),
    );
  }

  /** @param low and @param high first and last place by parameter */
  add(low: Uint16Array, high: Uint16Array, value: number): void {
    const widths = this.#before.map((before, parameter) => before[high[parameter]! + 1]! - before[low[parameter]!]!);
    const weight = widths.reduce((product, width) => product * width, 1);
    this.#mean += weight * value;
    this.#square += weight * value ** 2;
    for (const [parameter, steps] of this.#alone.entries()) {
      const step = (weight / widths[parameter]!) * value;
      steps[low[parameter]!]! += step;
      steps[high[parameter]! + 1]! -= step;
    }
    for (const [pair, [first, second]] of this.#pairs.entries()) {
      const steps = this.#together[pair]!;
      const stride = this.#weights[second]!.length + 1;
      const step = (weight / widths[first]! / widths[second]!) * value;
      const [top, bottom] = [low[first]! * stride, (high[first]! + 1) * stride];
      const [left, right] = [low[second]!, high[second]! + 1];
      steps[top + left]! += step;
      steps[top + right]! -= step;
      steps[bottom + left]! -= step;
      steps[bottom + right]! += step;
    }
  }

  /** Undefined where the function is the same everywhere. */
  shares(): VarianceShares | undefined {
    const whole = this.#square - this.#mean ** 2;
    if (!(whole > 1e-12 * this.#square)) return undefined;
    const alone = Float64Array.from(this.#alone, (steps, parameter) => this.#varianceOf(steps, parameter));
    const pairs = Float64Array.from(this.#together, (steps, pair) => {
      const [first, second] = this.#pairs[pair]!;
      return this.#varianceOfPair(steps, first, second) - alone[first]! - alone[second]!;
    });
    return {
      alone: alone.map((variance) => variance / whole),
      pairs: pairs.map((variance) => Math.max(0, variance) / whole),
    };
  }

  #varianceOf(steps: Float64Array, parameter: number): number {
    let value = 0;
    let variance = 0;
    for (const [place, weight] of this.#weights[parameter]!.entries()) {
      value += steps[place]!;
      variance += weight * (value - this.#mean) ** 2;
    }
    return variance;
  }

  #varianceOfPair(steps: Float64Array, first: number, second: number): number {
    const stride = this.#weights[second]!.length + 1;
    const above = new Float64Array(stride);
    let variance = 0;
    for (const [row, rowWeight] of this.#weights[first]!.entries()) {
      let value = 0;
      for (const [column, weight] of this.#weights[second]!.entries()) {
        above[column]! += steps[row * stride + column]!;
        value += above[column]!;
        variance += rowWeight * weight * (value - this.#mean) ** 2;
      }
    }
    return variance;
  }
}
