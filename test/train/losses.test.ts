/** Losses against their formulas in double precision, and their gradients against finite differences of those. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ActivationName, LossName } from '../../src/definition/resolved.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { ACTIVATIONS } from '../../workers/train/activations.ts';
import { lossFor, type Loss } from '../../workers/train/losses.ts';
import type { Place } from '../../workers/train/tensors.ts';
import { buildProgram } from './builders.ts';
import { ACTIVATION_FORMULAS, LOSS_FORMULAS, type Row } from './formulas.ts';
import { hyperTensors, perSlot } from './hyper-tensors.ts';
import { expectSameBits, normals } from './slots.ts';

interface Case {
  readonly loss: LossName;
  readonly activation: ActivationName;
  /** Two rows of targets. */
  readonly targets: readonly [Row, Row];
  /** Instead of `LOGITS`. */
  readonly logits?: readonly [Row, Row];
}

const NUMBERS = [
  [0.6, 1.9, 0.2],
  [-0.3, 2.5, 3.1],
] as const;
const COUNTS = [
  [0, 2, 1],
  [3, 0.5, 1],
] as const;
const BITS = [
  [0, 1, 1],
  [0.05, 0.95, 0],
] as const;
const SIGNS = [
  [-1, 1, 1],
  [1, -1, -1],
] as const;
const SHARES = [
  [0, 1, 0],
  [0.05, 0.05, 0.9],
] as const;
const PROBABILITIES = [
  [0.4, -0.9, 0.7],
  [0.8, 0.1, -0.35],
] as const;
const CASES: readonly Case[] = [
  ...(['mse', 'mae', 'huber'] as const).flatMap((loss) =>
    (['linear', 'tanh', 'sigmoid'] as const).map((activation) => ({ loss, activation, targets: NUMBERS })),
  ),
  { loss: 'msle', activation: 'linear', targets: COUNTS },
  { loss: 'msle', activation: 'softplus', targets: COUNTS },
  { loss: 'poisson', activation: 'softplus', targets: COUNTS },
  { loss: 'binary_crossentropy', activation: 'sigmoid', targets: BITS },
  { loss: 'binary_crossentropy', activation: 'tanh', targets: BITS },
  // Above 1 the formula in float32 is another one: 1 - 1e-7 is not to be had there.
  { loss: 'binary_crossentropy', activation: 'linear', targets: BITS, logits: PROBABILITIES },
  ...(['hinge', 'squared_hinge'] as const).flatMap((loss) =>
    (['linear', 'tanh'] as const).map((activation) => ({ loss, activation, targets: SIGNS })),
  ),
  ...(['categorical_crossentropy', 'sparse_categorical_crossentropy', 'kl_divergence'] as const).map((loss) => ({
    loss,
    activation: 'softmax' as const,
    targets: SHARES,
  })),
];

/** Before the activation; of both signs, beyond every kink on both sides. */
const LOGITS: readonly [Row, Row] = [
  [0.4, -0.9, 1.7],
  [0.8, 2.1, -0.35],
];
const SHARE = [0.75, 0.25] as const;
const DELTAS = [1, 0.4] as const;

function place(backend: Backend, slots: readonly number[], outputs = 3): Place {
  const program = buildProgram({ layers: [{ units: outputs }] });
  const numbers = slots.map((slot) => ({ 'loss.delta': DELTAS[slot % DELTAS.length]! }));
  return { name: 'layers.0', hyper: hyperTensors(program, numbers), ops: backend.ops };
}

function required(loss: LossName, activation: ActivationName): Loss {
  const found = lossFor(loss, activation);
  if (!found) throw new Error(`${loss} on ${activation} must have a meaning`);
  return found;
}

describe.each(['native', 'wasm', 'cpu'] satisfies BackendName[])('on %s', (backendName) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadBackend(backendName);
  });

  test.each(CASES)(
    '$loss of $activation is what its formula says, and so is its gradient',
    ({ loss, activation, targets, logits = LOGITS }) => {
      const slots = [0, 1];
      tf.tidy(() => {
        const at = place(backend, slots);
        const z = tf.tensor3d(slots.map(() => logits.map((row) => [...row])));
        // One set of targets for all slots.
        const values = {
          z,
          output: ACTIVATIONS[activation].apply(z, at),
          target: tf.tensor3d([targets.map((row) => [...row])]),
        };
        const ours = required(loss, activation);
        const rows = ours.rows(values, at).arraySync() as number[][][];
        const gradients = ours.gradient(values, tf.tensor3d([...SHARE], [1, 2, 1]), at).arraySync() as number[][][];
        for (const slot of slots) {
          logits.forEach((own, row) => {
            const formula = (at: Row): number =>
              LOSS_FORMULAS[loss](ACTIVATION_FORMULAS[activation](at, 1), targets[row]!, DELTAS[slot]!);
            expectClose(rows[slot]![row]!, [formula(own)]);
            expectClose(
              gradients[slot]![row]!,
              differences((at) => SHARE[row]! * formula(at), own),
            );
          });
        }
      });
    },
  );

  test.each(CASES)(
    '$loss of $activation and its gradient have the same bits in every slot',
    ({ loss, activation, targets }) => {
      const ours = required(loss, activation);
      expectSameBits((chosen) => {
        const at = place(backend, chosen);
        const z = normals(chosen, 'z', [2, 3], 2);
        const target = tf.tensor3d(chosen.map(() => targets.map((row) => [...row])));
        const values = { z, output: ACTIVATIONS[activation].apply(z, at), target };
        return tf.concat([ours.rows(values, at), ours.gradient(values, perSlotShare(chosen), at)], 2);
      });
    },
  );
});

function perSlotShare(slots: readonly number[]): tf.Tensor {
  return tf.tensor(
    slots.flatMap((slot) => [0.3 + slot / 50, 0.7]),
    [slots.length, 2, 1],
  );
}

describe('in the corners', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadBackend('native');
  });

  /** Loss and gradient of one output. */
  function of(loss: LossName, activation: ActivationName, logit: number, target: number): readonly [number, number] {
    const [rows, gradient] = tf.tidy((): [tf.Tensor, tf.Tensor] => {
      const at = place(backend, [0], 1);
      const z = perSlot([logit]);
      const values = { z, output: ACTIVATIONS[activation].apply(z, at), target: perSlot([target]) };
      const ours = required(loss, activation);
      return [ours.rows(values, at), ours.gradient(values, tf.ones([1, 1, 1]), at)];
    });
    return [rows.dataSync()[0]!, gradient.dataSync()[0]!];
  }

  test('a saturated sigmoid costs what its logit is, and is not clipped', () => {
    expect(of('binary_crossentropy', 'sigmoid', 40, 0)).toEqual([40, 1]);
    expect(of('binary_crossentropy', 'sigmoid', -100, 1)).toEqual([100, -1]);
  });

  test('a probability beyond its limits costs a fixed sum and has no gradient', () => {
    const [loss, gradient] = of('binary_crossentropy', 'linear', -3, 1);
    expect(loss).toBeCloseTo(-Math.log(2e-7), 4);
    expect(Math.abs(gradient)).toBe(0);
  });

  test('the slope of an absolute error of 0 is 0', () => {
    expect(of('mae', 'linear', 0.5, 0.5)).toEqual([0, 0]);
  });

  test('a margin of exactly 1 still has a slope, as in Keras, and a larger one has none', () => {
    expect(of('hinge', 'linear', 1, 1)).toEqual([0, -1]);
    expect(Math.abs(of('hinge', 'linear', 1.5, 1)[1])).toBe(0);
  });

  test('a negative prediction costs msle what 0 does and has no gradient', () => {
    const [loss, gradient] = of('msle', 'linear', -0.5, 2);
    expect(loss).toBeCloseTo(Math.log(3) ** 2, 5);
    expect(gradient).toBeCloseTo(0, 10);
  });
});

test('a softmax goes with the losses that compare distributions, and with no other', () => {
  const distributions: readonly LossName[] = [
    'categorical_crossentropy',
    'sparse_categorical_crossentropy',
    'kl_divergence',
  ];
  for (const loss of Object.keys(LOSS_FORMULAS) as LossName[]) {
    expect(lossFor(loss, 'softmax') !== undefined).toBe(distributions.includes(loss));
    expect(lossFor(loss, 'linear') === undefined).toBe(distributions.includes(loss));
    expect(lossFor(loss, 'sigmoid') === undefined).toBe(distributions.includes(loss));
  }
});

function differences(f: (values: Row) => number, at: Row): number[] {
  const step = 1e-5;
  return at.map((value, i) => (f(at.with(i, value + step)) - f(at.with(i, value - step))) / (2 * step));
}

function expectClose(found: Row, expected: Row): void {
  found.forEach((value, i) => {
    const tolerance = 2e-6 + 1e-5 * Math.abs(expected[i]!);
    expect(Math.abs(value - expected[i]!), `${value} instead of ${expected[i]}`).toBeLessThan(tolerance);
  });
}
