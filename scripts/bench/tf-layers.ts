/** The same network by `fit` of tf.layers, which is what a program for Node.js would call without us. */

import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { DenseProgram } from '../../workers/train/program.ts';
import { stepsPerEpoch } from '../../workers/train/program.ts';
import { createTables } from '../../workers/train/tables.ts';
import { named } from '../../workers/train/tensors.ts';
import type { Side } from './interleaved.ts';
import type { Workload } from './workloads.ts';

const LOSSES: Readonly<Record<string, string>> = {
  binary_crossentropy: 'binaryCrossentropy',
  categorical_crossentropy: 'categoricalCrossentropy',
};

export function tfLayersFit({ program, entrants }: Workload): Side {
  const { task, dataset } = entrants[0]!;
  const model = layers.sequential();
  program.layers.forEach((layer, index) => {
    const { inputs, units, activation, dropout } = layer as DenseProgram;
    const kernelRegularizer = layers.regularizers.l2({ l2: task.hyper[`layers.${index}.l2`]! });
    model.add(
      layers.layers.dense({
        units,
        activation: activation as 'relu',
        kernelRegularizer,
        ...(index === 0 ? { inputShape: [inputs] } : {}),
      }),
    );
    if (dropout) model.add(layers.layers.dropout({ rate: task.hyper[`layers.${index}.dropout`]! }));
  });
  const optimizer = tf.train.adam(task.hyper['optimizer.learning_rate']!, 0.9, 0.999, 1e-7);
  model.compile({ optimizer, loss: LOSSES[program.loss]! });
  const tables = createTables(program, [dataset], 'stacked');
  const { batch: batchSize } = program;
  return {
    name: 'tf.layers fit',
    slots: 1,
    stepsPerEpoch: stepsPerEpoch(program),
    async train(epochs) {
      const [x, y] = [named(tables.tensors, 'train.x'), named(tables.tensors, 'train.y')];
      await model.fit(x, y, { batchSize, epochs, verbose: 0, yieldEvery: 'never' });
    },
    dispose() {
      model.dispose();
      optimizer.dispose();
      tables.dispose();
    },
  };
}
