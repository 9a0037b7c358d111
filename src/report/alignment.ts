/** Numbers that replicates have recorded over their epochs, side by side. Pure. */

/** One number of one trial. */
export interface Recorded {
  /** The last epoch that the trial has trained. */
  readonly last: number;
  /** Those that are recorded, in order. */
  readonly epochs: readonly number[];
  /** At these epochs; null where the number was not finite or not recorded. */
  readonly values: readonly (number | null)[];
}

export interface Aligned {
  readonly epochs: readonly number[];
  /** At each of these epochs the numbers of the trials that have one, in the order of the trials. */
  readonly values: readonly (readonly number[])[];
}

/**
 * The epochs that every trial has recorded which has reached them. Late epochs of a long training are recorded where a
 * trial was at its best or stopped, and so by one trial alone: to mix them with the others would show jumps that no
 * network has made.
 */
export function aligned(trials: readonly Recorded[]): Aligned {
  const recorded = new Map<number, { count: number; readonly values: number[] }>();
  for (const { epochs, values } of trials) {
    for (const [index, epoch] of epochs.entries()) {
      let at = recorded.get(epoch);
      if (!at) recorded.set(epoch, (at = { count: 0, values: [] }));
      at.count += 1;
      const value = values[index] ?? null;
      if (value !== null) at.values.push(value);
    }
  }
  const ends = trials.map(({ last }) => last).sort((a, b) => a - b);
  const common: { epoch: number; values: readonly number[] }[] = [];
  let ended = 0;
  for (const [epoch, { count, values }] of [...recorded].sort(([a], [b]) => a - b)) {
    while (ended < ends.length && ends[ended]! < epoch) ended += 1;
    if (count === trials.length - ended) common.push({ epoch, values });
  }
  return { epochs: common.map(({ epoch }) => epoch), values: common.map(({ values }) => values) };
}
