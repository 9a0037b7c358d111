/** Times several sides of a comparison in turn, so that what slows the machine down meets them all. */

export interface Side {
  /** As it stands in tables. */
  readonly name: string;
  /** What `train` trains at once. */
  readonly slots: number;
  /** Trains all slots for so many epochs of so many steps. */
  train(epochs: number): void | Promise<void>;
  readonly stepsPerEpoch: number;
  dispose(): void;
}

/** Milliseconds per step and trial, by round. */
export type Timings = readonly number[];

export interface Timing {
  /** Rounds; the sides of one round run one after the other. */
  readonly repeats: number;
  /** About how long one side runs in a round. */
  readonly milliseconds: number;
}

const MOST_EPOCHS = 2_000;

/** The timings of each side, in the order of `sides`. A first call that is not counted compiles, a second one sets the pace. */
export async function interleaved(sides: readonly Side[], { repeats, milliseconds }: Timing): Promise<Timings[]> {
  const epochs: number[] = [];
  for (const side of sides) {
    await side.train(1);
    const pace = await timed(side, 1);
    epochs.push(Math.max(1, Math.min(MOST_EPOCHS, Math.round(milliseconds / pace))));
  }
  const timings = sides.map((): number[] => []);
  for (let round = 0; round < repeats; round += 1) {
    for (const [index, side] of sides.entries()) {
      const count = epochs[index]!;
      timings[index]!.push((await timed(side, count)) / (count * side.stepsPerEpoch * side.slots));
    }
  }
  return timings;
}

async function timed(side: Side, epochs: number): Promise<number> {
  const started = performance.now();
  await side.train(epochs);
  return performance.now() - started;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of the rounds' ratios. */
export function medianRatio(above: Timings, below: Timings): number {
  return median(above.map((value, round) => value / below[round]!));
}
