/** What training takes the targets for: shares of exchanged labels, Keras' smoothing, rows weighed by class. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LossName } from '../../src/definition/resolved.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import type { Draw } from '../../workers/train/noise.ts';
import type { Program } from '../../workers/train/program.ts';
import { trainingTargets } from '../../workers/train/targets.ts';
import { buildProgram, type ProgramOptions } from './builders.ts';
import { hyperTensors, type Numbers } from './hyper-tensors.ts';
import { batchRows } from './rows.ts';
import { expectSameBits } from './slots.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const ROWS = 4000;
const CLASSES = 5;

function programOf(loss: LossName, options: ProgramOptions): Program {
  const units = loss === 'categorical_crossentropy' ? CLASSES : 1;
  return buildProgram({ loss, layers: [{ units, activation: units > 1 ? 'softmax' : 'linear' }], ...options });
}

function drawOf(program: Program, slots: readonly Numbers[], t = 0): Draw {
  const streams = tf.tensor1d(
    slots.map((_, slot) => 12345 + 1000 * slot),
    'int32',
  );
  const hyper = { ...hyperTensors(program, slots), 'labels.stream': streams };
  return {
    ops: backend.ops,
    t: tf.tensor1d(
      slots.map(() => t),
      'int32',
    ),
    hyper,
  };
}

/** Row r is of class r mod n. */
function labels(loss: LossName, rows: number): tf.Tensor3D {
  const classOf = (row: number, n: number): number => row % n;
  if (loss === 'categorical_crossentropy') {
    const oneHot = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: CLASSES }, (_unused, c) => (classOf(row, CLASSES) === c ? 1 : 0)),
    );
    return tf.tensor3d([oneHot]);
  }
  const signed = loss === 'hinge';
  return tf.tensor3d([Array.from({ length: rows }, (_, row) => [signed ? 2 * classOf(row, 2) - 1 : classOf(row, 2)])]);
}

/** Targets of slot `slot`, [rows][outputs], and the shares of its rows. */
function targets(
  loss: LossName,
  options: ProgramOptions,
  slots: readonly Numbers[],
  { slot = 0, t = 0, rows = ROWS }: { slot?: number; t?: number; rows?: number } = {},
): { y: number[][]; share: number[] } {
  return tf.tidy(() => {
    const program = programOf(loss, options);
    const batch = { ...batchRows(rows), y: labels(loss, rows) };
    const { y, share } = trainingTargets(program, batch, drawOf(program, slots, t));
    const of = (tensor: tf.Tensor): number[][] =>
      (tensor.arraySync() as number[][][])[tensor.shape[0] === 1 ? 0 : slot]!;
    return { y: of(y), share: of(share).flat() };
  });
}

test('without any of them, targets and shares are the batch itself', () => {
  const batch = { ...batchRows(4), y: labels('binary_crossentropy', 4) };
  const program = programOf('binary_crossentropy', {});
  const made = trainingTargets(program, batch, drawOf(program, [{}]));
  expect(made.y).toBe(batch.y);
  expect(made.share).toBe(batch.share);
});

describe.each(['native', 'wasm', 'cpu'] satisfies BackendName[])('noise on labels on %s', (name) => {
  beforeAll(async () => {
    backend = await loadBackend(name);
  });
  const noise = { noise: { gradients: false, labels: true } };
  const exchanged = (loss: LossName, p: number, t = 0): { from: number; to: number }[] => {
    const before = tf.tidy(() => labels(loss, ROWS).arraySync()[0]!);
    const { y } = targets(loss, noise, [{ 'noise.labels': 0.9 }, { 'noise.labels': p }], { slot: 1, t });
    const classOf = (row: readonly number[]): number => (row.length === 1 ? row[0]! : row.indexOf(1));
    for (const row of y) expect(before.some((other) => other.join() === row.join())).toBe(true);
    return y.map((row, i) => ({ from: classOf(before[i]!), to: classOf(row) }));
  };

  test.each(['binary_crossentropy', 'hinge', 'categorical_crossentropy'] as const)(
    'exchanges the wanted share of the classes of %s, all others equally often',
    (loss) => {
      const p = 0.3;
      const pairs = exchanged(loss, p);
      const changed = pairs.filter(({ from, to }) => from !== to);
      expect(Math.abs(changed.length / ROWS - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / ROWS));
      if (loss !== 'categorical_crossentropy') return;
      const counts = Array.from({ length: CLASSES }, () => 0);
      for (const { from, to } of changed) counts[(to - from + CLASSES) % CLASSES]! += 1;
      const expected = changed.length / (CLASSES - 1);
      expect(counts[0]).toBe(0);
      for (const count of counts.slice(1)) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
    },
  );

  test('exchanges none at 0, all at 1, and others in every step', () => {
    const loss = 'categorical_crossentropy';
    const rows = (p: number, t = 0): string => JSON.stringify(exchanged(loss, p, t));
    expect(exchanged(loss, 0).every(({ from, to }) => from === to)).toBe(true);
    expect(exchanged(loss, 1).every(({ from, to }) => from !== to)).toBe(true);
    expect(rows(0.3, 0)).toBe(rows(0.3, 0));
    expect(rows(0.3, 1)).not.toBe(rows(0.3, 0));
  });

  test('adds normal numbers to a number', () => {
    const { y } = targets('mse', noise, [{ 'noise.labels': 0.5 }]);
    const errors = y.map(([value], row) => value! - (row % 2));
    const mean = errors.reduce((sum, x) => sum + x, 0) / ROWS;
    const std = Math.sqrt(errors.reduce((sum, x) => sum + x * x, 0) / ROWS);
    expect(Math.abs(mean)).toBeLessThan((5 * 0.5) / Math.sqrt(ROWS));
    expect(Math.abs(std / 0.5 - 1)).toBeLessThan(5 / Math.sqrt(2 * ROWS));
  });
});

/** Source: `label_smoothing` of Keras' losses; hinge has none there: its classes move towards each other likewise. */
test.each([
  { loss: 'binary_crossentropy', rows: [[0.1], [0.9]] },
  { loss: 'hinge', rows: [[-0.8], [0.8]] },
  {
    loss: 'categorical_crossentropy',
    rows: [
      [0.84, 0.04, 0.04, 0.04, 0.04],
      [0.04, 0.84, 0.04, 0.04, 0.04],
    ],
  },
] as const)('smoothing by 0.2 makes of the labels of $loss what Keras makes', ({ loss, rows }) => {
  const { y } = targets(loss, { label_smoothing: true }, [{ label_smoothing: 0.2 }], { rows: 2 });
  y.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(rows[i]![j]!, 6)));
});

describe('class weights', () => {
  const weights = {
    'class_weight.0': 0.5,
    'class_weight.1': 3,
    'class_weight.2': 1,
    'class_weight.3': 0,
    'class_weight.4': 2,
  };

  test.each([
    { loss: 'binary_crossentropy', expected: [0.5, 3, 0.5, 3] },
    { loss: 'hinge', expected: [0.5, 3, 0.5, 3] },
    { loss: 'categorical_crossentropy', expected: [0.5, 3, 1, 0, 2, 0.5] },
  ] as const)('multiply the shares of the rows of $loss, which still divide by their number', ({ loss, expected }) => {
    const rows = expected.length;
    const { y, share } = targets(loss, { class_weight: true }, [{ ...weights, 'class_weight.0': 9 }, weights], {
      slot: 1,
      rows,
    });
    share.forEach((value, row) => expect(value).toBeCloseTo(expected[row]! / rows, 6));
    expect(y).toEqual(tf.tidy(() => labels(loss, rows).arraySync()[0]));
  });

  test('are those of the exchanged label, not of the smoothed one', () => {
    const options = { class_weight: true, label_smoothing: true, noise: { gradients: false, labels: true } };
    const { y, share } = targets(
      'binary_crossentropy',
      options,
      [{ ...weights, 'noise.labels': 1, label_smoothing: 0.2 }],
      { rows: 2 },
    );
    expect(y.flat().map((value) => Number(value.toFixed(6)))).toEqual([0.9, 0.1]);
    expect(share).toEqual([1.5, 0.25]);
  });

  test('leave rows out that only fill up', () => {
    tf.tidy(() => {
      const program = programOf('binary_crossentropy', { class_weight: true });
      const batch = { ...batchRows(2, 2), y: labels('binary_crossentropy', 4) };
      const { share } = trainingTargets(program, batch, drawOf(program, [weights]));
      expect([...share.dataSync()]).toEqual([0.25, 1.5, 0, 0]);
    });
  });
});

test.each(['mse', 'binary_crossentropy', 'hinge', 'categorical_crossentropy'] as const)(
  'the targets and shares of %s have the same bits in every slot',
  async (loss) => {
    backend = await loadBackend('native');
    const classes = loss !== 'mse';
    const program = programOf(loss, {
      noise: { gradients: false, labels: true },
      label_smoothing: classes,
      class_weight: classes,
    });
    expectSameBits((slots) => {
      const numbers = slots.map((slot) => ({
        'noise.labels': 0.05 * (slot + 1),
        label_smoothing: 0.03 * slot,
        ...Object.fromEntries(Array.from({ length: CLASSES }, (_, c) => [`class_weight.${c}`, (slot + 1) / (c + 3)])),
      }));
      const hyper = hyperTensors(program, numbers);
      const streams = tf.tensor1d(
        slots.map((slot) => 77 * slot),
        'int32',
      );
      const draw = {
        ops: backend.ops,
        t: tf.tensor1d(
          slots.map((slot) => slot),
          'int32',
        ),
        hyper: { ...hyper, 'labels.stream': streams },
      };
      const { y, share } = trainingTargets(program, { ...batchRows(6, 1), y: labels(loss, 7) }, draw);
      return tf.concat([y, tf.broadcastTo(share, [slots.length, 7, 1])], 2);
    });
  },
);
