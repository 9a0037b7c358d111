/** What a trial went through, bit by bit: trained alone, so that any company can be held against it. */

import type { Backend } from '../../workers/backend/backend.ts';
import type { Program } from '../../workers/train/program.ts';
import { Stack, type Entrant, type SlotEpoch, type StackOptions } from '../../workers/train/stack.ts';
import { STATUS } from '../../workers/train/stopping.ts';

export interface Trajectory {
  /** A line per epoch: number, status, kept epoch and the bits of every metric. */
  readonly epochs: readonly string[];
  /** The bits of the last weights, and of the kept ones. */
  readonly weights: Readonly<Record<string, string>>;
}

/** Float32 numbers as hexadecimal words; every NaN is the same one. */
export function bits(values: Float32Array): string {
  const words = new Uint32Array(values.slice().buffer);
  return Array.from(words, (word, i) => (Number.isNaN(values[i]) ? 'NaN' : word.toString(16).padStart(8, '0'))).join(
    ' ',
  );
}

export function epochLine({ epoch, status, keptEpoch, values, layers }: SlotEpoch): string {
  return `${epoch} status ${status} kept ${keptEpoch}: ${bits(values)} | ${bits(layers)}`;
}

export function weightBits(stack: Stack, slot: number): Readonly<Record<string, string>> {
  const all = (['', 'kept.'] as const).flatMap((which) =>
    Object.entries(stack.weights(slot, which)).map(([name, values]) => [which + name, bits(values)] as const),
  );
  return Object.fromEntries(all);
}

/** Trains until the trial stops; `chunk` epochs at a time. */
export function trainAlone(
  program: Program,
  backend: Backend,
  entrant: Entrant,
  { chunk = 1, ...options }: StackOptions & { readonly chunk?: number } = {},
): Trajectory {
  const stack = new Stack(program, backend, options);
  try {
    stack.seat([{ enter: entrant }]);
    const epochs: string[] = [];
    for (;;) {
      const reached = stack.run(chunk)[0]!;
      epochs.push(...reached.map(epochLine));
      if (reached.at(-1)!.status !== STATUS.running) return { epochs, weights: weightBits(stack, 0) };
    }
  } finally {
    stack.dispose();
  }
}
