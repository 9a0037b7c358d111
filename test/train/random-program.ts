/** Random programs and trials of every kind that there is, for laws that must hold for all of them. */

import fc from 'fast-check';
import type { ActivationName, InitializerName, Kind } from '../../src/definition/resolved.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';
import { buildProgram, buildTask, type LayerOptions, type ProgramOptions } from './builders.ts';

const ACTIVATIONS = ['linear', 'relu', 'tanh', 'sigmoid', 'softmax'] as const satisfies ActivationName[];
/** Of any layer; wider ones are for long runs. */
const LARGEST_WIDTH = Number(process.env['NIGHTSWEEP_BITS_WIDTH'] ?? 40);
/** Keeps an epoch short: at most so many steps. */
const STEPS = 9;

const width = fc.integer({ min: 1, max: LARGEST_WIDTH });

const hiddenLayer: fc.Arbitrary<LayerOptions> = fc.record({
  units: width,
  activation: fc.constantFrom(...ACTIVATIONS),
  l1: fc.boolean(),
  l2: fc.boolean(),
  noise_before: often(0.2),
  noise_after: often(0.2),
  dropout: often(0.4),
});

function often(share: number): fc.Arbitrary<boolean> {
  return fc.integer({ min: 1, max: 100 }).map((number) => number > 100 - 100 * share);
}

const lossAndOutput: fc.Arbitrary<Pick<Program, 'loss'> & { readonly output: LayerOptions }> = fc.oneof(
  fc.record({
    loss: fc.constantFrom('mse' as const, 'binary_crossentropy' as const),
    output: fc.record({
      units: fc.constant(1),
      activation: fc.constantFrom('linear' as const, 'relu' as const, 'tanh' as const, 'sigmoid' as const),
      l2: fc.boolean(),
    }),
  }),
  fc.record({
    loss: fc.constant('categorical_crossentropy' as const),
    output: fc.record({
      units: fc.integer({ min: 2, max: 11 }),
      activation: fc.constant('softmax' as const),
      l1: fc.boolean(),
    }),
  }),
);

const rows = fc.oneof(fc.integer({ min: 1, max: 33 }), fc.constant('full' as const)).chain((batch) =>
  fc.record({
    batch: fc.constant(batch),
    parts: fc.record({
      train: fc.integer({ min: 3, max: Math.min(60, batch === 'full' ? 60 : Math.max(3, batch * STEPS)) }),
      validation: fc.integer({ min: 2, max: 20 }),
      test: fc.integer({ min: 0, max: 20 }),
    }),
  }),
);

const optimizer: fc.Arbitrary<Program['optimizer']> = fc.constantFrom(
  { name: 'adam' },
  { name: 'sgd', momentum: false, nesterov: false },
  { name: 'sgd', momentum: true, nesterov: false },
  { name: 'sgd', momentum: true, nesterov: true },
);

const ending = fc.constantFrom<Pick<ProgramOptions, 'monitor' | 'keep' | 'keep_metric'>>(
  { monitor: null, keep: 'last' },
  { monitor: null, keep: 'best', keep_metric: 'validation_loss' },
  { monitor: null, keep: 'epoch' },
  { monitor: 'validation_loss', keep: 'last' },
  { monitor: 'validation_loss', keep: 'best', keep_metric: 'train_loss' },
  { monitor: 'validation_data_loss', keep: 'before_trigger' },
  { monitor: 'train_loss', keep: 'trigger_start' },
);

export const randomProgram: fc.Arbitrary<Program> = fc
  .record({
    width,
    hidden: fc.array(hiddenLayer, { maxLength: 2 }),
    end: lossAndOutput,
    rows,
    optimizer,
    clip: fc.record({ variable_norm: often(0.3), global_norm: often(0.3), value: often(0.3) }),
    input: fc.record({ noise: often(0.2), dropout: often(0.2) }),
    ending,
  })
  .map(({ hidden, end, rows: { batch, parts }, ending: rules, ...rest }) =>
    buildProgram({ ...rest, ...rules, batch, parts, loss: end.loss, layers: [...hidden, end.output] }),
  );

const INITIALIZERS: readonly Kind<InitializerName>[] = [
  { name: 'glorot_uniform' },
  { name: 'he_normal' },
  { name: 'random_normal', mean: 0, stddev: 0.3 },
];

/** A trial of the program with numbers of its own, from mild to diverging. */
export function randomTask(program: Program): fc.Arbitrary<TrialTask> {
  return fc
    .record({
      trial: fc.nat(1000),
      seed: fc.nat(3),
      replicate: fc.nat(5),
      initializer: fc.constantFrom(...INITIALIZERS),
      epochs: fc.integer({ min: 1, max: 6 }),
      patience: fc.nat(2),
      // With the largest one some trials diverge.
      rate: fc.constantFrom(1e-3, 0.01, 0.03, 0.1, 0.5, 1e15),
      strength: fc.constantFrom(0, 1e-4, 0.01, 0.1),
      share: fc.constantFrom(0, 0.1, 0.5, 0.77),
      limit: fc.constantFrom(1e-3, 0.1, 10),
      keepEpoch: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ trial, seed, replicate, initializer, epochs, patience, rate, strength, share, limit, keepEpoch }) => {
      const task = buildTask(program, {
        trial,
        seed,
        replicate,
        initializers: program.layers.map(() => ({
          kernel: initializer,
          bias: { name: 'random_normal', mean: 0, stddev: 0.1 },
        })),
      });
      const numberFor = (name: string, value: number): number => {
        if (name === 'epochs') return epochs;
        if (name === 'patience') return patience;
        if (name === 'keep.epoch') return keepEpoch;
        if (name.endsWith('learning_rate')) return rate;
        if (/\.l[12]$/.test(name)) return strength;
        if (/\.(dropout|noise|noise_before|noise_after)$/.test(name)) return share;
        if (name.startsWith('clip.')) return limit;
        return value;
      };
      const hyper = Object.entries(task.hyper).map(([name, value]) => [name, numberFor(name, value)] as const);
      return { ...task, hyper: Object.fromEntries(hyper) };
    });
}
