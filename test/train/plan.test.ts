/** From a config to a program and numbers: what becomes structure, what stays a number, and what cannot be. */

import { describe, expect, test } from 'vitest';
import { SweepError } from '../../src/errors.ts';
import type {
  ResolvedConfig,
  ResolvedData,
  ResolvedLayer,
  ResolvedLayers,
  ResolvedSchedule,
} from '../../src/definition/resolved.ts';
import { planTrial, type PlannedTrial, type SweepSettings } from '../../workers/train/plan.ts';
import type { TrialData } from '../../workers/train/plan-hyper.ts';
import type { Program } from '../../workers/train/program.ts';
import { RECORD_NOTHING, denseLayer, plainSgd, trainSection } from '../resolved.ts';
import { UNUSED_DATA } from './builders.ts';

const DATA: TrialData = {
  shape: { width: 2, classes: 2, parts: { train: 50, validation: 0, test: 10 } },
  classes: [
    { label: 'no', trainingRows: 40 },
    { label: 'yes', trainingRows: 10 },
  ],
};
const SWEEP: SweepSettings = {
  seed: 11,
  replicates: { count: 3, vary: ['training'] },
  metrics: [],
  objective: { metric: 'test_accuracy', goal: 'maximize' },
  record: { epochs: 'auto', ...RECORD_NOTHING },
};

interface Options {
  readonly layers?: readonly ResolvedLayer[];
  readonly train?: Partial<ResolvedConfig['train']>;
  readonly input?: ResolvedLayers['input'];
  readonly data?: Partial<ResolvedData>;
}

function config({
  layers = [denseLayer({ units: 8, activation: { name: 'relu' } }), denseLayer()],
  train,
  input = { noise: null, dropout: null },
  data,
}: Options): ResolvedConfig {
  return {
    ordinal: 4,
    params: {},
    data: { ...UNUSED_DATA, augment: null, ...data },
    model: { input, layers },
    train: trainSection({ epochs: 7, ...train }),
  };
}

function plan(options: Options = {}, data = DATA, sweep: Partial<SweepSettings> = {}, replicate = 2): PlannedTrial {
  return planTrial(config(options), replicate, { ...SWEEP, ...sweep }, UNUSED_DATA, data);
}

function schedule(learning_rate: ResolvedSchedule): PlannedTrial {
  return plan({ train: { optimizer: { ...plainSgd(0), learning_rate }, batch_size: 20 } });
}

describe('numbers', () => {
  test('l2_over_2m is L / 2m on the kernel, with m training rows', () => {
    const { program, task } = plan({ layers: [denseLayer({ l2_over_2m: 3 })] });
    expect(task.hyper['layers.0.l2']).toBe(3 / 100);
    expect(program.layers).toMatchObject([{ l2: true }]);
  });

  test('l2 and l2_over_2m add up', () => {
    expect(plan({ layers: [denseLayer({ l2_over_2m: 3, l2: 0.01 })] }).task.hyper['layers.0.l2']).toBeCloseTo(0.04, 15);
  });

  test('carry every strength, limit and argument by name', () => {
    const { task } = plan({
      input: { noise: 0.1, dropout: 0.2 },
      layers: [
        denseLayer({
          activation: { name: 'elu', alpha: 1.5 },
          l1: 0.3,
          noise_before: 0.4,
          noise_after: 0.5,
          dropout: 0.6,
          weight_noise: 0.7,
          bias_l1: 0.8,
          bias_l2: 0.9,
          activity_l1: 1.1,
          activity_l2: 1.2,
          constraint: { name: 'min_max_norm', min_value: 1.3, max_value: 1.4, rate: 0.5 },
          normalization: { name: 'batch_normalization', momentum: 0.9, epsilon: 0.01, center: true, scale: false },
        }),
        {
          type: 'normalization',
          normalization: { name: 'layer_normalization', epsilon: 0.02, center: true, scale: true },
        },
        denseLayer(),
      ],
      train: {
        optimizer: { name: 'adam', learning_rate: 1, beta_1: 2, beta_2: 3, epsilon: 4, amsgrad: true, weight_decay: 0 },
        clip: { variable_norm: 5, global_norm: 6, value: 7 },
        noise: { gradients: 0.01, labels: 0.02 },
        label_smoothing: 0.03,
        early_stopping: { monitor: 'test_loss', patience: 8, min_delta: 9, trigger: 'no_improvement', every: 3 },
        keep: { rule: 'epoch', epoch: 6 },
      },
    });
    expect(task.hyper).toEqual({
      epochs: 7,
      'input.noise': 0.1,
      'input.dropout': 0.2,
      'layers.0.activation.alpha': 1.5,
      'layers.0.l1': 0.3,
      'layers.0.noise_before': 0.4,
      'layers.0.noise_after': 0.5,
      'layers.0.dropout': 0.6,
      'layers.0.weight_noise': 0.7,
      'layers.0.bias_l1': 0.8,
      'layers.0.bias_l2': 0.9,
      'layers.0.activity_l1': 1.1,
      'layers.0.activity_l2': 1.2,
      'layers.0.constraint.min_value': 1.3,
      'layers.0.constraint.max_value': 1.4,
      'layers.0.constraint.rate': 0.5,
      'layers.0.normalization.momentum': 0.9,
      'layers.0.normalization.epsilon': 0.01,
      'layers.1.normalization.epsilon': 0.02,
      'optimizer.learning_rate': 1,
      'optimizer.beta_1': 2,
      'optimizer.beta_2': 3,
      'optimizer.epsilon': 4,
      'optimizer.weight_decay': 0,
      'clip.variable_norm': 5,
      'clip.global_norm': 6,
      'clip.value': 7,
      'noise.gradients': 0.01,
      'noise.labels': 0.02,
      label_smoothing: 0.03,
      patience: 8,
      min_delta: 9,
      every: 3,
      'keep.epoch': 6,
    });
  });

  test('a budget in steps ends in the epoch that holds the last of them', () => {
    const budget = (steps: number): PlannedTrial => plan({ train: { epochs: null, steps, batch_size: 20 } });
    expect([6, 7].map((steps) => budget(steps).task.hyper)).toMatchObject([
      { steps: 6, epochs: 2 },
      { steps: 7, epochs: 3 },
    ]);
    expect([budget(6).program.counts_steps, plan().program.counts_steps]).toEqual([true, false]);
  });

  test('durations are in updates, of which 50 rows in batches of 20 make 3 an epoch', () => {
    const decay = { name: 'exponential_decay', initial_learning_rate: 0.5, decay_rate: 0.9, staircase: true } as const;
    const wanted = { 'schedule.initial_learning_rate': 0.5, 'schedule.decay_rate': 0.9 };
    expect(schedule({ ...decay, decay: { steps: 4 } }).task.hyper).toMatchObject({
      ...wanted,
      'schedule.decay_steps': 4,
    });
    const { program, task } = schedule({ ...decay, decay: { epochs: 4 } });
    expect(task.hyper).toMatchObject({ ...wanted, 'schedule.decay_steps': 12 });
    expect(program.schedule).toEqual({ name: 'exponential_decay', staircase: true });
    expect(task.hyper).not.toHaveProperty('optimizer.learning_rate');
  });

  test('boundaries of pieces are in updates, too', () => {
    const { program, task } = schedule({ name: 'piecewise_constant', boundaries: [2, 5], values: [0.1, 0.01, 0.001] });
    expect(program.schedule).toEqual({ name: 'piecewise_constant', pieces: 3 });
    expect(task.hyper).toMatchObject({
      'schedule.boundaries.0': 6,
      'schedule.boundaries.1': 15,
      'schedule.values.0': 0.1,
      'schedule.values.1': 0.01,
      'schedule.values.2': 0.001,
    });
  });

  test('a plateau keeps its epochs', () => {
    const rules = { factor: 0.1, patience: 3, min_delta: 0, cooldown: 2, min_learning_rate: 0 };
    const { program, task } = schedule({
      name: 'reduce_on_plateau',
      initial_learning_rate: 0.1,
      monitor: 'test_auc',
      ...rules,
    });
    expect(program.schedule).toEqual({ name: 'reduce_on_plateau', monitor: 'test_auc' });
    expect(program.metrics).toContain('test_auc');
    expect(task.hyper).toMatchObject({ 'schedule.patience': 3, 'schedule.cooldown': 2, 'schedule.factor': 0.1 });
  });

  test('classes weigh by their names, 1 where nothing is said, and balanced as in scikit-learn', () => {
    const weights = (class_weight: ResolvedConfig['train']['class_weight']): unknown[] => {
      const { hyper } = plan({ train: { class_weight } }).task;
      return [hyper['class_weight.0'], hyper['class_weight.1']];
    };
    expect(weights({ yes: 3 })).toEqual([1, 3]);
    expect(weights('balanced')).toEqual([50 / (2 * 40), 50 / (2 * 10)]);
    expect(weights(null)).toEqual([undefined, undefined]);
  });

  test('the replicate decides the training seeds only where training varies', () => {
    expect(plan().task.replicate).toBe(2);
    expect(plan({}, DATA, { replicates: { count: 3, vary: ['split'] } }).task.replicate).toBe(0);
  });
});

describe('structure', () => {
  const strengths = (value: number): Options => ({
    layers: [
      denseLayer({
        units: 8,
        l2: value,
        dropout: value,
        weight_noise: value,
        activity_l1: value,
        activation: { name: 'leaky_relu', alpha: value },
        constraint: { name: 'max_norm', max_value: value },
      }),
      denseLayer(),
    ],
    train: {
      clip: { variable_norm: value + 1, global_norm: null, value: null },
      optimizer: { ...plainSgd(value, 0.9), weight_decay: value },
      noise: { gradients: value, labels: value },
      label_smoothing: value,
      class_weight: { yes: value },
    },
  });

  test('is the same for configs that differ in numbers only, 0 included', () => {
    expect(plan(strengths(0)).program).toEqual(plan(strengths(0.5)).program);
  });

  test('differs where a strength is not there at all', () => {
    const { layers = [], ...rest } = strengths(0);
    const [first, last] = layers as [ResolvedLayer, ResolvedLayer];
    const without = plan({ ...rest, layers: [{ ...first, dropout: null } as ResolvedLayer, last] }).program;
    expect(without.layers[0]).toEqual({ ...plan(strengths(0)).program.layers[0], dropout: false });
  });

  test('full and a batch beyond the training rows are all of them', () => {
    expect(plan({ train: { batch_size: 'full' } }).program.batch).toBe(50);
    expect(plan({ train: { batch_size: 64 } }).program).toEqual(plan({ train: { batch_size: 'full' } }).program);
    expect(plan().program.batch).toBe(32);
  });

  test('each layer takes what the one below gives', () => {
    const { layers } = plan({ layers: [denseLayer({ units: 5 }), denseLayer({ units: 3 }), denseLayer()] }).program;
    expect(layers.map(({ inputs, units }) => [inputs, units])).toEqual([
      [2, 5],
      [5, 3],
      [3, 1],
    ]);
  });

  test('what a loss brings is reported of the parts that have rows, and what is asked for', () => {
    const brought = ['train_loss', 'train_data_loss', 'train_accuracy', 'test_loss', 'test_data_loss', 'test_accuracy'];
    expect(plan().program.metrics).toEqual(brought);
    const asked = plan({ train: { keep: { rule: 'best', metric: 'test_f1' } } }, DATA, {
      metrics: ['recall'],
      objective: { metric: 'test_auc', goal: 'maximize' },
    });
    expect(asked.program.metrics.filter((name) => !brought.includes(name))).toEqual([
      'train_auc',
      'train_recall',
      'test_auc',
      'test_f1',
      'test_recall',
    ]);
  });

  test('momentum of 0 is none, unless Nesterov is asked for', () => {
    const optimizer = (momentum: number, nesterov: boolean): unknown =>
      plan({ train: { optimizer: { name: 'sgd', learning_rate: 0.1, momentum, nesterov, weight_decay: null } } })
        .program.optimizer;
    const rest = { name: 'sgd', weight_decay: false };
    expect(optimizer(0, false)).toEqual({ ...rest, momentum: false, nesterov: false });
    expect(optimizer(0.5, false)).toEqual({ ...rest, momentum: true, nesterov: false });
    expect(optimizer(0, true)).toEqual({ ...rest, momentum: true, nesterov: true });
  });

  test('sparse targets are classes like any other', () => {
    const softmax = [denseLayer({ units: 2, activation: { name: 'softmax' } })];
    const [sparse, dense] = (['sparse_categorical_crossentropy', 'categorical_crossentropy'] as const).map(
      (name) => plan({ layers: softmax, train: { loss: { name } } }).program,
    );
    expect(sparse).toEqual(dense);
  });

  test("a module's params are text, whatever their order", () => {
    const program = (params: Readonly<Record<string, unknown>>): Program => {
      const own = { ...config({}), model: { module: '/net.ts', sha256: 'abc', params } };
      return planTrial(own, 0, SWEEP, UNUSED_DATA, DATA).program;
    };
    expect(program({ a: 1, b: [2] })).toEqual(program({ b: [2], a: 1 }));
    expect(program({ a: 1 })).toMatchObject({
      layers: [],
      module: { path: '/net.ts', sha256: 'abc', params: '{"a":1}' },
    });
  });
});

describe('images', () => {
  const IMAGE = { height: 8, width: 7, channels: 2 };
  const IMAGES: TrialData = { ...DATA, shape: { ...DATA.shape, width: 8 * 7 * 2 } };
  const { type: _type, units: _units, ...weighted } = denseLayer({ activation: { name: 'relu' } });
  const conv = (filters: number, size: number, stride: number, padding: 'same' | 'valid'): ResolvedLayer => ({
    type: 'conv2d',
    filters,
    kernel_size: [size, size],
    strides: [stride, stride],
    padding,
    ...weighted,
  });
  const images = (layers: readonly ResolvedLayer[], augment: ResolvedData['augment'] = null): Program =>
    plan({ layers, data: { image: IMAGE, augment } }, IMAGES).program;

  test('shrink as in Keras: ceil(n / stride) with padding, floor((n - k) / stride) + 1 without', () => {
    const { layers } = images([
      conv(4, 3, 2, 'same'),
      { type: 'max_pooling2d', pool_size: [2, 2], strides: [1, 2], padding: 'valid' },
      {
        type: 'normalization',
        normalization: { name: 'layer_normalization', epsilon: 0.1, center: true, scale: false },
      },
      conv(5, 2, 1, 'valid'),
      { type: 'flatten' },
      denseLayer(),
    ]);
    expect(layers.map(({ inputs, units, channels }) => [inputs, units, channels])).toEqual([
      [8 * 7 * 2, 4 * 4 * 4, 4],
      [4 * 4 * 4, 3 * 2 * 4, 4],
      [3 * 2 * 4, 3 * 2 * 4, 4],
      [3 * 2 * 4, 2 * 1 * 5, 5],
      [2 * 1 * 5, 2 * 1 * 5, 2 * 1 * 5],
      [2 * 1 * 5, 1, 1],
    ]);
  });

  test('end in one number per channel', () => {
    const { layers, image } = images([conv(4, 3, 1, 'valid'), { type: 'global_average_pooling2d' }, denseLayer()]);
    expect(image).toEqual(IMAGE);
    expect(layers).toMatchObject([
      { type: 'conv2d', image: IMAGE, units: 6 * 5 * 4, kernel_size: [3, 3], constraint: null },
      { type: 'global_average_pooling2d', image: { height: 6, width: 5, channels: 4 }, units: 4, channels: 4 },
      { type: 'dense', inputs: 4 },
    ]);
  });

  test('have initializers where there is a kernel', () => {
    const { task } = plan(
      { layers: [conv(4, 3, 1, 'valid'), { type: 'flatten' }, denseLayer()], data: { image: IMAGE } },
      IMAGES,
    );
    const kinds = { kernel: { name: 'glorot_uniform' }, bias: { name: 'zeros' } };
    expect(task.initializers).toEqual([kinds, null, kinds]);
  });

  test('are changed by as much as is asked for, and not at all by nothing', () => {
    const layers = [{ type: 'flatten' } as const, denseLayer()];
    expect(images(layers, { flip: 'none', shift_pixels: 0, rotate_degrees: 0 }).augment).toBeNull();
    const augment = { flip: 'none', shift_pixels: 2, rotate_degrees: 0 } as const;
    expect(images(layers, augment).augment).toEqual({ flip: 'none', shift: true, rotate: false });
    const { hyper } = plan({ layers, data: { image: IMAGE, augment } }, IMAGES).task;
    expect([hyper['augment.shift'], hyper['augment.rotate']]).toEqual([2, undefined]);
  });
});

test('a network that does not fit its loss or data is refused, with the mend', () => {
  const softmax = (units: number): readonly ResolvedLayer[] => [denseLayer({ units, activation: { name: 'softmax' } })];
  const categorical: Partial<ResolvedConfig['train']> = { loss: { name: 'categorical_crossentropy' } };
  const mistakes: readonly (readonly [Options, classes: number])[] = [
    [{ layers: softmax(2) }, 2],
    [{ train: categorical }, 2],
    [{ layers: softmax(2), train: categorical }, 3],
    [{ layers: [denseLayer({ units: 2 })] }, 2],
    [{}, 3],
    [{ layers: [denseLayer({ activation: { name: 'tanh' } })], train: { loss: { name: 'hinge' } } }, 3],
    [{ train: { class_weight: { maybe: 2 } } }, 2],
    [{ train: { epochs: null, steps: 5, keep: { rule: 'epoch', epoch: 4 } } }, 2],
  ];
  const messages = mistakes.map(([options, classes]) => {
    try {
      plan(options, { ...DATA, shape: { ...DATA.shape, classes } });
    } catch (error) {
      return error instanceof SweepError ? `${error.code} ${error.message}` : error;
    }
    return 'no error';
  });
  expect(messages).toMatchInlineSnapshot(`
    [
      "definition train.loss: binary_crossentropy needs another output activation than softmax, in config 4 (give the last layer \`activation: sigmoid\`)",
      "definition train.loss: categorical_crossentropy needs another output activation than sigmoid, in config 4 (give the last layer \`activation: softmax\`)",
      "definition model.layers: the last layer must have a unit per class, but has 2 for 3 classes, in config 4 (set its \`units\` to 3)",
      "definition model.layers: binary_crossentropy must have one output unit, but the last layer has 2, in config 4 (set it to 1)",
      "definition train.loss: binary_crossentropy needs two classes, but the target has 3, in config 4 (use categorical_crossentropy with softmax)",
      "definition train.loss: hinge needs two classes, but the target has 3, in config 4 (use categorical_crossentropy with softmax)",
      "definition train.class_weight.maybe: must be a class of the target, but found "maybe", in config 4 (its classes are no, yes)",
      "definition train.keep: must be at most 3, the epoch that the steps lead to, but found 4, in config 4 (or raise train.steps)",
    ]
  `);
});
