/** What a definition names, the engine takes: every argument arrives under the name by which training asks for it. */

import { beforeAll, expect, test } from 'vitest';
import { planSweep } from '../../src/coordinator/plan.ts';
import { resolveSweep } from '../../src/definition/resolve-sweep.ts';
import { isOwnSweep } from '../../src/definition/resolved.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { datasets } from '../../workers/data/cache.ts';
import { eventsOf, runCohort } from '../cohort/run-cohort.ts';
import { definition, soundly } from '../definition/reading.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('cpu');
});

const SPLIT = 'split: { train: 24, validation: 8, test: 8 }';
const SCHEDULES = `
    constant: 0.01
    exponential: { name: exponential_decay, initial_learning_rate: 0.1, decay_epochs: 2, decay_rate: 0.5 }
    inverse: { name: inverse_time_decay, initial_learning_rate: 0.1, decay_steps: 2, decay_rate: 0.5, staircase: true }
    polynomial: { name: polynomial_decay, initial_learning_rate: 0.1, decay_epochs: 2, cycle: true }
    cosine: { name: cosine_decay, initial_learning_rate: 0.1, decay_epochs: 2, warmup_target: 0.2, warmup_steps: 3 }
    pieces: { name: piecewise_constant, boundaries: [1, 2], values: [0.1, 0.01, 0.001] }
    plateau: { name: reduce_on_plateau, initial_learning_rate: 0.1, monitor: validation_recall, patience: 1 }`;

const DEFINITIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'classes, with everything on': {
    data: `{ generator: classification, samples: 40, features: 6, informative: 3, ${SPLIT} }`,
    model: `{ input: { noise: 0.1, dropout: 0.1 }, hidden: $hidden, layers: [
      { units: 4 }, { type: layer_normalization }, { units: 3, activation: $activation, weight_noise: 0.01 },
      { units: $head.units, activation: $head.activation, bias_l2: 0.1, l2_over_2m: 3 }] }`,
    train: `{ loss: $head.loss, optimizer: $optimizer, clip: { global_norm: 1, value: 0.5 }, batch_size: 10, steps: 7,
      noise: { gradients: 0.01, labels: 0.1 }, label_smoothing: 0.1, class_weight: $weights, keep: { best: validation_auc },
      early_stopping: { monitor: validation_f1, patience: 2, trigger: average_change, every: 2, min_delta: 0.01 } }`,
    search: `
  hidden: { values: {
    batch: { normalization: batch_normalization, constraint: max_norm, l1: 0.1, bias_l1: 0.1, activity_l1: 0.1, activity_l2: 0.1 },
    layer: { normalization: layer_normalization, constraint: { name: min_max_norm, rate: 0.5 }, noise_before: 0.1, noise_after: 0.1, dropout: 0.2 } } }
  activation: { values: { elu: elu, leaky: { name: leaky_relu, alpha: 0.1 }, selu: selu, softplus: softplus } }
  head: { values: {
    sigmoid: { loss: binary_crossentropy, units: 1, activation: sigmoid },
    hinge: { loss: hinge, units: 1, activation: tanh },
    softmax: { loss: sparse_categorical_crossentropy, units: 2, activation: softmax } } }
  optimizer: { values: {
    sgd: { name: sgd, momentum: 0.9, nesterov: true, weight_decay: 0.01, learning_rate: $rate },
    adam: { name: adam, amsgrad: true, learning_rate: $rate }, adamw: { name: adamw, learning_rate: $rate },
    adamax: { name: adamax, learning_rate: $rate }, nadam: { name: nadam, learning_rate: $rate },
    rmsprop: { name: rmsprop, momentum: 0.5, centered: true, learning_rate: $rate },
    adagrad: { name: adagrad, learning_rate: $rate } } }
  rate:
   values:${SCHEDULES}
  weights: { values: { none: none, balanced: balanced, own: { 0: 1, 1: 2 } } }`,
    method: '{ name: sobol, configs: 14 }',
    metrics: '[precision]',
    record: '{ weight_norms: true, gradient_norms: true }',
    objective: 'validation_accuracy',
  },
  numbers: {
    data: `{ generator: regression, samples: 40, features: 3, informative: 3, transform: { target: { name: min_max } }, ${SPLIT} }`,
    model: '{ layers: [{ units: 3, activation: softsign }, { units: 1, activation: softplus }] }',
    train: '{ loss: $loss, optimizer: adam, epochs: 2, batch_size: full, noise: { labels: 0.1 } }',
    search:
      '{ loss: { values: { mse: mse, mae: mae, msle: msle, huber: { name: huber, delta: 0.5 }, poisson: poisson } } }',
  },
  images: {
    data: `{ generator: classification, samples: 40, features: 32, informative: 9, redundant: 3, image: { height: 4, width: 4, channels: 2 },
      augment: { flip: both, shift_pixels: $shift, rotate_degrees: 10 }, ${SPLIT} }`,
    model: `{ hidden: { activation: relu, normalization: batch_normalization, constraint: radial, dropout: 0.1 }, layers: [
      { type: conv2d, filters: 3, kernel_size: 3, padding: same }, { type: $pooling }, { type: batch_normalization },
      { type: conv2d, filters: 2, kernel_size: 2 }, { type: $end }, { units: 1, activation: sigmoid }] }`,
    train: '{ loss: binary_crossentropy, optimizer: adam, epochs: 2, batch_size: 10 }',
    search:
      '{ shift: { values: [0, 1] }, pooling: { values: [max_pooling2d, average_pooling2d] }, end: { values: [flatten, global_average_pooling2d] } }',
    record: '{ weight_norms: true, gradient_norms: true }',
  },
};

test.each(Object.entries(DEFINITIONS))('%s', async (_, sections) => {
  const sweep = resolveSweep(soundly(definition(sections)), new Map());
  if (isOwnSweep(sweep)) throw new Error('must have data, model and train');
  const plan = planSweep(sweep);
  for (const { ordinal } of sweep.configs) {
    const program = plan.programs[plan.programOf(ordinal, 0)]!;
    const task = plan.task(1, ordinal, 0);
    if (!('layers' in program) || !('hyper' in task)) throw new Error('must train layers');
    const run = await runCohort(backend, program, { width: 1, trials: [task], dataset: (spec) => datasets.get(spec) });
    const [ended] = eventsOf(run, 'trial_ended');
    expect([ordinal, ended?.end.state]).toEqual([ordinal, 'completed']);
    expect(ended?.end.epochs).toBeLessThanOrEqual(plan.extentOf(ordinal).lastEpoch);
  }
});
