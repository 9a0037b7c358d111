/** The heart of the promise: a trial's numbers are the same bits alone and in any company. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { Dataset } from '../../workers/data/dataset.ts';
import type { BackendName } from '../../workers/protocol.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';
import { Stack, type Seat, type SlotEpoch } from '../../workers/train/stack.ts';
import { STATUS } from '../../workers/train/stopping.ts';
import { buildDataset } from './builders.ts';
import { randomProgram, randomTask } from './random-program.ts';
import { epochLine, trainAlone, weightBits, type Trajectory } from './trajectory.ts';

/** For a long run: NIGHTSWEEP_BITS_RUNS=20000 NIGHTSWEEP_BITS_SEED=$RANDOM NIGHTSWEEP_BITS_WIDTH=600. */
const RUNS = Number(process.env['NIGHTSWEEP_BITS_RUNS'] ?? 45);
const SEED = Number(process.env['NIGHTSWEEP_BITS_SEED'] ?? 20_26);
/** The backends in JavaScript are slow, and a run of theirs is rare: a share of the runs. */
const SHARES: readonly (readonly [BackendName, number])[] = [
  ['native', 1],
  ['wasm', 0.5],
  ['cpu', 0.25],
];
const MILLISECONDS_PER_RUN = 3_000;

const WIDTHS = [2, 3, 5, 8, 16, 32] as const;

/** How the stack is arranged before a call: its width, the subject's slot, and whom else it seats. */
interface Arrangement {
  readonly width: number;
  readonly slot: number;
  /** Per other slot: stay (where one is left over that goes on), a new trial, or nobody. */
  readonly others: readonly ('stay' | 'new' | 'idle')[];
  /** Epochs of the call, if nobody stops before. */
  readonly epochs: number;
}

interface Scenario {
  readonly program: Program;
  readonly subject: TrialTask;
  readonly company: readonly TrialTask[];
  readonly ownData: boolean;
  /** Epochs that the company trains before the subject enters. */
  readonly head: number;
  /** The first when the subject enters; each further one after another call, while there are any. */
  readonly arrangements: readonly Arrangement[];
}

const arrangement: fc.Arbitrary<Arrangement> = fc.constantFrom(...WIDTHS).chain((width) =>
  fc.record({
    width: fc.constant(width),
    slot: fc.nat(width - 1),
    others: fc.array(fc.constantFrom('stay' as const, 'stay' as const, 'new' as const, 'idle' as const), {
      minLength: width - 1,
      maxLength: width - 1,
    }),
    epochs: fc.integer({ min: 1, max: 4 }),
  }),
);

const scenario: fc.Arbitrary<Scenario> = randomProgram.chain((program) =>
  fc.record({
    program: fc.constant(program),
    subject: randomTask(program),
    company: fc.array(randomTask(program), { minLength: 1, maxLength: 6 }),
    ownData: fc.boolean(),
    head: fc.nat(2),
    arrangements: fc.array(arrangement, { minLength: 1, maxLength: 4 }),
  }),
);

function trainInCompany(
  { program, subject, company, ownData, head, arrangements }: Scenario,
  backend: Backend,
): Trajectory {
  const shared = buildDataset(program);
  let entered = 0;
  const next = (): Seat => {
    entered += 1;
    const dataset: Dataset = ownData ? buildDataset(program, 1 + entered) : shared;
    return { enter: { task: company[entered % company.length]!, dataset } };
  };
  const stack = new Stack(program, backend);
  const ended = (reached: readonly SlotEpoch[]): boolean => reached.at(-1)?.status !== STATUS.running;
  try {
    const [first] = arrangements;
    let reached: readonly (readonly SlotEpoch[])[] = [];
    if (head > 0) {
      stack.seat(Array.from({ length: first!.width }, next));
      reached = stack.run(head);
    }

    const epochs: string[] = [];
    let slot: number | undefined;
    for (let turn = 0; ; turn += 1) {
      // Once there are no more arrangements the last one stays, but for those that ended.
      const wanted = arrangements[Math.min(turn, arrangements.length - 1)]!;
      const going = reached.flatMap((other, from) => (from === slot || ended(other) ? [] : [from]));
      const seats = wanted.others.map((kind): Seat => {
        const from = kind === 'stay' ? going.shift() : undefined;
        if (kind === 'idle') return null;
        return from === undefined ? next() : { from };
      });
      const own: Seat = slot === undefined ? { enter: { task: subject, dataset: shared } } : { from: slot };
      stack.seat(seats.toSpliced(wanted.slot, 0, own));
      slot = wanted.slot;
      reached = stack.run(wanted.epochs);
      epochs.push(...reached[slot]!.map(epochLine));
      if (ended(reached[slot]!)) return { epochs, weights: weightBits(stack, slot) };
    }
  } finally {
    stack.dispose();
  }
}

test.each(SHARES)(
  'on %s a trial has the same bits alone and in any slot, any company and after any rearrangement',
  { timeout: 60_000 + RUNS * MILLISECONDS_PER_RUN },
  async (name, share) => {
    const backend = await loadBackend(name);
    fc.assert(
      fc.property(scenario, (random) => {
        const entrant = { task: random.subject, dataset: buildDataset(random.program) };
        expect(trainInCompany(random, backend)).toEqual(trainAlone(random.program, backend, entrant));
      }),
      { numRuns: Math.ceil(RUNS * share), seed: SEED },
    );
  },
);
