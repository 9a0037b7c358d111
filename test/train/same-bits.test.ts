/** The heart of the promise: a trial's numbers are the same bits alone and in any company. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { Ops } from '../../workers/backend/ops/ops.ts';
import type { Dataset } from '../../workers/data/dataset.ts';
import type { BackendName } from '../../workers/protocol.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';
import { Stack, type Seat } from '../../workers/train/stack.ts';
import { STATUS } from '../../workers/train/stopping.ts';
import { buildDataset } from './builders.ts';
import { randomProgram, randomTask } from './random-program.ts';
import { epochLine, trainAlone, weightBits, type Trajectory } from './trajectory.ts';

/** For a long run: NIGHTSWEEP_BITS_RUNS=20000 NIGHTSWEEP_BITS_SEED=$RANDOM NIGHTSWEEP_BITS_WIDTH=600. */
const RUNS = Number(process.env['NIGHTSWEEP_BITS_RUNS'] ?? 300);
const SEED = Number(process.env['NIGHTSWEEP_BITS_SEED'] ?? 20_26);
/** The backends in JavaScript are slow, and a run of theirs is rare: a share of the runs. */
const SHARES: readonly (readonly [BackendName, number])[] = [
  ['native', 1],
  ['wasm', 0.2],
  ['cpu', 0.1],
];
const MILLISECONDS_PER_RUN = 3_000;

const WIDTHS = [2, 3, 5, 8, 16, 32] as const;

/** How the stack is arranged before an epoch: its width, the subject's slot, and whom else it seats. */
interface Arrangement {
  readonly width: number;
  readonly slot: number;
  /** Per other slot: stay (where one is left over), a new trial, or nobody. */
  readonly others: readonly ('stay' | 'new' | 'idle')[];
}

interface Scenario {
  readonly program: Program;
  readonly subject: TrialTask;
  readonly company: readonly TrialTask[];
  readonly ownData: boolean;
  /** Epochs that the company trains before the subject enters. */
  readonly head: number;
  /** The first when the subject enters; each further one after another epoch, while there are any. */
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

function trainInCompany({ program, subject, company, ownData, head, arrangements }: Scenario, ops: Ops): Trajectory {
  const shared = buildDataset(program);
  let entered = 0;
  const next = (): Seat => {
    entered += 1;
    const dataset: Dataset = ownData ? buildDataset(program, 1 + entered) : shared;
    return { enter: { task: company[entered % company.length]!, dataset } };
  };
  const stack = new Stack(program, ops);
  try {
    const [first] = arrangements;
    if (head > 0) stack.seat(Array.from({ length: first!.width }, next));
    for (let epoch = 0; epoch < head; epoch += 1) stack.runEpoch();

    const epochs: string[] = [];
    let slot: number | undefined;
    for (let turn = 0; ; turn += 1) {
      const wanted = arrangements[turn];
      if (wanted) {
        const left = Array.from({ length: stack.width }, (_, from) => from).filter((from) => from !== slot);
        const seats = wanted.others.map((kind): Seat => {
          const from = kind === 'stay' ? left.shift() : undefined;
          if (kind === 'idle') return null;
          return from === undefined ? next() : { from };
        });
        const own: Seat = slot === undefined ? { enter: { task: subject, dataset: shared } } : { from: slot };
        stack.seat(seats.toSpliced(wanted.slot, 0, own));
        slot = wanted.slot;
      }
      const reached = stack.runEpoch()[slot!]!;
      epochs.push(epochLine(reached));
      if (reached.status !== STATUS.running) return { epochs, weights: weightBits(stack, slot!) };
    }
  } finally {
    stack.dispose();
  }
}

test.each(SHARES)(
  'on %s a trial has the same bits alone and in any slot, any company and after any rearrangement',
  { timeout: 60_000 + RUNS * MILLISECONDS_PER_RUN },
  async (name, share) => {
    const { ops } = await loadBackend(name);
    fc.assert(
      fc.property(scenario, (random) => {
        const alone = trainAlone(random.program, ops, { task: random.subject, dataset: buildDataset(random.program) });
        expect(trainInCompany(random, ops)).toEqual(alone);
      }),
      { numRuns: Math.ceil(RUNS * share), seed: SEED },
    );
  },
);
