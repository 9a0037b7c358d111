/** A user's model as a network: the same outputs and gradients as TensorFlow.js gives, with our random numbers. */

import * as tf from '@tensorflow/tfjs-core';
import type { layers as layersApi, LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ModelModule, TensorFlow } from '../../../src/module-types.ts';
import { loadBackend, type Backend } from '../../../workers/backend/backend.ts';
import { tensorFlow } from '../../../workers/modules/tensorflow.ts';
import { moduleNetwork } from '../../../workers/train/module/network.ts';
import type { Network } from '../../../workers/train/network.ts';
import { Stack } from '../../../workers/train/stack.ts';
import type { Tensor } from '../../../workers/train/tensors.ts';
import { buildDataset, buildTask } from '../builders.ts';
import { batchOf, drawOf, firstValues, MODULE, moduleProgram, networkOf } from './modules.ts';

type Layer = layersApi.Layer;

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

function sequential({ sequential: make }: TensorFlow, ...layers: Layer[]) {
  const model = make();
  for (const layer of layers) model.add(layer);
  return model;
}

const plain: ModelModule = (tf) =>
  sequential(
    tf,
    tf.layers.dense({
      units: 4,
      activation: 'elu',
      inputShape: [3],
      kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
    }),
    tf.layers.dense({ units: 1, activation: 'sigmoid', biasInitializer: 'ones' }),
  );

/** The user's model as it is, with the weights of a trial. */
function original(create: ModelModule, network: Network, values: ReturnType<typeof firstValues>): LayersModel {
  const model = create(tensorFlow, {});
  const all: Record<string, Tensor> = { ...values.variables, ...values.statistics };
  const names = [...network.variables, ...network.statistics].map(({ name }) => name);
  model.layers.forEach((layer, index) => {
    const weights = layer.weights.map(({ originalName, shape }) => {
      const name = `module.${index}.${originalName.split('/').at(-1)!}`;
      expect(names).toContain(name);
      return tf.reshape(all[name]!, shape as number[]);
    });
    layer.setWeights(weights);
  });
  return model;
}

function near(found: Tensor, wanted: Tensor, digits = 5): void {
  expect(found.size).toBe(wanted.size);
  const values = wanted.dataSync();
  found.dataSync().forEach((value, index) => expect(value).toBeCloseTo(values[index]!, digits));
}

test('the output is that of the model, with the activation taken off and put back', () => {
  const { program, network } = networkOf(backend, plain);
  const values = firstValues(network, program);
  const rows = batchOf(program, 5);
  const { values: predicted } = network.predict(values.variables, values.statistics, rows, {});
  expect(network.activation).toBe('sigmoid');
  near(predicted.output, original(plain, network, values).predict(tf.squeeze(rows.x, [0])) as Tensor);
  near(tf.sigmoid(predicted.z), predicted.output);
});

test('gradients are those of TensorFlow.js, penalties of the module included', () => {
  const { program, network } = networkOf(backend, plain);
  const values = firstValues(network, program);
  const rows = batchOf(program, 5);
  const model = original(plain, network, values);
  const loss = (): tf.Scalar => {
    const output = model.apply(tf.squeeze(rows.x, [0])) as Tensor;
    const penalty = tf.mul(tf.sum(tf.square(model.layers[0]!.weights[0]!.read())), 0.1);
    return tf.add(tf.mean(tf.squaredDifference(output, tf.squeeze(rows.y, [0]))), penalty) as tf.Scalar;
  };
  const { grads } = tf.variableGrads(loss);
  const { gradients } = network.train(
    values.variables,
    values.statistics,
    rows,
    ({ output, target }) => {
      const dy = tf.mul(tf.mul(tf.sub(output, target), 2), rows.share);
      return tf.mul(dy, tf.mul(output, tf.sub(1, output)));
    },
    drawOf(program, backend),
  );
  const wanted = model.layers.flatMap((layer) => layer.weights.map(({ name }) => grads[name]!));
  Object.values(gradients).forEach((gradient, index) => near(gradient, wanted[index]!));
  near(network.penalty(values.variables, {})!, tf.mul(tf.sum(tf.square(values.variables['module.0.kernel']!)), 0.1));
});

describe('batch normalization', () => {
  const normalized: ModelModule = (tf) =>
    sequential(
      tf,
      tf.layers.dense({ units: 4, inputShape: [3] }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    );
  const gradient = ({ z, target }: { z: Tensor; target: Tensor }): Tensor => tf.sub(z, target);

  test('moves its statistics and trains as the layer of tf.layers does', () => {
    const { program, network } = networkOf(backend, normalized);
    const values = firstValues(network, program);
    const rows = batchOf(program, 6);
    const model = original(normalized, network, values);
    const output = model.apply(tf.squeeze(rows.x, [0]), { training: true }) as Tensor;
    const pass = network.train(values.variables, values.statistics, rows, gradient, drawOf(program, backend));
    near(pass.values.output, output);
    const [mean, variance] = model.layers[1]!.weights.slice(2).map((weight) => weight.read());
    near(pass.statistics['module.1.moving_mean']!, mean!);
    near(pass.statistics['module.1.moving_variance']!, variance!);
  });

  test('rows that only fill up a batch change nothing', () => {
    const { program, network } = networkOf(backend, normalized);
    const values = firstValues(network, program);
    const train = (padding: number) => {
      const rows = batchOf(program, 5, padding);
      const weighted = (each: Parameters<typeof gradient>[0]): Tensor => tf.mul(gradient(each), rows.share);
      return network.train(values.variables, values.statistics, rows, weighted, drawOf(program, backend));
    };
    const [full, filled] = [train(0), train(3)];
    for (const [name, value] of Object.entries(full.gradients)) near(filled.gradients[name]!, value);
    for (const [name, value] of Object.entries(full.statistics)) near(filled.statistics[name]!, value);
  });
});

describe('noise', () => {
  const noisy =
    (rate: number): ModelModule =>
    (tf) =>
      sequential(
        tf,
        tf.layers.dropout({ rate, inputShape: [3], seed: 7 }),
        tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
      );
  /** The outputs of one step in training. */
  function outputs(create: ModelModule, t: number, rows = 6): readonly number[] {
    const { program, network } = networkOf(backend, create, { loss: 'mse' });
    const { variables, statistics } = firstValues(network, program);
    const draw = drawOf(program, backend, t);
    return [
      ...network.train(variables, statistics, batchOf(program, rows), ({ z }) => z, draw).values.output.dataSync(),
    ];
  }

  test('differs from step to step, and is the same whenever the step is repeated, by whatever copy of the model', () => {
    expect(outputs(noisy(0.5), 3)).toEqual(outputs(noisy(0.5), 3));
    expect(outputs(noisy(0.5), 3)).not.toEqual(outputs(noisy(0.5), 4));
  });

  test('is absent from predictions', () => {
    const { program, network } = networkOf(backend, noisy(0.5), { loss: 'mse' });
    const { variables, statistics } = firstValues(network, program);
    const rows = batchOf(program, 4);
    near(network.predict(variables, statistics, rows, {}).values.output, tf.sum(rows.x, 2));
  });

  const layers: readonly (readonly [string, (tf: TensorFlow) => Layer, number, number])[] = [
    ['dropout', (tf) => tf.layers.dropout({ rate: 0.25 }), 1, 1 / 3],
    ['spatial dropout', (tf) => tf.layers.spatialDropout1d({ rate: 0.25 }), 1, 1 / 3],
    ['gaussian dropout', (tf) => tf.layers.gaussianDropout({ rate: 0.25 }), 1, 1 / 3],
    ['gaussian noise', (tf) => tf.layers.gaussianNoise({ stddev: 0.5 }), 1, 0.25],
    ['alpha dropout', (tf) => tf.layers.alphaDropout({ rate: 0.25 }), NaN, NaN],
  ];
  test.each(layers)('%s has the mean and the variance of its kind', (_, layer, mean, variance) => {
    const create: ModelModule = (tf) =>
      sequential(
        tf,
        tf.layers.dense({ units: 4096, inputShape: [3], kernelInitializer: 'zeros', biasInitializer: 'ones' }),
        tf.layers.reshape({ targetShape: [1, 4096] }),
        layer(tf),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2, kernelInitializer: 'zeros', activation: 'softmax' }),
      );
    const { program, network } = networkOf(backend, create, {
      loss: 'categorical_crossentropy',
      layers: [{ units: 2, activation: 'softmax' }],
    });
    const { variables, statistics } = firstValues(network, program);
    // With a gradient of 1 for each output, that of the last kernel is the sum over rows of what the layer gives.
    const rows = batchOf(program, 1);
    const pass = network.train(variables, statistics, rows, ({ z }) => tf.onesLike(z), drawOf(program, backend));
    const given = tf.slice(tf.reshape(pass.gradients['module.4.kernel']!, [4096, 2]), [0, 0], [4096, 1]);
    const moments = tf.moments(given);
    if (Number.isNaN(mean)) {
      // What is dropped of 1 is -1.758, before scale and shift bring back mean and variance of a normal input.
      expect(new Set(given.dataSync()).size).toBe(2);
      return;
    }
    expect(moments.mean.dataSync()[0]!).toBeCloseTo(mean, 1);
    expect(moments.variance.dataSync()[0]!).toBeCloseTo(variance, 1);
  });

  test('two layers never share their numbers', () => {
    const create: ModelModule = (tf) => {
      const input = tf.input({ shape: [3] });
      const sides = [0, 1].map(() => tf.layers.dropout({ rate: 0.5 }).apply(input) as never);
      const both = tf.layers.concatenate().apply(sides) as never;
      const output = tf.layers.dense({ units: 1, kernelInitializer: 'zeros' }).apply(both) as never;
      return tf.model({ inputs: input, outputs: output });
    };
    const { program, network } = networkOf(backend, create, { loss: 'mse' });
    const { variables, statistics } = firstValues(network, program);
    const pass = network.train(
      variables,
      statistics,
      batchOf(program, 12),
      ({ z }) => tf.onesLike(z),
      drawOf(program, backend),
    );
    const gradient = [...pass.gradients['module.4.kernel']!.dataSync()];
    expect(gradient.slice(0, 3)).not.toEqual(gradient.slice(3));
  });
});

describe('first values', () => {
  test('seedless initializers draw from the stream of the replicate', () => {
    const { program, network } = networkOf(backend, plain);
    const kernel = (replicate: number) => [
      ...firstValues(network, program, replicate).variables['module.0.kernel']!.dataSync(),
    ];
    expect(kernel(1)).toEqual(kernel(1));
    expect(kernel(1)).not.toEqual(kernel(2));
  });

  test('a seed of the module and constants stay what they are', () => {
    const create: ModelModule = (tf) =>
      sequential(
        tf,
        tf.layers.dense({
          units: 1,
          inputShape: [3],
          kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
          biasInitializer: tf.initializers.constant({ value: 0.5 }),
        }),
      );
    const { program, network } = networkOf(backend, create, { loss: 'mse' });
    const [first, second] = [1, 2].map((replicate) => firstValues(network, program, replicate).variables);
    expect(first!['module.0.kernel']!.dataSync()).toEqual(second!['module.0.kernel']!.dataSync());
    expect([...first!['module.0.bias']!.dataSync()]).toEqual([0.5]);
  });

  test('weights that the module sets are the first values, and frozen layers are no variables', () => {
    const create: ModelModule = (tf) => {
      const frozen = tf.layers.dense({ units: 2, inputShape: [3], trainable: false });
      const model = sequential(tf, frozen, tf.layers.dense({ units: 1 }));
      frozen.setWeights([tf.fill([3, 2], 0.25), tf.fill([2], 1)]);
      return model;
    };
    const { program, network } = networkOf(backend, create, { loss: 'mse' });
    const { statistics } = firstValues(network, program);
    expect(network.variables.map(({ name }) => name)).toEqual(['module.1.kernel', 'module.1.bias']);
    expect([...statistics['module.0.kernel']!.dataSync()]).toEqual(new Array(6).fill(0.25));
  });

  test.each([
    ['glorotUniform', { bound: Math.sqrt(6 / 64), variance: 2 / 64 }],
    ['heUniform', { bound: Math.sqrt(6 / 32), variance: 2 / 32 }],
    // Not corrected for the tails that are cut off: .774 of the variance.
    ['leCunNormal', { bound: 2 * Math.sqrt(1 / 32), variance: 0.774 / 32 }],
    ['orthogonal', { bound: 1, variance: 1 / 32 }],
  ] as const)('%s has the distribution of tf.layers', (kernelInitializer, { bound, variance }) => {
    const create: ModelModule = (tf) =>
      sequential(
        tf,
        tf.layers.dense({ units: 32, inputShape: [32], kernelInitializer }),
        tf.layers.dense({ units: 1 }),
      );
    const { program, network } = networkOf(backend, create, { loss: 'mse', width: 32 });
    const values = firstValues(network, program).variables['module.0.kernel']!;
    expect(tf.max(tf.abs(values)).dataSync()[0]!).toBeLessThanOrEqual(bound);
    expect(tf.moments(values).variance.dataSync()[0]! / variance).toBeCloseTo(1, 0.7);
  });
});

describe('compiled', () => {
  const models: readonly (readonly [string, ModelModule])[] = [
    [
      'dropout, noise and normalization',
      (tf) =>
        sequential(
          tf,
          tf.layers.dense({ units: 6, activation: 'relu', inputShape: [4] }),
          tf.layers.batchNormalization(),
          tf.layers.dropout({ rate: 0.3 }),
          tf.layers.gaussianNoise({ stddev: 0.1 }),
          tf.layers.dense({
            units: 1,
            activation: 'sigmoid',
            kernelConstraint: tf.constraints.maxNorm({ maxValue: 1 }),
          }),
        ),
    ],
    [
      'convolutions',
      (tf) =>
        sequential(
          tf,
          tf.layers.reshape({ targetShape: [2, 2, 1], inputShape: [4] }),
          tf.layers.conv2d({ filters: 3, kernelSize: 2, padding: 'same', activation: 'relu' }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 1, activation: 'sigmoid' }),
        ),
    ],
    [
      'a recurrent layer with dropout',
      (tf) =>
        sequential(
          tf,
          tf.layers.reshape({ targetShape: [4, 1], inputShape: [4] }),
          tf.layers.lstm({ units: 3, dropout: 0.2, recurrentDropout: 0.2 }),
          tf.layers.dense({ units: 1, activation: 'sigmoid' }),
        ),
    ],
  ];
  test.each(models)('%s: the same numbers as op by op', (name, create) => {
    const module = { ...MODULE, path: `/models/${name}.ts` };
    const program = moduleProgram({ width: 4, parts: { train: 11, validation: 4, test: 4 }, batch: 4, module });
    const network = moduleNetwork(program, backend.ops, create);
    const [eager, compiled] = [true, false].map((isEager) => {
      const stack = new Stack(program, backend, { network, eager: isEager });
      stack.seat([{ enter: { task: buildTask(program, { hyper: { epochs: 5 } }), dataset: buildDataset(program) } }]);
      const [epochs] = stack.run(4);
      stack.dispose();
      return epochs!.flatMap(({ values }) => [...values]);
    });
    expect(compiled).toHaveLength(4 * program.metrics.length);
    compiled!.forEach((value, index) => expect(value).toBeCloseTo(eager![index]!, 4));
    expect(compiled![0]).not.toBe(compiled![program.metrics.length]);
  });
});

test('a model that looks at its numbers runs op by op, and says why', () => {
  const create: ModelModule = (tf) => {
    class Looking extends tf.layers.Layer {
      static readonly className = 'Looking';
      override call(inputs: Tensor | Tensor[]): Tensor {
        const x = Array.isArray(inputs) ? inputs[0]! : inputs;
        return x.dataSync()[0]! > 0 ? tf.add(x, 1) : tf.sub(x, 1);
      }
      override computeOutputShape(shape: (number | null)[]) {
        return shape;
      }
    }
    return sequential(tf, new Looking({ inputShape: [3] }), tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  };
  const module = { ...MODULE, path: '/models/looking.ts' };
  const program = moduleProgram({ module });
  const stack = new Stack(program, backend, { network: moduleNetwork(program, backend.ops, create) });
  stack.seat([{ enter: { task: buildTask(program), dataset: buildDataset(program) } }]);
  const [epochs] = stack.run(2);
  expect(epochs).toHaveLength(2);
  expect(stack.remark).toMatch(/^runs op by op, since it cannot be compiled: /);
  stack.dispose();
});
