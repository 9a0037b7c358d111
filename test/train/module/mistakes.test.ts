/** Modules that are no network of the program: each is refused with what must hold and what was found. */

import * as core from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { ModelModule, TensorFlow } from '../../../src/module-types.ts';
import { loadBackend, type Backend } from '../../../workers/backend/backend.ts';
import type { Tensor } from '../../../workers/train/tensors.ts';
import type { ProgramOptions } from '../builders.ts';
import { networkOf } from './modules.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('cpu');
});

function mistake(create: (tf: TensorFlow) => unknown, options: ProgramOptions = {}): string {
  try {
    networkOf(backend, create as ModelModule, options);
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
  return 'none';
}

/** A layer whose output is what `call` makes of its input. */
function custom(tf: TensorFlow, call: (x: Tensor) => Tensor) {
  class Custom extends tf.layers.Layer {
    static readonly className = 'Custom';
    override call(inputs: Tensor | Tensor[]): Tensor {
      return call(Array.isArray(inputs) ? inputs[0]! : inputs);
    }
    override computeOutputShape(shape: (number | null)[]) {
      return shape;
    }
  }
  return new Custom({ name: 'mine', inputShape: [3] });
}

const output = (tf: TensorFlow) => tf.layers.dense({ units: 1, activation: 'sigmoid', inputShape: [3] });

const cases: readonly (readonly [what: string, create: (tf: TensorFlow) => unknown, message: string])[] = [
  [
    'no model',
    () => 3,
    'must return a tf.layers model, but returned 3 (make it with the `tf` that the function is given)',
  ],
  [
    'an error',
    (tf) => tf.layers.dense({} as never),
    'must make a model, but failed: Expected units to be a positive integer, but got undefined.',
  ],
  ['a promise', async (tf) => tf.sequential(), 'must return a model, but returned a promise of one'],
  [
    'another number of inputs',
    (tf) => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [5] })] }),
    "the model's input must have 3 numbers a row, as the data have, but its shape is [null, 5]",
  ],
  [
    'another number of outputs',
    (tf) => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] }),
    "the model's output must be [null, 1] for binary_crossentropy, but its shape is [null, 2]",
  ],
  [
    'two outputs',
    (tf) => {
      const input = tf.input({ shape: [3] });
      const outputs = [output(tf).apply(input), output(tf).apply(input)];
      return tf.model({ inputs: input, outputs: outputs as never });
    },
    'the model must have one output, but has 2',
  ],
  [
    'random numbers of its own',
    (tf) => tf.sequential({ layers: [custom(tf, (x) => tf.add(x, tf.randomNormal(x.shape))), output(tf)] }),
    'a layer must give the same output for the same numbers, but mine (Custom) draws random ones by its own means (Dropout, SpatialDropout1D, AlphaDropout, GaussianNoise and GaussianDropout are given the seed of the trial)',
  ],
  [
    'a layer that fails',
    (tf) =>
      tf.sequential({
        layers: [
          custom(tf, () => {
            throw new Error('out of ideas');
          }),
          output(tf),
        ],
      }),
    'the model must run, but failed in mine: out of ideas',
  ],
  [
    'weights set from random numbers',
    (tf) => {
      const layer = tf.layers.dense({ units: 1, inputShape: [3] });
      const model = tf.sequential({ layers: [layer] });
      layer.setWeights([tf.randomNormal([3, 1]), tf.zeros([1])]);
      return model;
    },
    'initial values must be the same each time, but those of module.0.kernel are drawn by other means than an initializer of tf.initializers (name an initializer of tf.initializers for it, which is given the seed of the trial)',
  ],
  [
    'another model each time',
    (tf) => {
      calls += 1;
      return tf.sequential({ layers: [tf.layers.dense({ units: calls, inputShape: [3] }), output(tf)] });
    },
    'must make the same model each time it is called with the same params',
  ],
  [
    'a variable of its own',
    (tf) => {
      calls += 1;
      tf.variable(tf.scalar(1), true, `stray ${calls}`);
      return tf.sequential({ layers: [output(tf)] });
    },
    'every variable must be a weight of a layer, but stray',
  ],
  [
    'a state from batch to batch',
    (tf) =>
      tf.sequential({
        layers: [
          tf.layers.reshape({ targetShape: [3, 1], batchInputShape: [2, 3] }),
          tf.layers.simpleRNN({ units: 1, stateful: true, name: 'memory' }),
          output(tf),
        ],
      }),
    'no layer must keep a state from batch to batch, but memory is stateful',
  ],
  [
    'losses of its own',
    (tf) => {
      const layer = output(tf);
      layer.addLoss(() => tf.scalar(1));
      return tf.sequential({ layers: [layer] });
    },
    'must have no layer with losses of its own (addLoss) (use a regularizer)',
  ],
];
let calls = 0;

test.each(cases)('%s', (_, create, message) => {
  expect(mistake(create)).toContain(`/models/net.ts ${message}`);
});

test('an output activation that the loss does not know', () => {
  const create = (tf: TensorFlow) => tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [3] })] });
  const options: ProgramOptions = {
    loss: 'categorical_crossentropy',
    layers: [{ units: 3, activation: 'softmax' }],
  };
  expect(mistake(create, options)).toBe(
    '/models/net.ts the model must end in the activation softmax for categorical_crossentropy, but found none that the loss knows',
  );
});

test('a refused module leaves no tensors behind but those it made itself', () => {
  const before = core.memory().numTensors;
  mistake((tf) => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] }));
  expect(core.memory().numTensors).toBe(before);
});
