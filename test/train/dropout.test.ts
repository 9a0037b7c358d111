/** Gradients of networks with dropout in several layers, against automatic differentiation of what dropout is by its definition. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { ActivationName } from '../../src/definition/resolved.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { slotHyper } from '../../workers/train/hyper.ts';
import type { Layout } from '../../workers/train/layout.ts';
import { dropoutMasks, dropoutPlaces } from '../../workers/train/noise.ts';
import type { Program } from '../../workers/train/program.ts';
import type { Rows } from '../../workers/train/rows.ts';
import { constantTensors, slotTensors } from '../../workers/train/stack.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { createTraining } from '../../workers/train/training.ts';
import { buildDataset, buildProgram, buildTask, type LayerOptions } from './builders.ts';
import { batchRows } from './rows.ts';
import { normals } from './slots.ts';

const ROWS = 40;
const RATES = [0.2, 0.5, 0.3, 0.6];

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const APPLY: Partial<Record<ActivationName, (z: tf.Tensor) => tf.Tensor>> = {
  linear: (z) => z,
  relu: tf.relu,
  tanh: tf.tanh,
};

/** The outputs, with every kept unit multiplied by 1 / (1 - rate) where it is dropped from. */
function outputsOf(
  { layers }: Program,
  variables: Tensors,
  x: tf.Tensor,
  masks: ReturnType<typeof dropoutMasks>,
): tf.Tensor {
  return layers.reduce((h, { activation }, index) => {
    const place = `layers.${index}`;
    const z = tf.add(tf.matMul(h, named(variables, `${place}.kernel`)), named(variables, `${place}.bias`));
    const y = APPLY[activation]!(z);
    const dropout = masks.get(place);
    return dropout ? tf.mul(y, tf.mul(dropout.mask, dropout.scale)) : y;
  }, x);
}

const RELU = { activation: 'relu', dropout: true } as const;
const CASES: readonly (readonly [string, readonly LayerOptions[]])[] = [
  ['two layers', [{ ...RELU, units: 20 }, { ...RELU, units: 9 }, { activation: 'linear' }]],
  ['four layers', [...[20, 12, 9, 8].map((units) => ({ ...RELU, units })), { activation: 'linear' }]],
  [
    'layers without dropout between',
    [
      { ...RELU, units: 20 },
      { units: 12, activation: 'relu' },
      { units: 9, activation: 'relu' },
      { ...RELU, units: 8 },
      { activation: 'linear' },
    ],
  ],
  [
    'another activation between',
    [
      { ...RELU, units: 20 },
      { ...RELU, units: 12, activation: 'tanh' },
      { ...RELU, units: 9 },
      { activation: 'linear' },
    ],
  ],
  ['relu at the end', [{ ...RELU, units: 20 }, { ...RELU, units: 9 }, { activation: 'relu' }]],
];
const LAYOUTS: readonly (readonly [Layout, number])[] = [
  ['flat', 3],
  ['stacked', 3],
  ['single', 1],
];

test.each(CASES.flatMap(([what, layers]) => LAYOUTS.map((layout) => [what, ...layout, layers] as const)))(
  'of %s in the layout %s with %i slots',
  (_what, layout, count, layers) => {
    tf.tidy(() => {
      const program = buildProgram({
        layers,
        loss: 'mse',
        parts: { train: ROWS, validation: 4, test: 5 },
        batch: ROWS,
      });
      const slots = Array.from({ length: count }, (_, slot) => slot);
      const hyper = hyperOf(program, slots);
      const training = createTraining(program, backend.ops, layout);
      const variables = Object.fromEntries(
        training.network.variables.map(({ name, shape }) => [name, normals(slots, name, shape, 0.6)]),
      );
      const t = tf.tensor1d([0, 3, 40].slice(0, count), 'int32');
      const rows: Rows = {
        ...batchRows(ROWS),
        x: normals(slots, 'x', [ROWS, program.data.width]),
        y: normals(slots, 'y', [ROWS, 1]),
      };
      const found = training.gradients({ t, ...training.parameters.pack(variables) }, rows, hyper).gradients;

      const masks = dropoutMasks({ ops: backend.ops, t, hyper }, dropoutPlaces(program), ROWS);
      const names = Object.keys(variables);
      const loss = (...values: tf.Tensor[]): tf.Tensor => {
        const given = Object.fromEntries(names.map((name, index) => [name, values[index]!]));
        const errors = tf.square(tf.sub(outputsOf(program, given, rows.x, masks), rows.y));
        return tf.sum(tf.div(errors, rows.count));
      };
      const expected = tf.grads(loss)(names.map((name) => named(variables, name)));
      names.forEach((name, index) => {
        const largest = largestOf(expected[index]!);
        expect(largest, name).toBeGreaterThan(0);
        expect(largestOf(tf.sub(named(found, name), expected[index]!)), name).toBeLessThan(1e-5 * largest);
      });
    });
  },
);

/** A rate of its own in each layer and slot. */
function hyperOf(program: Program, slots: readonly number[]): Tensors {
  const rates = (slot: number): Record<string, number> =>
    Object.fromEntries(
      dropoutPlaces(program).map(({ name }, index) => [`${name}.dropout`, RATES[(index + slot) % RATES.length]!]),
    );
  const own = slots.map((slot) => {
    const task = buildTask(program, { replicate: slot, hyper: rates(slot) });
    return slotHyper(program, task, buildDataset(program));
  });
  return { ...constantTensors(program), ...slotTensors(own) };
}

function largestOf(x: tf.Tensor): number {
  return tf.max(tf.abs(x)).dataSync()[0]!;
}
