/** Gradients of one wide layer of relu under one output, against those of the same network in layouts that go layer by layer. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ActivationName, LossName } from '../../src/definition/resolved.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { formatProgram } from '../../workers/compile/format.ts';
import { compile } from '../../workers/compile/index.ts';
import { gatedProduct, isGated } from '../../workers/train/gated.ts';
import { slotHyper } from '../../workers/train/hyper.ts';
import type { Layout } from '../../workers/train/layout.ts';
import type { Program } from '../../workers/train/program.ts';
import type { Rows } from '../../workers/train/rows.ts';
import { constantTensors, slotTensors } from '../../workers/train/stack.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { createTraining } from '../../workers/train/training.ts';
import { buildDataset, buildProgram, buildTask, type LayerOptions } from './builders.ts';
import { batchRows } from './rows.ts';
import { expectSameBits, normals } from './slots.ts';

const SLOTS = [0, 1, 2];
const VARIABLES = ['layers.0.kernel', 'layers.0.bias', 'layers.1.kernel', 'layers.1.bias'] as const;

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

interface Options {
  readonly width?: number;
  readonly hidden?: LayerOptions;
  readonly output?: LayerOptions;
  readonly loss?: LossName;
}

function gatedProgram({ width = 2, hidden, output, loss = 'binary_crossentropy' }: Options = {}): Program {
  const layers = [
    { units: 70, activation: 'relu' as const, ...hidden },
    { activation: 'sigmoid' as const, ...output },
  ];
  return buildProgram({ width, layers, loss });
}

/** Different ones in each slot. */
function randomVariables({ data: { width }, layers }: Program): Tensors {
  const { units } = layers[0]!;
  const shapes = [[width, units], [1, units], [units, 1], [1, 1]]; // prettier-ignore
  return Object.fromEntries(VARIABLES.map((name, index) => [name, normals(SLOTS, name, shapes[index]!, 0.4)]));
}

/** Rows of each slot's own, or one table for all; the targets are 0 and 1. */
function randomRows({ data: { width } }: Program, present: number, filling: number, isShared = false): Rows {
  const slots = isShared ? [0] : SLOTS;
  const rows = present + filling;
  const y = tf.cast(tf.greater(normals(slots, 'y', [rows, 1]), 0), 'float32');
  return { ...batchRows(present, filling), x: normals(slots, 'x', [rows, width]), y };
}

function hyperOf(program: Program): Tensors {
  const slots = SLOTS.map((slot) => slotHyper(program, buildTask(program, { replicate: slot }), buildDataset(program)));
  return { ...constantTensors(program), ...slotTensors(slots) };
}

function gradientsIn(layout: Layout, program: Program, variables: Tensors, rows: Rows): Tensors {
  const training = createTraining(program, backend.ops, layout);
  const state = { t: tf.tensor1d([0, 3, 40], 'int32'), ...training.parameters.pack(variables) };
  return training.gradients(state, rows, hyperOf(program)).gradients;
}

function largestOf(x: tf.Tensor): number {
  return tf.max(tf.abs(x)).dataSync()[0]!;
}

function expectSameGradients(program: Program, rows: Rows, variables = randomVariables(program)): void {
  const expected = gradientsIn('stacked', program, variables, rows);
  const found = gradientsIn('flat', program, variables, rows);
  for (const name of VARIABLES) {
    const largest = largestOf(named(expected, name));
    expect(largest, name).toBeGreaterThan(0);
    expect(largestOf(tf.sub(named(found, name), named(expected, name))), name).toBeLessThan(1e-5 * largest);
  }
}

describe('the gradients are those of going through the layers one by one', () => {
  test.each<[LossName, ActivationName]>([
    ['binary_crossentropy', 'sigmoid'],
    ['binary_crossentropy', 'tanh'],
    ['mse', 'linear'],
    ['mse', 'sigmoid'],
    ['mae', 'tanh'],
    ['huber', 'linear'],
    ['poisson', 'softplus'],
    ['squared_hinge', 'tanh'],
  ])('of %s on %s, with dropout and without', (loss, activation) => {
    tf.tidy(() => {
      for (const dropout of [false, true]) {
        const program = gatedProgram({ loss, hidden: { dropout }, output: { activation } });
        expect(isGated(program.layers)).toBe(true);
        expectSameGradients(program, randomRows(program, 9, 0));
      }
    });
  });

  test.each([
    [1, 0],
    [7, 4],
    [33, 1],
  ])('of %i rows and %i that fill up', (present, filling) => {
    tf.tidy(() => {
      for (const width of [2, 3]) {
        const program = gatedProgram({ width, hidden: { dropout: true } });
        expectSameGradients(program, randomRows(program, present, filling));
      }
    });
  });

  test('of rows that all slots share', () => {
    tf.tidy(() => {
      const program = gatedProgram({ width: 3, hidden: { units: 64, dropout: true } });
      expectSameGradients(program, randomRows(program, 10, 2, true));
    });
  });

  test('of kernels with penalties, and with noise on the one above', () => {
    tf.tidy(() => {
      const program = gatedProgram({ hidden: { l1: true, bias_l2: true }, output: { weight_noise: true, l2: true } });
      expect(isGated(program.layers)).toBe(true);
      expectSameGradients(program, randomRows(program, 6, 1));
    });
  });
});

test('a unit whose sum is exactly 0 is shut, as in the gradient of relu', () => {
  tf.tidy(() => {
    const program = gatedProgram();
    const { units } = program.layers[0]!;
    const variables = randomVariables(program);
    // The first half of the units.
    const open = tf.tensor3d(
      Array.from({ length: units }, (_, unit) => Number(unit >= units / 2)),
      [1, 1, units],
    );
    const half: Tensors = {
      ...variables,
      'layers.0.kernel': tf.mul(named(variables, 'layers.0.kernel'), open),
      'layers.0.bias': tf.mul(named(variables, 'layers.0.bias'), open),
    };
    const rows = randomRows(program, 8, 0);
    expectSameGradients(program, rows, half);
    const gradients = gradientsIn('flat', program, half, rows);
    const ofShut = (name: string, axis: number): tf.Tensor => tf.split(named(gradients, name), 2, axis)[0]!;
    for (const each of [ofShut('layers.0.kernel', 2), ofShut('layers.0.bias', 2), ofShut('layers.1.kernel', 1)]) {
      expect(largestOf(each)).toBe(0);
    }
  });
});

// Eleven slots make blocks of different sizes.
test.each([
  [10, 11],
  [100, 11],
  [100, 12],
  [400, 8],
  [400, 11],
])('an evaluation of %i rows of %i slots has the same bits in blocks as in one', (rows, count) => {
  const units = 704;
  expectSameBits(
    (slots) =>
      gatedProduct(
        normals([0], 'x', [rows, 3]),
        normals(slots, 'folded', [3, units]),
        normals(slots, 'above', [units, 1]),
      ),
    count,
  );
});

test('an evaluation where each slot has rows of its own has the same bits, too', () => {
  expectSameBits(
    (slots) =>
      gatedProduct(
        normals(slots, 'x', [100, 3]),
        normals(slots, 'folded', [3, 704]),
        normals(slots, 'above', [704, 1]),
      ),
    12,
  );
});

test('an evaluation is that of a network that goes through the layers one by one', () => {
  tf.tidy(() => {
    const [x, folded, above] = [normals(SLOTS, 'x', [500, 3]), normals(SLOTS, 'folded', [3, 300]), normals(SLOTS, 'above', [300, 1])] as const; // prettier-ignore
    const expected = tf.matMul(tf.relu(tf.matMul(x, folded)), above);
    expect(largestOf(tf.sub(gatedProduct(x, folded, above), expected))).toBeLessThan(1e-5 * largestOf(expected));
  });
});

test('they are taken in the layout flat alone', () => {
  const program = gatedProgram();
  const rows = randomRows(program, 4, 0);
  const textOf = (layout: Layout): string => {
    const compiled = compile((inputs) => gradientsIn(layout, program, inputs, rows), randomVariables(program));
    compiled.dispose();
    return formatProgram(compiled.program);
  };
  expect(textOf('flat')).toContain('Sign(');
  expect(textOf('flat')).not.toContain('ReluGrad(');
  expect(textOf('stacked')).toContain('ReluGrad(');
});

test.each<[string, Options]>([
  ['few units', { hidden: { units: 63 } }],
  ['another activation', { hidden: { activation: 'leaky_relu' } }],
  ['two outputs', { output: { units: 2 } }],
  ['normalization below', { hidden: { normalization: 'batch_normalization' } }],
  ['normalization above', { output: { normalization: 'layer_normalization' } }],
  ['a penalty on activities', { hidden: { activity_l1: true } }],
  ['a penalty on outputs', { output: { activity_l2: true } }],
  ['noise before the gates', { hidden: { noise_before: true } }],
  ['noise after them', { hidden: { noise_after: true } }],
])('a network with %s is none of these', (_name, options) => {
  expect(isGated(gatedProgram().layers)).toBe(true);
  expect(isGated(gatedProgram(options).layers)).toBe(false);
});

test('nor is one of more or fewer layers', () => {
  const [hidden, output] = gatedProgram().layers;
  expect(isGated([output!])).toBe(false);
  expect(isGated([hidden!, hidden!, output!])).toBe(false);
});
