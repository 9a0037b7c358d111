/** All that a definition may say around a module's model, and what models may be made of: compiled as op by op. */

import * as tf from '@tensorflow/tfjs-core';
import type { layers as layersApi } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import type { ModelModule, TensorFlow } from '../../../src/module-types.ts';
import { loadBackend, type Backend } from '../../../workers/backend/backend.ts';
import { moduleNetwork } from '../../../workers/train/module/network.ts';
import { Stack } from '../../../workers/train/stack.ts';
import { buildDataset, buildTask, type ProgramOptions } from '../builders.ts';
import { MODULE, moduleProgram } from './modules.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

type Layers = readonly layersApi.Layer[];

function modelOf(layers: (tf: TensorFlow) => Layers): ModelModule {
  return (tf) =>
    tf.sequential({ layers: [...layers(tf), tf.layers.dense({ units: 1, activation: 'sigmoid', useBias: false })] });
}

/** The metrics of some epochs, op by op and compiled. */
function bothWays(name: string, create: ModelModule, options: ProgramOptions): readonly (readonly number[])[] {
  const program = moduleProgram({ width: 4, ...options, module: { ...MODULE, path: `/models/${name}.ts` } });
  const network = moduleNetwork(program, backend.ops, create);
  return [true, false].map((eager) => {
    const stack = new Stack(program, backend, { network, eager });
    stack.seat([{ enter: { task: buildTask(program, { hyper: { epochs: 5 } }), dataset: buildDataset(program) } }]);
    const [epochs] = stack.run(3);
    expect(stack.remark).toBeUndefined();
    stack.dispose();
    return epochs!.flatMap(({ values }) => [...values]);
  });
}

function same([eager, compiled]: readonly (readonly number[])[]): void {
  expect(compiled!.every(Number.isFinite)).toBe(true);
  expect(compiled).toHaveLength(eager!.length);
  compiled!.forEach((value, index) => expect(value).toBeCloseTo(eager![index]!, 5));
}

const knobs: readonly (readonly [name: string, options: ProgramOptions])[] = [
  ['sgd', { optimizer: { name: 'sgd', momentum: true, nesterov: true, weight_decay: true } }],
  ['adam', { optimizer: { name: 'adam', amsgrad: true, weight_decay: false } }],
  ['norm of each variable', { clip: { variable_norm: true, global_norm: false, value: true } }],
  ['noise', { noise: { gradients: true, labels: true } }],
  ['classes', { label_smoothing: true, class_weight: true, metrics: ['auc', 'f1'] }],
  ['a budget in steps', { counts_steps: true }],
  ['the best epoch', { keep: 'best', keep_metric: 'validation_loss', monitor: 'validation_loss' }],
  ['a plateau', { schedule: { name: 'reduce_on_plateau', monitor: 'validation_loss' } }],
  [
    'augmentation',
    { image: { height: 2, width: 2, channels: 1 }, augment: { flip: 'both', shift: false, rotate: false } },
  ],
];
test.each(knobs)('%s', (name, options) => {
  const layers = ({ layers: make }: TensorFlow): Layers => [
    make.dense({ units: 5, activation: 'tanh', inputShape: [4] }),
    make.batchNormalization(),
    make.dropout({ rate: 0.2 }),
  ];
  same(bothWays(name, modelOf(layers), options));
});

const models: readonly (readonly [name: string, layers: (tf: TensorFlow) => Layers])[] = [
  [
    'a model in a model',
    (tf) => {
      const { dense, dropout, batchNormalization } = tf.layers;
      const inner = [dense({ units: 4, inputShape: [4] }), batchNormalization(), dropout({ rate: 0.5 })];
      return [tf.sequential({ layers: inner })];
    },
  ],
  [
    'both directions',
    ({ layers: make }) => [
      make.reshape({ targetShape: [4, 1], inputShape: [4] }),
      make.bidirectional({ layer: make.gru({ units: 2, dropout: 0.3 }) as layersApi.RNN, mergeMode: 'concat' }),
    ],
  ],
  [
    'stacked cells with dropout',
    ({ layers: make }) => [
      make.reshape({ targetShape: [4, 1], inputShape: [4] }),
      make.rnn({ cell: [0.2, 0.4].map((dropout) => make.simpleRNNCell({ units: 2, dropout })) }) as layersApi.Layer,
    ],
  ],
  [
    'a layer for each step',
    ({ layers: make }) => [
      make.reshape({ targetShape: [2, 2], inputShape: [4] }),
      make.timeDistributed({ layer: make.dropout({ rate: 0.4 }) }),
      make.flatten(),
    ],
  ],
  [
    'other convolutions',
    ({ layers: make }) => [
      make.reshape({ targetShape: [2, 2, 1], inputShape: [4] }),
      make.depthwiseConv2d({ kernelSize: 2, padding: 'same', depthMultiplier: 2 }),
      make.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
      make.batchNormalization({ axis: 1 }),
      make.averagePooling2d({ poolSize: 2 }),
      make.flatten(),
    ],
  ],
  [
    'activations with weights',
    ({ layers: make }) => [
      make.dense({ units: 4, inputShape: [4], activation: 'swish' }),
      make.layerNormalization(),
      make.prelu(),
      make.gaussianDropout({ rate: 0.2 }),
    ],
  ],
];
test.each(models)('%s', (name, layers) => {
  same(bothWays(name, modelOf(layers), { batch: 5 }));
});

test('a network leaves no tensors behind, however often it is made', () => {
  const create = modelOf(({ layers: make }) => [
    make.reshape({ targetShape: [4, 1], inputShape: [4] }),
    make.lstm({ units: 3, dropout: 0.2, recurrentDropout: 0.2 }),
  ]);
  const make = (): void => void moduleNetwork(moduleProgram({ width: 4 }), backend.ops, create);
  make();
  const before = tf.memory().numTensors;
  for (let time = 0; time < 5; time += 1) make();
  expect(tf.memory().numTensors).toBe(before);
});
