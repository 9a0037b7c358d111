/** Activations against their formulas in double precision, and their gradients against finite differences of those. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ActivationName } from '../../src/definition/resolved.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { ACTIVATIONS } from '../../workers/train/activations.ts';
import type { Place } from '../../workers/train/tensors.ts';
import { buildProgram } from './builders.ts';
import { ACTIVATION_FORMULAS } from './formulas.ts';
import { hyperTensors } from './hyper-tensors.ts';
import { expectSameBits, normals } from './slots.ts';

const NAMES = Object.keys(ACTIVATION_FORMULAS) as ActivationName[];

/** One per slot; below 0 and above 1 are allowed, too. */
const ALPHAS = [1, 0.3, 1.7, -0.2];
const alphaOf = (slot: number): number => ALPHAS[slot % ALPHAS.length]!;

/** [2, 4]: of both signs, near 0 and far from it. */
const ROWS = [
  [-0.011, 0.4, -1.3, 2.2],
  [12, -9, 0.013, -0.7],
] as const;
const WEIGHTS = [0.5, -1, 2, 0.25] as const;

function place(backend: Backend, slots: readonly number[]): Place {
  const program = buildProgram();
  const hyper = hyperTensors(
    program,
    slots.map((slot) => ({ 'layers.0.activation.alpha': alphaOf(slot) })),
  );
  return { name: 'layers.0', hyper, ops: backend.ops };
}

describe.each(['native', 'wasm', 'cpu'] satisfies BackendName[])('on %s', (backendName) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadBackend(backendName);
  });
  const slots = ALPHAS.map((_, slot) => slot);

  test.each(NAMES)('%s is what its formula says, and so is its gradient', (name) => {
    const { apply, gradient } = ACTIVATIONS[name];
    tf.tidy(() => {
      const at = place(backend, slots);
      const z = tf.tensor3d(slots.map(() => ROWS.map((row) => [...row])));
      const dy = tf.tensor3d(slots.map(() => ROWS.map(() => [...WEIGHTS])));
      const y = apply(z, at);
      const outputs = y.arraySync() as number[][][];
      const gradients = gradient(dy, y, z, at).arraySync() as number[][][];
      for (const slot of slots) {
        ROWS.forEach((row, index) => {
          const formula = (values: readonly number[]): readonly number[] =>
            ACTIVATION_FORMULAS[name](values, alphaOf(slot));
          expectClose(outputs[slot]![index]!, formula(row));
          const weighted = (values: readonly number[]): number =>
            formula(values).reduce((sum, value, i) => sum + value * WEIGHTS[i]!, 0);
          expectClose(gradients[slot]![index]!, differences(weighted, row));
        });
      }
    });
  });

  test.each(NAMES)('%s and its gradient have the same bits in every slot', (name) => {
    const { apply, gradient } = ACTIVATIONS[name];
    expectSameBits((chosen) => {
      const at = place(backend, chosen);
      const z = normals(chosen, 'z', [3, 5], 3);
      const y = apply(z, at);
      return tf.concat([y, gradient(normals(chosen, 'dy', [3, 5]), y, z, at)], 1);
    });
  });
});

test('at 0 the slope is the one from below, as in Keras', async () => {
  const backend = await loadBackend('native');
  const slope = (name: ActivationName): number =>
    tf.tidy(() => {
      const at = place(backend, [1]);
      const z = tf.zeros([1, 1, 1]);
      return ACTIVATIONS[name].gradient(tf.ones([1, 1, 1]), ACTIVATIONS[name].apply(z, at), z, at).dataSync()[0]!;
    });
  expect(slope('relu')).toBe(0);
  expect(slope('leaky_relu')).toBeCloseTo(0.3, 6);
  expect(slope('elu')).toBeCloseTo(0.3, 6);
});

function differences(f: (values: readonly number[]) => number, at: readonly number[]): number[] {
  const step = 1e-5;
  return at.map((value, i) => (f(at.with(i, value + step)) - f(at.with(i, value - step))) / (2 * step));
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  found.forEach((value, i) => {
    const tolerance = 2e-6 + 1e-5 * Math.abs(expected[i]!);
    expect(Math.abs(value - expected[i]!), `${value} instead of ${expected[i]}`).toBeLessThan(tolerance);
  });
}
