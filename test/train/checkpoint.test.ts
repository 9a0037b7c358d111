/** A trial that stops, is stored and goes on elsewhere is the same bits as one that was never disturbed. */

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ModelModule } from '../../src/module-types.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import {
  CHECKPOINT_VERSION,
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type CheckpointForm,
} from '../../workers/train/checkpoint.ts';
import { layoutsOf } from '../../workers/train/layout.ts';
import { moduleNetwork } from '../../workers/train/module/network.ts';
import { stepsPerEpoch, type Program, type TrialTask } from '../../workers/train/program.ts';
import { Stack, type Entrant, type Seat, type SlotEpoch, type StackOptions } from '../../workers/train/stack.ts';
import { STATUS } from '../../workers/train/stopping.ts';
import { buildDataset, buildProgram, buildTask } from './builders.ts';
import { moduleProgram } from './module/modules.ts';
import { randomProgram, randomTask } from './random-program.ts';
import { epochLine, trainAlone, weightBits, type Trajectory } from './trajectory.ts';

/** For a long run: NIGHTSWEEP_CHECKPOINT_RUNS=5000 NIGHTSWEEP_CHECKPOINT_SEED=$RANDOM. */
const RUNS = Number(process.env['NIGHTSWEEP_CHECKPOINT_RUNS'] ?? 30);
const SEED = Number(process.env['NIGHTSWEEP_CHECKPOINT_SEED'] ?? 20_26);
const MILLISECONDS_PER_RUN = 3_000;

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

/** Where the subject sits, with how many others. */
interface Place {
  readonly width: number;
  readonly slot: number;
}

interface Scenario {
  readonly program: Program;
  readonly subject: TrialTask;
  readonly company: readonly TrialTask[];
  readonly options: StackOptions;
  /** The epoch of the checkpoint. */
  readonly cut: number;
  readonly before: Place;
  readonly after: Place;
  /** Epochs that the second stack's company has trained before the subject enters. */
  readonly head: number;
}

const place: fc.Arbitrary<Place> = fc
  .constantFrom(2, 3, 5, 8)
  .chain((width) => fc.record({ width: fc.constant(width), slot: fc.nat(width - 1) }));

const scenario: fc.Arbitrary<Scenario> = randomProgram.chain((program) =>
  fc
    .record({
      program: fc.constant(program),
      subject: randomTask(program).map((task) => longer(program, task)),
      company: fc.array(randomTask(program), { minLength: 1, maxLength: 4 }),
      layout: fc.constantFrom(...layoutsOf(program)),
      // Compiling takes most of the time.
      eager: fc.constantFrom(true, true, false),
      cut: fc.integer({ min: 1, max: 3 }),
      before: place,
      after: place,
      head: fc.nat(1),
    })
    .map(({ layout, eager, ...rest }) => {
      const options = { layout, eager };
      if (layout !== 'single') return { ...rest, options };
      const alone = { width: 1, slot: 0 };
      return { ...rest, options, before: alone, after: alone };
    }),
);

/** By two epochs, so that most trials still run when they are cut. */
function longer(program: Program, task: TrialTask): TrialTask {
  const { epochs, steps } = task.hyper;
  const more = steps === undefined ? {} : { steps: steps + 2 * stepsPerEpoch(program) };
  return { ...task, hyper: { ...task.hyper, epochs: epochs! + 2, ...more } };
}

/** Trains the subject in a stack up to the epoch, or to its end; the others are replaced as they end. */
class Company {
  readonly stack: Stack;
  readonly lines: string[] = [];
  #reached: readonly (readonly SlotEpoch[])[] = [];
  readonly #others: readonly Entrant[];
  #entered = 0;

  constructor(program: Program, others: readonly Entrant[], options: StackOptions) {
    this.stack = new Stack(program, backend, options);
    this.#others = others;
  }

  /** The others alone. */
  warm({ width }: Place, epochs: number): void {
    this.stack.seat(Array.from({ length: width }, () => this.#other()));
    this.#reached = this.stack.run(epochs);
  }

  train(subject: Entrant, { width, slot }: Place, until = Infinity): SlotEpoch {
    let seat: Seat = { enter: subject };
    for (;;) {
      const seats = Array.from({ length: width }, (_, at): Seat => {
        if (at === slot) return seat;
        return this.#reached[at]?.at(-1)?.status === STATUS.running ? { from: at } : this.#other();
      });
      this.stack.seat(seats);
      seat = { from: slot };
      this.#reached = this.stack.run(until === Infinity ? 2 : 1);
      this.lines.push(...this.#reached[slot]!.map(epochLine));
      const last = this.#reached[slot]!.at(-1)!;
      if (last.status !== STATUS.running || last.epoch >= until) return last;
    }
  }

  #other(): Seat {
    this.#entered += 1;
    return { enter: this.#others[this.#entered % this.#others.length]! };
  }
}

function formOf(program: Program, stack: Stack): CheckpointForm {
  return { metrics: program.metrics, entries: stack.entries };
}

function checkpointOf(stack: Stack, slot: number, { epoch, values, keptEpoch }: SlotEpoch): Checkpoint {
  const row = { epoch, values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)) };
  const recorder = { best: row, kept: keptEpoch === epoch ? row : null, last: row };
  return { epoch, seconds: 0.25, lastLoss: 0.5, recorder, state: stack.states([slot])[0]! };
}

/** Undefined where the trial ends before it is cut. */
function trainCut(scenario: Scenario): Trajectory | undefined {
  const { program, subject, company, options, cut, before, after, head } = scenario;
  const dataset = buildDataset(program);
  const others = company.map((task) => ({ task, dataset }));
  const first = new Company(program, others, options);
  const second = new Company(program, others, options);
  try {
    const reached = first.train({ task: subject, dataset }, before, cut);
    if (reached.status !== STATUS.running) return undefined;
    const form = formOf(program, first.stack);
    const bytes = encodeCheckpoint(checkpointOf(first.stack, before.slot, reached), form);
    const from = decodeCheckpoint(bytes, form);
    if (typeof from === 'string') throw new Error(from);
    if (head > 0 && after.width > 1) second.warm(after, head);
    second.train({ task: subject, dataset, from }, after);
    return { epochs: [...first.lines, ...second.lines], weights: weightBits(second.stack, after.slot) };
  } finally {
    first.stack.dispose();
    second.stack.dispose();
  }
}

test(
  'a trial that goes on from a checkpoint, in any slot, company and layout, has the bits of the undisturbed one',
  { timeout: 60_000 + RUNS * MILLISECONDS_PER_RUN },
  () => {
    fc.assert(
      fc.property(scenario, (random) => {
        const resumed = trainCut(random);
        fc.pre(resumed !== undefined);
        const { program, subject, options } = random;
        const entrant = { task: subject, dataset: buildDataset(program) };
        expect(resumed).toEqual(trainAlone(program, backend, entrant, options));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  },
);

test.each([true, false])("so has one of a module's model, with its moving means (op by op: %s)", (eager) => {
  const create: ModelModule = (tf) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 6, activation: 'relu', inputShape: [3] }),
        tf.layers.batchNormalization(),
        tf.layers.dropout({ rate: 0.3 }),
        tf.layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
    });
  const program = moduleProgram({
    optimizer: { name: 'adam', amsgrad: true, weight_decay: false },
    monitor: 'validation_loss',
    keep: 'best',
    keep_metric: 'validation_loss',
  });
  const options = { eager, network: moduleNetwork(program, backend.ops, create) };
  const subject = buildTask(program, { hyper: { epochs: 7, patience: 9 } });
  const alone = { width: 1, slot: 0 };
  const resumed = trainCut({ program, subject, company: [], options, cut: 3, before: alone, after: alone, head: 0 });
  const entrant = { task: subject, dataset: buildDataset(program) };
  expect(resumed).toEqual(trainAlone(program, backend, entrant, options));
  expect(resumed!.epochs).toHaveLength(7);
});

test('states of several slots are read at once, each in its place', () => {
  const program = buildProgram({ optimizer: { name: 'adam', amsgrad: false, weight_decay: false } });
  const stack = new Stack(program, backend);
  const dataset = buildDataset(program);
  stack.seat([0, 1, 2].map((replicate) => ({ enter: { task: buildTask(program, { replicate }), dataset } })));
  stack.run(2);
  const [third, first] = stack.states([2, 0]);
  expect(third).toEqual(stack.states([2])[0]);
  expect(first).toEqual(stack.states([0])[0]);
  expect(first).not.toEqual(third);
  expect(Object.keys(first!)).toEqual(stack.entries.map(({ name }) => name));
  stack.dispose();
});

describe('bytes', () => {
  const form: CheckpointForm = {
    metrics: ['train_loss', 'validation_loss'],
    entries: [
      { name: 't', dtype: 'int32', shape: [], initial: 0 },
      { name: 'w', dtype: 'float32', shape: [2, 2], initial: 'network' },
    ],
  };
  const last = {
    epoch: 7,
    values: [0.1, null],
    layers: [{ layer: 0, kernel_norm: 1, gradient_norm: null, clipped_share: 0 }],
  };
  const checkpoint: Checkpoint = {
    epoch: 7,
    seconds: 1.5,
    lastLoss: null,
    recorder: { best: { epoch: 3, values: [1 / 3, 5e-324] }, kept: null, last },
    state: { t: Int32Array.of(-70_000), w: Float32Array.of(0.1, -0, Infinity, 1e-45) },
  };
  const bytes = encodeCheckpoint(checkpoint, form);

  test('give back what went in, wherever they lie in memory', () => {
    expect(decodeCheckpoint(bytes, form)).toEqual(checkpoint);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeCheckpoint(shifted.subarray(3), form)).toEqual(checkpoint);
  });

  test('are little-endian: magic, version, length of the header, header, numbers', () => {
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('NSCP');
    expect(view.getUint32(4, true)).toBe(CHECKPOINT_VERSION);
    const start = 12 + view.getUint32(8, true);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(12, start)))).toHaveProperty('epoch', 7);
    expect(view.getInt32(start, true)).toBe(-70_000);
    expect(view.getFloat32(start + 4, true)).toBe(Math.fround(0.1));
    expect(bytes).toHaveLength(start + 5 * 4);
  });

  const [counter, kernel] = form.entries as [CheckpointForm['entries'][0], CheckpointForm['entries'][0]];
  const others: readonly (readonly [string, Partial<CheckpointForm>, string])[] = [
    [
      'another metric',
      { metrics: ['train_loss'] },
      'it must have metrics train_loss, but has metrics train_loss, validation_loss',
    ],
    [
      'another entry',
      { entries: [counter, { ...kernel, name: 'v' }] },
      'its numbers must be those of this network (v of 4 float32), but are others (w of 4 float32)',
    ],
    [
      'another length',
      { entries: [counter, { ...kernel, shape: [5] }] },
      'its numbers must be those of this network (w of 5 float32), but are others (w of 4 float32)',
    ],
    [
      'another type',
      { entries: [{ ...counter, dtype: 'float32' }, kernel] },
      'its numbers must be those of this network (t of 1 float32), but are others (t of 1 int32)',
    ],
    [
      'one entry more',
      { entries: [counter, kernel, { ...kernel, name: 'v' }] },
      'its numbers must be those of this network (v of 4 float32), but are others (no more)',
    ],
    [
      'one entry less',
      { entries: [counter] },
      'its numbers must be those of this network (no more), but are others (w of 4 float32)',
    ],
  ];
  test.each(others)('of a program with %s are refused', (_, other, reason) => {
    expect(decodeCheckpoint(bytes, { ...form, ...other })).toBe(reason);
  });

  test('of another version are refused', () => {
    const newer = bytes.slice();
    new DataView(newer.buffer).setUint32(4, CHECKPOINT_VERSION + 1, true);
    expect(decodeCheckpoint(newer, form)).toBe(
      `its format must be version ${CHECKPOINT_VERSION}, but is ${CHECKPOINT_VERSION + 1}`,
    );
  });

  test('that are cut off or too long, or are no checkpoint at all, are refused', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeCheckpoint(bytes.subarray(0, length), form)).toMatch(/^(it|its header) must /);
    }
    expect(decodeCheckpoint(new Uint8Array([...bytes, 0]), form)).toMatch(/^it must have \d+ bytes, but has \d+$/);
    fc.assert(fc.property(fc.uint8Array(), (random) => typeof decodeCheckpoint(random, form) === 'string'));
  });

  test('that were changed anywhere before the numbers are refused or still a whole checkpoint, never a crash', () => {
    const header = bytes.length - 5 * 4;
    fc.assert(
      fc.property(fc.nat(header - 1), fc.nat(255), (at, byte) => {
        const found = decodeCheckpoint(bytes.with(at, byte), form);
        if (typeof found !== 'string') expect(Object.keys(found.state)).toEqual(['t', 'w']);
      }),
      { seed: SEED },
    );
  });
});
