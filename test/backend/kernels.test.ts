/** Kernels that we add to backends of TensorFlow.js or put in place of theirs, against native TensorFlow. */

import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';

const PORTABLE = ['wasm', 'cpu'] as const satisfies BackendName[];

/** The values of what `compute` gives on that backend. */
async function on(name: BackendName, compute: () => readonly tf.Tensor[]): Promise<readonly Float32Array[]> {
  await loadBackend(name);
  return tf.tidy(() => compute().map((tensor) => tensor.dataSync<'float32'>().slice()));
}

async function expectAsNative(name: BackendName, compute: () => readonly tf.Tensor[], tolerance = 1e-5): Promise<void> {
  const expected = await on('native', compute);
  const found = await on(name, compute);
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  expected.forEach((values, index) => {
    const largest = values.reduce(
      (worst, value, i) => Math.max(worst, Math.abs(value - found[index]![i]!) / (1 + Math.abs(value))),
      0,
    );
    expect(largest).toBeLessThan(tolerance);
  });
}

/** Standard normal numbers, always the same ones for a name and a shape. */
function random(name: string, shape: readonly number[]): tf.Tensor {
  const stream = new PhiloxStream(streamKey(name, ...shape));
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => stream.normal()),
    [...shape],
  );
}

describe('a matrix product on wasm', () => {
  test.each([
    ['small', [1, 1], 3, 4, 5],
    ['large', [1, 1], 40, 30, 20],
    ['of small stacks', [4, 4], 3, 7, 5],
    ['of large stacks', [3, 3], 40, 30, 20],
    ['of one by many', [1, 3], 40, 30, 20],
    ['of many by one', [3, 1], 40, 30, 20],
  ] as const)('%s is the same in every transposition', async (_name, [left, right], rows, inner, columns) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        await expectAsNative('wasm', () => [
          tf.matMul(
            random('a', transposeA ? [left, inner, rows] : [left, rows, inner]),
            random('b', transposeB ? [right, columns, inner] : [right, inner, columns]),
            transposeA,
            transposeB,
          ),
        ]);
      }
    }
  });

  test('of rank 2 and rank 4 keeps its shape', async () => {
    await loadBackend('wasm');
    const shapes = tf.tidy(() => [
      tf.matMul(random('a', [30, 40]), random('b', [20, 30]), true, true).shape,
      tf.matMul(random('a', [2, 3, 30, 40]), random('b', [2, 3, 30, 20]), true).shape,
    ]);
    expect(shapes).toEqual([
      [40, 20],
      [2, 3, 40, 20],
    ]);
    await expectAsNative('wasm', () => [tf.matMul(random('a', [2, 3, 30, 40]), random('b', [2, 3, 30, 20]), true)]);
  });
});

test.each([
  [1, [1, 1], 'same'],
  [2, [1, 1], 'valid'],
  [3, [2, 2], 'same'],
] as const)(
  'wasm has the gradients of depthwise convolution, %d outputs a channel',
  async (multiplier, strides, pad) => {
    await expectAsNative('wasm', () => {
      const convolve = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
        tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [...strides], pad);
      const inputs = [random('x', [2, 7, 6, 3]), random('filter', [3, 2, 3, multiplier])] as const;
      return tf.grads(convolve)([...inputs], random('dy', convolve(...inputs).shape));
    });
  },
);

test('wasm sums by segments, and leaves out negative ones', async () => {
  await expectAsNative('wasm', () => [
    tf.unsortedSegmentSum(random('x', [6, 2, 3]), tf.tensor1d([2, 0, -1, 2, 4, 0], 'int32'), 5),
    tf.unsortedSegmentSum(random('x', [4]), tf.tensor1d([1, 1, 1, 0], 'int32'), 3),
  ]);
});

describe.each(PORTABLE)('a kernel replaced on %s', (name) => {
  test('leaves nothing behind', async () => {
    await loadBackend(name);
    const x = random('x', [2, 9, 9, 3]) as tf.Tensor4D;
    const filter = random('filter', [3, 3, 3, 4]) as tf.Tensor4D;
    const step = (): void => {
      const gradient = tf.grads((images: tf.Tensor, kernel: tf.Tensor) =>
        tf.sum(tf.maxPool(tf.conv2d(images as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'), 2, 2, 'same')),
      );
      tf.dispose(gradient([x, filter]));
    };
    step();
    const before = tf.memory();
    step();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    tf.dispose([x, filter]);
  });
});

/** Layers that users build models of; each with a dense one on top. */
const MODELS: Readonly<
  Record<string, { readonly input: readonly number[]; readonly build: () => layers.layers.Layer[] }>
> = {
  'convolution, pooling, flatten': {
    input: [8, 7, 2],
    build: () => [
      layers.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.layers.maxPooling2d({ poolSize: 2, padding: 'same' }),
      layers.layers.conv2d({ filters: 4, kernelSize: 2, strides: 2, activation: 'tanh' }),
      layers.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
      layers.layers.flatten(),
    ],
  },
  'convolution over time': {
    input: [12, 3],
    build: () => [
      layers.layers.conv1d({ filters: 5, kernelSize: 3, activation: 'elu' }),
      layers.layers.maxPooling1d({ poolSize: 2 }),
      layers.layers.globalAveragePooling1d(),
    ],
  },
  'depthwise and separable convolution': {
    input: [7, 7, 2],
    build: () => [
      layers.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
      layers.layers.separableConv2d({ filters: 3, kernelSize: 2, padding: 'same' }),
      layers.layers.globalMaxPooling2d({}),
    ],
  },
  'transposed convolution': {
    input: [4, 4, 2],
    build: () => [
      layers.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.layers.upSampling2d({ size: [2, 2] }),
      layers.layers.flatten(),
    ],
  },
  'recurrent layers': {
    input: [5, 3],
    build: () => [
      layers.layers.lstm({ units: 4, returnSequences: true }),
      layers.layers.gru({ units: 3, returnSequences: true }),
      layers.layers.simpleRNN({ units: 3 }),
    ],
  },
  normalization: {
    input: [6],
    build: () => [
      layers.layers.dense({ units: 5, activation: 'selu' }),
      layers.layers.batchNormalization(),
      layers.layers.dense({ units: 5, activation: 'softplus' }),
      layers.layers.layerNormalization(),
      layers.layers.prelu(),
      layers.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  },
};

describe.each(PORTABLE)("users' models on %s", (name) => {
  test.each(Object.keys(MODELS))('%s: outputs and gradients are those of native TensorFlow', async (kind) => {
    await expectAsNative(name, () => gradientsOf(MODELS[kind]!), 1e-4);
  });

  test('an embedding: gradients are those of native TensorFlow', async () => {
    await expectAsNative(name, () => {
      const words = tf.tensor2d([0, 3, 3, 6, 2, 0], [2, 3], 'int32');
      const gradient = tf.grad((table: tf.Tensor) => tf.mul(tf.gather(table, words), random('dy', [2, 3, 4])));
      return [gradient(random('table', [7, 4]))];
    });
  });
});

/** Outputs, and gradients by every weight, of a model with weights that are the same everywhere. */
function gradientsOf({ input, build }: (typeof MODELS)[string]): readonly tf.Tensor[] {
  const [first, ...rest] = build();
  const shaped = layers.input({ shape: [...input] });
  let output = first!.apply(shaped) as layers.SymbolicTensor;
  for (const layer of [...rest, layers.layers.dense({ units: 2 })])
    output = layer.apply(output) as layers.SymbolicTensor;
  const whole = layers.model({ inputs: shaped, outputs: output });
  whole.setWeights(whole.getWeights().map((weight, index) => tf.mul(random(`weight ${index}`, weight.shape), 0.3)));
  const x = random('inputs', [4, ...input]);
  const { value, grads } = tf.variableGrads(
    () => tf.mean<tf.Scalar>(tf.square(whole.apply(x, { training: true }) as tf.Tensor)),
    whole.trainableWeights.map((weight) => weight.read() as tf.Variable),
  );
  whole.dispose();
  return [value, ...Object.values(grads)];
}
