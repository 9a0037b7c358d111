/** Penalties against their formulas, and their gradients against finite differences of those. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { Program } from '../../workers/train/program.ts';
import { activityGradient, activityPenalty, penalty, penaltyStrengths } from '../../workers/train/regularization.ts';
import type { Tensors } from '../../workers/train/tensors.ts';
import { buildProgram } from './builders.ts';
import { hyperTensors, type Numbers } from './hyper-tensors.ts';
import { batchRows } from './rows.ts';
import { expectSameBits, normals } from './slots.ts';

beforeAll(async () => {
  await loadBackend('native');
});

/** Gives a different strength to every place that has one. */
const STRENGTHS: Numbers = {
  'layers.0.l1': 0.5,
  'layers.0.l2': 0.25,
  'layers.0.bias_l1': 2,
  'layers.1.bias_l2': 3,
  'layers.0.activity_l1': 0.75,
  'layers.0.activity_l2': 1.5,
};

const PROGRAM: Program = buildProgram({
  width: 3,
  layers: [
    { units: 2, l1: true, l2: true, bias_l1: true, activity_l1: true, activity_l2: true },
    { units: 1, bias_l2: true },
  ],
});
const FIRST = PROGRAM.layers[0]!;

const l1 = (values: readonly number[]): number => values.reduce((sum, w) => sum + Math.abs(w), 0);
const l2 = (values: readonly number[]): number => values.reduce((sum, w) => sum + w * w, 0);

describe('penalties on weights', () => {
  const weights = {
    'layers.0.kernel': [1.5, -2, 0.25, -0.75, 3, -1],
    'layers.0.bias': [0.5, -4],
    'layers.1.kernel': [7, 9],
    'layers.1.bias': [-0.5],
  };
  const variables = (): Record<string, tf.Tensor> =>
    Object.fromEntries(
      Object.entries(weights).map(([name, values]) => {
        const units = name.startsWith('layers.0') ? 2 : 1;
        return [name, tf.tensor3d([...values, ...values], [2, values.length / units, units])];
      }),
    );

  test('are sums over kernels and biases, each with its own strength', () => {
    const expected =
      0.5 * l1(weights['layers.0.kernel']) +
      0.25 * l2(weights['layers.0.kernel']) +
      2 * l1(weights['layers.0.bias']) +
      3 * l2(weights['layers.1.bias']);
    const found = tf.tidy(() =>
      penalty(PROGRAM, variables(), hyperTensors(PROGRAM, [STRENGTHS, STRENGTHS]))!.dataSync(),
    );
    expect([...found]).toEqual([expected, expected]);
  });

  /** What the penalties add to the gradient of a variable. */
  function gradientOf(name: string, values: readonly number[]): number[] {
    return tf.tidy(() => {
      const { linear, signed } = penaltyStrengths(PROGRAM, hyperTensors(PROGRAM, [STRENGTHS, STRENGTHS]));
      const strength = (of: Tensors): number => of[name]?.dataSync()[1] ?? 0;
      return values.map((w) => strength(linear) * w + strength(signed) * Math.sign(w));
    });
  }

  test.each([
    { name: 'layers.0.kernel', formula: (w: readonly number[]) => 0.5 * l1(w) + 0.25 * l2(w) },
    { name: 'layers.0.bias', formula: (w: readonly number[]) => 2 * l1(w) },
    { name: 'layers.1.bias', formula: (w: readonly number[]) => 3 * l2(w) },
    { name: 'layers.1.kernel', formula: () => 0 },
  ] as const)('of $name have the gradient of their formula', ({ name, formula }) => {
    expectClose(gradientOf(name, weights[name]), slopes(formula, weights[name]));
  });

  test('that nobody asked for are not there', () => {
    const plain = buildProgram();
    const hyper = hyperTensors(plain, [{}]);
    expect(penalty(plain, {}, hyper)).toBeUndefined();
    expect(penaltyStrengths(plain, hyper)).toEqual({ linear: {}, signed: {} });
  });
});

describe('activity penalties', () => {
  const OUTPUT = [
    [0.5, -1.25],
    [2, 0.125],
    [-0.75, -3],
  ] as const;
  const formula = (values: readonly number[]): number => (0.75 * l1(values) + 1.5 * l2(values)) / OUTPUT.length;
  const GARBAGE = [
    [100, -200],
    [-300, 400],
  ];

  function computed(filling: number): { penalty: number[]; gradient: number[] } {
    return tf.tidy(() => {
      const rows = [...OUTPUT.map((row) => [...row]), ...GARBAGE.slice(0, filling)];
      const output = tf.tensor3d([rows, rows]);
      const batch = { ...batchRows(OUTPUT.length, filling), x: output, y: output };
      const hyper = hyperTensors(PROGRAM, [STRENGTHS, STRENGTHS]);
      return {
        penalty: [...activityPenalty(FIRST, 'layers.0', output, batch, hyper)!.dataSync()],
        gradient: [...activityGradient(FIRST, 'layers.0', output, batch, hyper)!.dataSync()],
      };
    });
  }

  test.each([0, 1, 2])('are means over the rows that are there, with %i that only fill up', (filling) => {
    const values = OUTPUT.flat();
    const found = computed(filling);
    expectClose(found.penalty, [formula(values), formula(values)]);
    const slot = [...slopes(formula, values), ...Array.from({ length: 2 * filling }, () => 0)];
    expectClose(found.gradient, [...slot, ...slot]);
  });

  test('do not follow the weights of the classes', () => {
    const gradient = tf.tidy(() => {
      const output = tf.tensor3d([OUTPUT.map((row) => [...row])]);
      const rows = batchRows(OUTPUT.length);
      const batch = { ...rows, share: tf.mul(rows.share, 7), x: output, y: output };
      return activityGradient(FIRST, 'layers.0', output, batch, hyperTensors(PROGRAM, [STRENGTHS]))!.dataSync();
    });
    expectClose(gradient, slopes(formula, OUTPUT.flat()));
  });
});

test('penalties, and the gradients of those on activities, have the same bits in every slot', () => {
  const hyper = (slots: readonly number[]): ReturnType<typeof hyperTensors> =>
    hyperTensors(
      PROGRAM,
      slots.map((slot) =>
        Object.fromEntries(Object.entries(STRENGTHS).map(([name, value]) => [name, value * (slot + 1) * 0.37])),
      ),
    );
  expectSameBits((slots) => {
    const names = ['layers.0.kernel', 'layers.0.bias', 'layers.1.kernel', 'layers.1.bias'];
    return penalty(
      PROGRAM,
      Object.fromEntries(names.map((name) => [name, normals(slots, name, [7, 3])])),
      hyper(slots),
    )!;
  });
  for (const compute of [activityPenalty, activityGradient]) {
    expectSameBits((slots) => {
      const output = normals(slots, 'output', [5, 3]);
      return compute(FIRST, 'layers.0', output, { ...batchRows(4, 1), x: output, y: output }, hyper(slots))!;
    });
  }
});

function slopes(formula: (values: readonly number[]) => number, values: readonly number[]): number[] {
  const h = 1e-6;
  return values.map((value, i) => (formula(values.with(i, value + h)) - formula(values.with(i, value - h))) / (2 * h));
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
}
