/** Constraints: the norms that they leave, Keras' rings, and bits that do not depend on the slot. */

import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ConstraintName } from '../../src/definition/resolved.ts';
import { loadBackend } from '../../workers/backend/backend.ts';
import { constrain } from '../../workers/train/constraints.ts';
import type { Conv2dProgram, WeightedProgram } from '../../workers/train/program.ts';
import { buildProgram, PLAIN_LAYER } from './builders.ts';
import { hyperTensors, type Numbers } from './hyper-tensors.ts';
import { expectSameBits, normals } from './slots.ts';

beforeAll(async () => {
  await loadBackend('native');
});

const INPUTS = 5;
const UNITS = 3;

function dense(constraint: ConstraintName): WeightedProgram {
  return buildProgram({ width: INPUTS, layers: [{ units: UNITS, constraint }, {}] }).layers[0] as WeightedProgram;
}

/** The kernel [INPUTS][UNITS] of one slot among two. */
function constrained(constraint: ConstraintName, kernel: readonly (readonly number[])[], numbers: Numbers): number[][] {
  return tf.tidy(() => {
    const own = Object.fromEntries(
      Object.entries(numbers).map(([name, value]) => [`layers.0.constraint.${name}`, value] as const),
    );
    const hyper = hyperTensors(buildProgram(), [own, own]);
    const rows = kernel.map((row) => [...row]);
    const result = constrain(dense(constraint), 'layers.0', tf.tensor3d([rows, rows]), hyper);
    return (result.arraySync() as number[][][])[1]!;
  });
}

const weight = fc.integer({ min: -40, max: 40 }).map((eighths) => eighths / 8);
const row = fc.array(weight, { minLength: UNITS, maxLength: UNITS });
const kernel = fc.array(row, { minLength: INPUTS, maxLength: INPUTS });

function columnNorms(rows: readonly (readonly number[])[]): number[] {
  return rows[0]!.map((_, column) => Math.hypot(...rows.map((row) => row[column]!)));
}

/** What the norm of a column becomes. Source: the README of the reference. */
const NORMS: Readonly<Record<'unit_norm' | 'max_norm' | 'min_max_norm', (norm: number, numbers: Numbers) => number>> = {
  unit_norm: () => 1,
  max_norm: (norm, { max_value }) => Math.min(norm, max_value!),
  min_max_norm: (norm, { min_value, max_value, rate }) =>
    rate! * Math.min(Math.max(norm, min_value!), max_value!) + (1 - rate!) * norm,
};

test.each(Object.keys(NORMS) as (keyof typeof NORMS)[])(
  '%s gives each unit its norm and leaves its direction',
  (name) => {
    const numbers = fc.record({
      min_value: fc.constantFrom(0, 0.5, 1),
      max_value: fc.constantFrom(1, 2.5),
      rate: fc.constantFrom(0, 0.3, 1),
    });
    fc.assert(
      fc.property(kernel, numbers, (rows, given) => {
        const found = constrained(name, rows, given);
        columnNorms(rows).forEach((norm, column) => {
          const factor = NORMS[name](norm, given) / (1e-7 + norm);
          rows.forEach((each, i) => expect(found[i]![column]).toBeCloseTo(each[column]! * factor, 4));
        });
      }),
      { numRuns: 60 },
    );
  },
);

test('non_neg takes what is below 0 away, and only that', () => {
  fc.assert(
    fc.property(kernel, (rows) => {
      const found = constrained('non_neg', rows, {});
      // Zero is zero, of whatever sign.
      expect(found.map((each) => each.map((w) => w + 0))).toEqual(rows.map((each) => each.map((w) => Math.max(w, 0))));
    }),
    { numRuns: 60 },
  );
});

test.each(['non_neg', 'unit_norm', 'max_norm', 'min_max_norm'] as const)(
  '%s does not hide a weight that is NaN',
  (name) => {
    const rows = Array.from({ length: INPUTS }, () => [1, 1, 1]);
    rows[2]![1] = Number.NaN;
    const found = constrained(name, rows, { min_value: 0, max_value: 1, rate: 1 });
    expect(found.flat().some(Number.isNaN)).toBe(true);
  },
);

describe('radial', () => {
  /** Of kernels whose pixels are 0, 1, 2, ... row by row. Source: `RadialConstraint` of Keras 2.15.0. */
  const KERAS: readonly (readonly number[])[] = [
    [0, 0, 0, 0],
    [4, 4, 4, 4, 0, 4, 4, 4, 4],
    [15, 15, 15, 15, 15, 5, 5, 15, 15, 5, 5, 15, 15, 15, 15, 15],
    [18, 18, 18, 18, 18, 18, 12, 12, 12, 18, 18, 12, 6, 12, 18, 18, 12, 12, 12, 18, 18, 18, 18, 18, 18],
  ];

  function conv(size: number, channels: number, filters: number): Conv2dProgram {
    const image = { height: 8, width: 8, channels };
    return {
      ...(dense('radial') as Extract<WeightedProgram, { type: 'dense' }>),
      ...PLAIN_LAYER,
      type: 'conv2d',
      image,
      inputs: 64 * channels,
      units: 64 * filters,
      channels: filters,
      kernel_size: [size, size],
      strides: [1, 1],
      padding: 'same',
    };
  }

  test.each(KERAS.map((expected) => [Math.sqrt(expected.length), expected] as const))(
    'a kernel of size %i has the rings of Keras, in every channel and filter',
    (size, expected) => {
      const [channels, filters] = [2, 3];
      const numbers = Array.from({ length: size * size }, (_, pixel) =>
        Array.from({ length: channels * filters }, (_unused, which) => pixel + 100 * which),
      ).flat();
      const found = tf.tidy(() => {
        const given = tf.tensor3d(numbers, [1, size * size * channels, filters]);
        return constrain(conv(size, channels, filters), 'layers.0', given, {}).dataSync();
      });
      for (let which = 0; which < channels * filters; which += 1) {
        const pixels = expected.map((_, pixel) => found[pixel * channels * filters + which]! - 100 * which);
        expect(pixels).toEqual(expected);
      }
    },
  );
});

test.each(['unit_norm', 'max_norm', 'min_max_norm', 'non_neg'] as const)(
  '%s has the same bits in every slot',
  (name) => {
    expectSameBits((slots) => {
      const numbers = slots.map((slot) => ({
        'layers.0.constraint.min_value': 0.1 * slot,
        'layers.0.constraint.max_value': 1 + 0.1 * slot,
        'layers.0.constraint.rate': 1 / (1 + slot),
      }));
      const program = buildProgram();
      return constrain(dense(name), 'layers.0', normals(slots, 'kernel', [13, 7]), hyperTensors(program, numbers));
    });
  },
);
