/** Normalization against its formula in double precision, and its gradients against finite differences of that. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import {
  normalizationStatistics,
  normalizationVariables,
  normalize,
  normalizeGradient,
  type NormalizationInputs,
} from '../../workers/train/normalization.ts';
import type { LayerProgram } from '../../workers/train/program.ts';
import type { Rows } from '../../workers/train/rows.ts';
import type { Tensors } from '../../workers/train/tensors.ts';
import { buildProgram, PLAIN_LAYER } from './builders.ts';
import { hyperTensors } from './hyper-tensors.ts';
import { batchRows } from './rows.ts';
import { expectSameBits, normals } from './slots.ts';

const PLACE = 'layers.0';
const ROWS = 4;
const CHANNELS = 3;
const EPSILON = 0.01;
const MOMENTUM = 0.9;

type Name = 'batch_normalization' | 'layer_normalization';
interface Shape {
  readonly pixels: number;
  readonly scale: boolean;
  readonly center: boolean;
}

function layerOf(name: Name, { pixels, scale, center }: Shape): LayerProgram {
  const units = pixels * CHANNELS;
  return {
    ...PLAIN_LAYER,
    type: 'normalization',
    normalization: name,
    inputs: units,
    units,
    channels: CHANNELS,
    scale,
    center,
  };
}

function inputsOf(layer: LayerProgram, slots: readonly number[]): NormalizationInputs {
  const named = (entries: readonly { name: string; shape: readonly number[] }[], shift: number): Tensors =>
    Object.fromEntries(
      entries.map(({ name, shape }) => [name, tf.add(normals(slots, name, shape, 0.2), tf.scalar(shift))]),
    );
  const numbers = { [`${PLACE}.normalization.epsilon`]: EPSILON, [`${PLACE}.normalization.momentum`]: MOMENTUM };
  return {
    layer,
    place: PLACE,
    variables: named(normalizationVariables(layer, PLACE), 0.5),
    statistics: named(normalizationStatistics(layer, PLACE), 2),
    hyper: hyperTensors(
      buildProgram(),
      slots.map(() => numbers),
    ),
  };
}

function rowsOf(present: number, filling = 0): Rows {
  const unused = tf.zeros([1, 1, 1]);
  return { x: unused, y: unused, ...batchRows(present, filling) };
}

/** Numbers of one slot by name, for the formula. */
type Slot = Readonly<Record<string, readonly number[]>>;

function slotOf(tensors: Tensors, slot: number): Slot {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const values = [...tensor.dataSync()];
      const size = values.length / tensor.shape[0]!;
      return [name, values.slice(slot * size, (slot + 1) * size)];
    }),
  );
}

/** The output for z, both [rows * pixels][channels] in one list; moments of `moments` where they are given. */
function formula(name: Name, z: readonly number[], variables: Slot, moments?: Slot): number[] {
  const groupOf = (i: number): number => (name === 'batch_normalization' ? i % CHANNELS : Math.floor(i / CHANNELS));
  const { mean, variance } = moments ? givenMoments(moments) : groupMoments(z, groupOf);
  return z.map((value, i) => {
    const channel = i % CHANNELS;
    const standardized = (value - mean[groupOf(i)]!) / Math.sqrt(variance[groupOf(i)]! + EPSILON);
    const gamma = variables[`${PLACE}.gamma`]?.[channel] ?? 1;
    return standardized * gamma + (variables[`${PLACE}.beta`]?.[channel] ?? 0);
  });
}

interface Moments {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

function givenMoments(slot: Slot): Moments {
  return { mean: slot[`${PLACE}.moving_mean`]!, variance: slot[`${PLACE}.moving_variance`]! };
}

function groupMoments(z: readonly number[], groupOf: (i: number) => number): Moments {
  const groups: number[][] = [];
  z.forEach((value, i) => (groups[groupOf(i)] ??= []).push(value));
  const mean = groups.map((group) => group.reduce((sum, x) => sum + x, 0) / group.length);
  return {
    mean,
    variance: groups.map((group, g) => group.reduce((sum, x) => sum + (x - mean[g]!) ** 2, 0) / group.length),
  };
}

const SHAPES: readonly Shape[] = [
  { pixels: 1, scale: true, center: true },
  { pixels: 1, scale: false, center: true },
  { pixels: 1, scale: true, center: false },
  { pixels: 1, scale: false, center: false },
  { pixels: 4, scale: true, center: true },
];
const NAMES: readonly Name[] = ['batch_normalization', 'layer_normalization'];
const CASES = NAMES.flatMap((name) => SHAPES.map((shape) => ({ name, ...shape })));
const SLOTS = [3, 8];

describe.each(['native', 'wasm', 'cpu'] satisfies BackendName[])('on %s', (backend) => {
  beforeAll(async () => {
    await loadBackend(backend);
  });

  test.each(CASES)(
    '$name of $pixels pixels, scale $scale, center $center, is its formula, and so are its gradients',
    (one) => {
      tf.tidy(() => {
        const layer = layerOf(one.name, one);
        const inputs = inputsOf(layer, SLOTS);
        const z = normals(SLOTS, 'z', [ROWS, layer.units], 2);
        const dy = normals(SLOTS, 'dy', [ROWS, layer.units]);
        const made = normalize(inputs, z, rowsOf(ROWS));
        const back = normalizeGradient(inputs, made.tape, dy, rowsOf(ROWS));
        SLOTS.forEach((_, slot) => {
          const given = slotOf({ z, dy }, slot);
          const variables = slotOf(inputs.variables, slot);
          expectClose(slotOf({ y: made.output }, slot)['y']!, formula(one.name, given['z']!, variables));
          const loss = (values: readonly number[], own: Slot): number =>
            formula(one.name, values, own).reduce((sum, y, i) => sum + y * given['dy']![i]!, 0);
          expectClose(
            slotOf({ dz: back.dz }, slot)['dz']!,
            slopes((values) => loss(values, variables), given['z']!),
          );
          const gradients = slotOf(back.gradients, slot);
          expect(Object.keys(gradients).sort()).toEqual(Object.keys(variables).sort());
          for (const [name, values] of Object.entries(variables)) {
            expectClose(
              gradients[name]!,
              slopes((changed) => loss(given['z']!, { ...variables, [name]: changed }), values),
            );
          }
        });
      });
    },
  );

  test.each([1, 4])(
    'a batch normalization of %i pixels moves its moments by the batch, and evaluates with them',
    (pixels) => {
      tf.tidy(() => {
        const layer = layerOf('batch_normalization', { pixels, scale: true, center: true });
        const inputs = inputsOf(layer, SLOTS);
        const z = normals(SLOTS, 'z', [ROWS, layer.units], 2);
        const { statistics } = normalize(inputs, z, rowsOf(ROWS));
        const evaluated = normalize(inputs, z, undefined);
        expect(evaluated.statistics).toEqual({});
        SLOTS.forEach((_, slot) => {
          const values = slotOf({ z }, slot)['z']!;
          const batch = groupMoments(values, (i) => i % CHANNELS);
          const before = givenMoments(slotOf(inputs.statistics, slot));
          const after = givenMoments(slotOf(statistics, slot));
          for (const kind of ['mean', 'variance'] as const) {
            expectClose(
              after[kind],
              before[kind].map((old, c) => old * MOMENTUM + batch[kind][c]! * (1 - MOMENTUM)),
            );
          }
          const variables = slotOf(inputs.variables, slot);
          const expected = formula('batch_normalization', values, variables, slotOf(inputs.statistics, slot));
          expectClose(slotOf({ y: evaluated.output }, slot)['y']!, expected);
        });
      });
    },
  );

  test.each(CASES)(
    'rows that only fill up change nothing in $name of $pixels pixels, scale $scale, center $center',
    (one) => {
      tf.tidy(() => {
        const layer = layerOf(one.name, one);
        const inputs = inputsOf(layer, SLOTS);
        const filled = (tensor: tf.Tensor, filling: tf.Tensor): tf.Tensor => tf.concat([tensor, filling], 1);
        const z = normals(SLOTS, 'z', [ROWS, layer.units]);
        const dy = normals(SLOTS, 'dy', [ROWS, layer.units]);
        const garbage = normals(SLOTS, 'garbage', [2, layer.units], 100);
        const plain = normalize(inputs, z, rowsOf(ROWS));
        const long = normalize(inputs, filled(z, garbage), rowsOf(ROWS, 2));
        const back = normalizeGradient(inputs, plain.tape, dy, rowsOf(ROWS));
        const longBack = normalizeGradient(inputs, long.tape, filled(dy, tf.zerosLike(garbage)), rowsOf(ROWS, 2));
        const front = (tensor: tf.Tensor): tf.Tensor =>
          tf.slice(tensor, [0, 0, 0], z.shape as [number, number, number]);
        const pairs: [tf.Tensor, tf.Tensor][] = [
          [front(long.output), plain.output],
          [front(longBack.dz), back.dz],
          ...Object.keys(plain.statistics).map((name): [tf.Tensor, tf.Tensor] => [
            long.statistics[name]!,
            plain.statistics[name]!,
          ]),
          ...Object.keys(back.gradients).map((name): [tf.Tensor, tf.Tensor] => [
            longBack.gradients[name]!,
            back.gradients[name]!,
          ]),
        ];
        for (const [found, expected] of pairs) expectClose([...found.dataSync()], [...expected.dataSync()]);
        const gradientsOfFilling = tf.slice(longBack.dz, [0, ROWS, 0]).dataSync();
        expect(gradientsOfFilling.every((value) => value === 0)).toBe(true);
      });
    },
  );
});

test.each(NAMES)('%s has the same bits in every slot, forward and back', async (name) => {
  await loadBackend('native');
  const layer = layerOf(name, { pixels: 1, scale: true, center: true });
  for (const training of [true, false]) {
    expectSameBits((slots) => {
      const inputs = inputsOf(layer, slots);
      const made = normalize(inputs, normals(slots, 'z', [7, CHANNELS]), training ? rowsOf(6, 1) : undefined);
      return tf.concat([made.output, ...Object.values(made.statistics)], 1);
    });
  }
  expectSameBits((slots) => {
    const inputs = inputsOf(layer, slots);
    const { tape } = normalize(inputs, normals(slots, 'z', [7, CHANNELS]), rowsOf(7));
    const { dz, gradients } = normalizeGradient(inputs, tape, normals(slots, 'dy', [7, CHANNELS]), rowsOf(7));
    return tf.concat([dz, ...Object.values(gradients)], 1);
  });
});

function slopes(loss: (values: readonly number[]) => number, values: readonly number[]): number[] {
  const h = 1e-5;
  return values.map((value, i) => (loss(values.with(i, value + h)) - loss(values.with(i, value - h))) / (2 * h));
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(2e-5 * (1 + Math.abs(value))));
}
