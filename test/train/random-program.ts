/** Random programs and trials of every kind that there is, for laws that must hold for all of them. */

import fc from 'fast-check';
import type { ActivationName, ConstraintName, InitializerName, Kind, LossName } from '../../src/definition/resolved.ts';
import type { BaseMetric } from '../../src/metrics.ts';
import { isWeighted, type OptimizerProgram, type Program, type TrialTask } from '../../workers/train/program.ts';
import { buildProgram, buildTask, type LayerOptions, type ProgramOptions } from './builders.ts';

const ACTIVATIONS = [
  ...(['linear', 'relu', 'tanh', 'sigmoid', 'softmax'] as const),
  ...(['elu', 'selu', 'leaky_relu', 'softplus', 'softsign'] as const),
] satisfies ActivationName[];
const CONSTRAINTS = ['unit_norm', 'max_norm', 'min_max_norm', 'non_neg'] satisfies ConstraintName[];
/** Of any layer; wider ones are for long runs. */
const LARGEST_WIDTH = Number(process.env['NIGHTSWEEP_BITS_WIDTH'] ?? 40);
/** Keeps an epoch short: at most so many steps. */
const STEPS = 9;

const width = fc.integer({ min: 1, max: LARGEST_WIDTH });

function often(share: number): fc.Arbitrary<boolean> {
  return fc.integer({ min: 1, max: 100 }).map((number) => number > 100 - 100 * share);
}

/** One of these in so many layers, else null. */
function rarely<T>(share: number, ...values: readonly T[]): fc.Arbitrary<T | null> {
  return often(share).chain((chosen) => (chosen ? fc.constantFrom(...values) : fc.constant(null)));
}

const weights = {
  l1: often(0.3),
  l2: often(0.4),
  bias_l1: often(0.1),
  bias_l2: often(0.1),
  constraint: rarely(0.25, ...CONSTRAINTS),
};

const hiddenLayer: fc.Arbitrary<LayerOptions> = fc.record({
  ...weights,
  units: width,
  activation: fc.constantFrom(...ACTIVATIONS),
  activity_l1: often(0.1),
  activity_l2: often(0.1),
  normalization: rarely(0.25, 'batch_normalization' as const, 'layer_normalization' as const),
  weight_noise: often(0.1),
  noise_before: often(0.2),
  noise_after: often(0.2),
  dropout: often(0.4),
});

/** One that, under a single output, has its gradients in one pass: see `gated.ts`. */
const gatedLayer: fc.Arbitrary<LayerOptions> = fc.record({
  ...weights,
  units: fc.integer({ min: 64, max: 70 }),
  activation: fc.constant('relu' as const),
  dropout: often(0.5),
});

interface End extends Pick<Program, 'loss' | 'label_smoothing' | 'class_weight'> {
  readonly output: LayerOptions;
  readonly metrics: readonly BaseMetric[];
}

function ends(
  losses: readonly LossName[],
  units: fc.Arbitrary<number>,
  activations: readonly ActivationName[],
  kind: 'number' | 'class',
): fc.Arbitrary<End> {
  const isClass = kind === 'class';
  return fc.record({
    loss: fc.constantFrom(...losses),
    output: fc.record({ ...weights, units, activation: fc.constantFrom(...activations) }),
    label_smoothing: isClass ? often(0.2) : fc.constant(false),
    class_weight: isClass ? often(0.2) : fc.constant(false),
    metrics: isClass ? fc.subarray<BaseMetric>(['auc', 'f1', 'precision', 'recall']) : fc.constant([]),
  });
}

const one = fc.constant(1);
const end: fc.Arbitrary<End> = fc.oneof(
  ends(['mse', 'mae', 'msle', 'huber', 'poisson'], one, ['linear', 'relu', 'tanh', 'sigmoid', 'softplus'], 'number'),
  ends(['binary_crossentropy'], one, ['sigmoid', 'linear', 'relu', 'tanh'], 'class'),
  ends(['hinge', 'squared_hinge'], one, ['tanh', 'linear'], 'class'),
  ends(
    ['categorical_crossentropy', 'sparse_categorical_crossentropy', 'kl_divergence'],
    fc.integer({ min: 2, max: 11 }),
    ['softmax'],
    'class',
  ),
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

const optimizer: fc.Arbitrary<OptimizerProgram> = often(0.25).chain((weight_decay) =>
  fc.constantFrom<OptimizerProgram>(
    { name: 'adam', amsgrad: false, weight_decay },
    { name: 'adam', amsgrad: true, weight_decay },
    { name: 'adamax', weight_decay },
    { name: 'nadam', weight_decay },
    { name: 'adagrad', weight_decay },
    { name: 'rmsprop', momentum: false, centered: false, weight_decay },
    { name: 'rmsprop', momentum: true, centered: true, weight_decay },
    { name: 'sgd', momentum: false, nesterov: false, weight_decay },
    { name: 'sgd', momentum: true, nesterov: false, weight_decay },
    { name: 'sgd', momentum: true, nesterov: true, weight_decay },
  ),
);

const schedule = rarely<NonNullable<Program['schedule']>>(
  0.4,
  { name: 'exponential_decay', staircase: false },
  { name: 'inverse_time_decay', staircase: true },
  { name: 'polynomial_decay', cycle: true },
  { name: 'cosine_decay', warmup: true },
  { name: 'piecewise_constant', pieces: 3 },
  { name: 'reduce_on_plateau', monitor: 'validation_loss' },
);

const ending = fc
  .constantFrom<Pick<ProgramOptions, 'monitor' | 'keep' | 'keep_metric'>>(
    { monitor: null, keep: 'last' },
    { monitor: null, keep: 'best', keep_metric: 'validation_loss' },
    { monitor: null, keep: 'epoch' },
    { monitor: 'validation_loss', keep: 'last' },
    { monitor: 'validation_loss', keep: 'best', keep_metric: 'train_loss' },
    { monitor: 'validation_data_loss', keep: 'before_trigger' },
    { monitor: 'train_loss', keep: 'trigger_start' },
  )
  .chain((rules) =>
    fc
      .constantFrom(
        'no_improvement' as const,
        'absolute_change' as const,
        'decrease' as const,
        'average_change' as const,
      )
      .map((trigger) => ({ ...rules, trigger })),
  );

export const randomProgram: fc.Arbitrary<Program> = fc
  .record({
    width,
    hidden: fc.oneof(
      { weight: 4, arbitrary: fc.array(hiddenLayer, { maxLength: 2 }) },
      { weight: 1, arbitrary: gatedLayer.map((layer) => [layer]) },
    ),
    end,
    rows,
    optimizer,
    schedule,
    clip: fc.record({ variable_norm: often(0.3), global_norm: often(0.3), value: often(0.3) }),
    noise: fc.record({ gradients: often(0.1), labels: often(0.1) }),
    input: fc.record({ noise: often(0.2), dropout: often(0.2) }),
    counts_steps: often(0.15),
    layer_history: fc.record({ weight_norms: often(0.15), gradient_norms: often(0.15) }),
    ending,
  })
  .map(({ hidden, end: { output, ...targets }, rows: { batch, parts }, ending: rules, ...rest }) =>
    buildProgram({ ...rest, ...rules, ...targets, batch, parts, layers: [...hidden, output] }),
  );

const INITIALIZERS: readonly Kind<InitializerName>[] = [
  { name: 'glorot_uniform' },
  { name: 'he_normal' },
  { name: 'orthogonal', gain: 1 },
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
      every: fc.constantFrom(1, 1, 2),
      // With the largest one some trials diverge.
      rate: fc.constantFrom(1e-3, 0.01, 0.03, 0.1, 0.5, 1e15),
      strength: fc.constantFrom(0, 1e-4, 0.01, 0.1),
      share: fc.constantFrom(0, 0.1, 0.5, 0.77),
      // A stack whose slots have them in common is trained by another op.
      beta: fc.constantFrom(0.9, 0.9, 0.9, 0.6),
      limit: fc.constantFrom(1e-3, 0.1, 10),
      keepEpoch: fc.integer({ min: 1, max: 4 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ trial, seed, replicate, initializer, keepEpoch, ...numbers }) => {
      const task = buildTask(program, {
        trial,
        seed,
        replicate,
        initializers: program.layers.map((layer) =>
          isWeighted(layer) ? { kernel: initializer, bias: { name: 'random_normal', mean: 0, stddev: 0.1 } } : null,
        ),
      });
      const stepsPerEpoch = Math.ceil(program.data.parts.train / program.batch);
      const numberFor = (name: string, value: number): number => {
        if (name === 'epochs' || name === 'patience' || name === 'every') return numbers[name];
        // Somewhere inside the last epoch.
        if (name === 'steps') return stepsPerEpoch * numbers.epochs - Math.floor(numbers.part * stepsPerEpoch);
        if (name === 'keep.epoch') return keepEpoch;
        if (name.endsWith('learning_rate')) return numbers.rate;
        if (name.endsWith('beta_1')) return numbers.beta;
        if (/\.(bias_|activity_)?l[12]$/.test(name)) return numbers.strength;
        if (/\.(dropout|noise|noise_before|noise_after|weight_noise)$/.test(name)) return numbers.share;
        if (name.startsWith('clip.')) return numbers.limit;
        return value;
      };
      const hyper = Object.entries(task.hyper).map(([name, value]) => [name, numberFor(name, value)] as const);
      return { ...task, hyper: Object.fromEntries(hyper) };
    });
}
