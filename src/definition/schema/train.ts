/** The `train` section: loss, optimizer, learning-rate schedules, clipping, budget, stopping and which epoch is kept. */

import { z } from 'zod';
import { kind, off, orBareName, positiveInteger, rate, strength } from './kind.ts';

export const loss = orBareName(
  z.discriminatedUnion('name', [
    kind('mse'),
    kind('binary_crossentropy'),
    kind('categorical_crossentropy'),
    kind('sparse_categorical_crossentropy'),
    kind('mae'),
    kind('msle'),
    kind('huber', { delta: z.number().gt(0).default(1) }),
    kind('hinge'),
    kind('squared_hinge'),
    kind('kl_divergence'),
    kind('poisson'),
  ]),
);

const started = { initial_learning_rate: z.number().gt(0) };
/** Either one must be there; checked with everything else that spans two keys. */
const decay = { decay_steps: positiveInteger.optional(), decay_epochs: positiveInteger.optional() };

export const schedule = z.discriminatedUnion('name', [
  kind('exponential_decay', {
    ...started,
    ...decay,
    decay_rate: z.number().gt(0),
    staircase: z.boolean().default(false),
  }),
  kind('inverse_time_decay', {
    ...started,
    ...decay,
    decay_rate: z.number().gt(0),
    staircase: z.boolean().default(false),
  }),
  kind('polynomial_decay', {
    ...started,
    ...decay,
    end_learning_rate: z.number().min(0).default(0.0001),
    power: z.number().default(1),
    cycle: z.boolean().default(false),
  }),
  kind('cosine_decay', {
    ...started,
    ...decay,
    alpha: z.number().min(0).default(0),
    warmup_target: z.number().gt(0).optional(),
    warmup_steps: z.int().min(0).default(0),
  }),
  kind('piecewise_constant', {
    boundaries: z.array(positiveInteger).min(1).describe('In epochs.'),
    values: z.array(z.number().gt(0)).min(2),
  }),
  kind('reduce_on_plateau', {
    ...started,
    monitor: z.string().optional(),
    factor: z.number().gt(0).lt(1).default(0.1),
    patience: z.int().min(0).default(10),
    min_delta: z.number().min(0).default(1e-4),
    cooldown: z.int().min(0).default(0),
    min_learning_rate: z.number().min(0).default(0),
  }),
]);

export type Schedule = z.output<typeof schedule>;

const learningRate = (initial: number) =>
  z
    .union([z.number().gt(0), schedule])
    .default(initial)
    .describe('A number or a schedule.');
const beta = (initial: number) => z.number().min(0).lt(1).default(initial);
const epsilon = z.number().gt(0).default(1e-7);
const weight_decay = strength('Decoupled: shrinks every weight by learning_rate * weight_decay per step.');
const moments = { beta_1: beta(0.9), beta_2: beta(0.999), epsilon };

export const optimizer = orBareName(
  z.discriminatedUnion('name', [
    kind('sgd', {
      learning_rate: learningRate(0.01),
      momentum: beta(0),
      nesterov: z.boolean().default(false),
      weight_decay,
    }),
    kind('adam', { learning_rate: learningRate(0.001), ...moments, amsgrad: z.boolean().default(false), weight_decay }),
    kind('adamw', {
      learning_rate: learningRate(0.001),
      ...moments,
      amsgrad: z.boolean().default(false),
      weight_decay: z.union([z.number().min(0), off]).default(0.004),
    }),
    kind('adamax', { learning_rate: learningRate(0.001), ...moments, weight_decay }),
    kind('nadam', { learning_rate: learningRate(0.001), ...moments, weight_decay }),
    kind('rmsprop', {
      learning_rate: learningRate(0.001),
      rho: beta(0.9),
      momentum: beta(0),
      epsilon,
      centered: z.boolean().default(false),
      weight_decay,
    }),
    kind('adagrad', {
      learning_rate: learningRate(0.001),
      initial_accumulator_value: z.number().min(0).default(0.1),
      epsilon,
      weight_decay,
    }),
  ]),
);

const limit = (description: string) =>
  z
    .union([z.number().gt(0), off])
    .prefault('none')
    .describe(description);

const clip = z
  .union([
    off,
    z.strictObject({
      variable_norm: limit('Largest norm of the gradient of each variable.'),
      global_norm: limit('Largest norm of all gradients together.'),
      value: limit('Largest absolute value of each number; acts after the norm.'),
    }),
  ])
  .prefault('none')
  .describe('Limits on the gradients.');

const earlyStopping = z
  .union([
    off,
    z.strictObject({
      monitor: z.string().describe('A metric such as validation_loss.'),
      patience: z.int().min(0).default(0).describe('Stop after this many epochs in a row without improvement; 0 is 1.'),
      min_delta: z.number().min(0).default(0).describe('Less than this is no improvement.'),
      trigger: z
        .enum(['no_improvement', 'absolute_change', 'decrease', 'average_change'])
        .default('no_improvement')
        .describe('What counts as a reason to stop.'),
      every: positiveInteger.default(1).describe('Look at every n-th epoch, and at the last.'),
    }),
  ])
  .prefault('none')
  .describe('Stop a trial that no longer improves.');

const keep = z
  .union([
    z.enum(['last', 'best', 'before_trigger', 'trigger_start']),
    positiveInteger,
    z.strictObject({ best: z.string().describe('The metric by which the best epoch is found.') }),
  ])
  .default('last')
  .describe(
    "Which epoch's metrics are the trial's: last | best | { best: metric } | before_trigger | trigger_start | an epoch.",
  );

export const trainSection = z
  .strictObject({
    loss: loss.describe('What is minimised.'),
    optimizer: optimizer.describe('sgd | adam | ..., or { name, ...arguments }.'),
    clip,
    batch_size: z
      .union([positiveInteger, z.literal('full')])
      .default(32)
      .describe('Rows per step, or `full`.'),
    epochs: positiveInteger.optional().describe('Passes over the training part; this or `steps`.'),
    steps: positiveInteger.optional().describe('Updates; this or `epochs`.'),
    early_stopping: earlyStopping,
    keep,
    noise: z
      .strictObject({
        gradients: strength('Standard deviation of Gaussian noise on the gradients.'),
        labels: strength(
          'Probability of another class (classes), or standard deviation of Gaussian noise (numbers), drawn anew in every step.',
        ),
      })
      .prefault({})
      .describe('Noise in training besides that of the layers.'),
    label_smoothing: rate('Share by which the targets of classes move towards equal shares, in training.'),
    class_weight: z
      .union([off, z.literal('balanced'), z.record(z.string(), z.number().min(0))])
      .prefault('none')
      .describe('Weight of each class in the loss.'),
  })
  .describe('Loss, optimizer, budget, stopping.');
export type TrainSection = z.output<typeof trainSection>;
