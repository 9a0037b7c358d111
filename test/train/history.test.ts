/** What is recorded of layers: against the steps that the weights really made, and against norms worked out by hand. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { historyColumns, historyState, historyStep } from '../../workers/train/history.ts';
import type { Program } from '../../workers/train/program.ts';
import { layerColumns, layerRows } from '../../workers/train/reports.ts';
import { Stack } from '../../workers/train/stack.ts';
import type { Tensors } from '../../workers/train/tensors.ts';
import { buildDataset, buildProgram, buildTask, type ProgramOptions } from './builders.ts';
import { perSlot } from './hyper-tensors.ts';
import { expectSameBits, normals } from './slots.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const BOTH = { layer_history: { weight_norms: true, gradient_norms: true } };
const NO_CLIP = { variable_norm: false, global_norm: false, value: false };
const norm = (values: Iterable<number>): number => Math.hypot(...values);

describe('of a trial that makes one step per epoch', () => {
  const RATE = 0.05;

  /** Weights after each epoch, by variable, and the rows of the layers. */
  function train(options: ProgramOptions, hyper: Record<string, number> = {}) {
    const program = buildProgram({ batch: 'full', ...BOTH, ...options });
    const stack = new Stack(program, backend);
    try {
      const task = buildTask(program, { hyper: { 'optimizer.learning_rate': RATE, ...hyper } });
      stack.seat([null, { enter: { task, dataset: buildDataset(program) } }]);
      return Array.from({ length: 3 }, () => {
        const reached = stack.run(1)[1]!.at(-1)!;
        return { weights: stack.weights(1), layers: layerRows(layerColumns(program), reached.layers) };
      });
    } finally {
      stack.dispose();
    }
  }

  test.each([
    { of: 'dense layers', layers: [{ units: 4, activation: 'tanh' }, { activation: 'sigmoid' }] },
    { of: 'a normalized one', layers: [{ units: 4, normalization: 'layer_normalization' }, { activation: 'sigmoid' }] },
    {
      of: 'one with penalties',
      layers: [
        { units: 4, l2: true, bias_l2: true },
        { activation: 'sigmoid', l1: true },
      ],
    },
  ] as const)('the norms are those of its weights and of its steps: $of', ({ layers }) => {
    const epochs = train({ layers });
    epochs.slice(1).forEach(({ weights, layers: rows }, before) => {
      expect(rows.map(({ layer }) => layer)).toEqual([0, 1]);
      for (const row of rows) {
        const names = Object.keys(weights).filter((name) => name.startsWith(`layers.${row.layer}.`));
        // Plain descent: the step is the gradient times the rate.
        const step = names.flatMap((name) =>
          Array.from(weights[name]!, (w, i) => w - epochs[before]!.weights[name]![i]!),
        );
        expect(row.kernel_norm).toBeCloseTo(norm(weights[`layers.${row.layer}.kernel`]!), 5);
        expect(row.gradient_norm! / (norm(step) / RATE)).toBeCloseTo(1, 3);
        expect(row.clipped_share).toBe(0);
      }
    });
  });

  test('the gradient is that before clipping, and the share says whether that changed it', () => {
    const plain = train({});
    for (const [limit, share] of [
      [1e-3, 1],
      [1e3, 0],
    ] as const) {
      const [first] = train({ clip: { ...NO_CLIP, global_norm: true } }, { 'clip.global_norm': limit });
      expect(first!.layers.map((row) => row.clipped_share)).toEqual([share, share]);
      first!.layers.forEach((row, i) => expect(row.gradient_norm).toBeCloseTo(plain[0]!.layers[i]!.gradient_norm!, 5));
    }
  });

  test('noise on the gradient is part of it, and no clipping', () => {
    const [noisy] = train({ noise: { gradients: true, labels: false } }, { 'noise.gradients': 10 });
    const numbers = 3 * 5 + 5;
    expect(noisy!.layers[0]!.gradient_norm! / (10 * Math.sqrt(numbers))).toBeGreaterThan(0.5);
    expect(noisy!.layers.map((row) => row.clipped_share)).toEqual([0, 0]);
  });

  test('what is not asked for is null, and without either there are no rows', () => {
    const [weights] = train({ layer_history: { weight_norms: true, gradient_norms: false } });
    expect(weights!.layers[0]).toMatchObject({ gradient_norm: null, clipped_share: null });
    expect(weights!.layers[0]!.kernel_norm).toBeGreaterThan(0);
    const [gradients] = train({ layer_history: { weight_norms: false, gradient_norms: true } });
    expect(gradients!.layers[0]).toMatchObject({ kernel_norm: null });
    expect(train({ layer_history: { weight_norms: false, gradient_norms: false } })[0]!.layers).toEqual([]);
  });
});

describe('of an epoch of several steps', () => {
  const program: Program = buildProgram({
    ...BOTH,
    layers: [{ units: 2 }, { activation: 'sigmoid' }],
    width: 1,
    clip: { ...NO_CLIP, value: true },
  });
  /** By variable; the norm of the first layer is 5 * scale, that of the second 13 * scale. */
  const gradients = (scale: number): Tensors =>
    Object.fromEntries(
      Object.entries({
        'layers.0.kernel': [[3, 0]],
        'layers.0.bias': [[0, 4]],
        'layers.1.kernel': [[5], [0]],
        'layers.1.bias': [[-12]],
      }).map(([name, rows]) => [name, tf.mul(tf.tensor3d([rows]), scale)]),
    );

  test('norms are means over its steps, and shares count the steps in which any number of the layer changed', () => {
    const values = tf.tidy(() => {
      let state: Tensors = Object.fromEntries(Object.keys(historyState(program)).map((name) => [name, perSlot([0])]));
      for (const limit of [3.5, 4.5, 7, 20]) {
        const before = gradients(1);
        const clip = (g: tf.Tensor): tf.Tensor => tf.clipByValue(g, -limit, limit);
        const after = Object.fromEntries(Object.entries(before).map(([name, g]) => [name, clip(g)]));
        state = { ...state, ...historyStep(program, state, before, after) };
      }
      const variables = { 'layers.0.kernel': tf.tensor3d([[[6, -8]]]), 'layers.1.kernel': tf.tensor3d([[[8], [15]]]) };
      return historyColumns(program, variables, state, perSlot([4])).map((column) => column.dataSync()[0]!);
    });
    expect(layerRows(layerColumns(program), values)).toEqual([
      { layer: 0, kernel_norm: 10, gradient_norm: 5, clipped_share: 0.25 },
      { layer: 1, kernel_norm: 17, gradient_norm: 13, clipped_share: 0.75 },
    ]);
  });

  test('a number that is not finite is null', () => {
    const values = layerColumns(program).map((_, column) => [Infinity, Number.NaN, 0.5][column % 3]!);
    expect(layerRows(layerColumns(program), values)[0]).toEqual({
      layer: 0,
      kernel_norm: null,
      gradient_norm: null,
      clipped_share: 0.5,
    });
  });

  test('they have the same bits in every slot', () => {
    expectSameBits((slots) => {
      const named = (scale: number): Tensors =>
        Object.fromEntries(
          ['0.kernel', '0.bias', '1.kernel', '1.bias'].map((name) => [
            `layers.${name}`,
            normals(slots, name, [5, 3], scale),
          ]),
        );
      const state = Object.fromEntries(
        Object.keys(historyState(program)).map((name) => [name, normals(slots, name, [1, 1])]),
      );
      const after = Object.fromEntries(Object.entries(named(1)).map(([name, g]) => [name, tf.clipByValue(g, -2, 2)]));
      const next = historyStep(program, state, named(1), after);
      return tf.concat([...historyColumns(program, named(3), next, perSlot(slots.map((slot) => slot + 1)))], 1);
    });
  });
});
