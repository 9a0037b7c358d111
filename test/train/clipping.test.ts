/** Clipping against plain arithmetic; recorded trajectories are in `test/golden`. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import { clip } from '../../workers/train/clipping.ts';
import type { Program } from '../../workers/train/program.ts';
import { buildProgram } from './builders.ts';
import { hyperTensors, type Numbers } from './hyper-tensors.ts';
import { expectSameBits, normals } from './slots.ts';

beforeAll(async () => {
  await loadBackend('native');
});

const NONE = { variable_norm: false, global_norm: false, value: false };
const LIMITS: Numbers = { 'clip.variable_norm': 1, 'clip.global_norm': 2, 'clip.value': 0.5 };

/** One slot's gradients of two variables. */
const GRADIENTS = { a: [3, -4, 0], b: [0.1, 0.2, -0.2, 0] };

function clipped(kinds: Partial<Program['clip']>, limits: Numbers = {}): Record<string, number[]> {
  const arrays: Record<string, number[]> = {};
  tf.tidy(() => {
    const program = buildProgram({ clip: { ...NONE, ...kinds } });
    const hyper = hyperTensors(program, [{ ...LIMITS, ...limits }]);
    const gradients = { a: tf.tensor3d([[GRADIENTS.a]]), b: tf.tensor([[[[GRADIENTS.b]]]]) };
    for (const [name, tensor] of Object.entries(clip(program, gradients, hyper))) arrays[name] = [...tensor.dataSync()];
  });
  return arrays;
}

function expectGradients(found: Record<string, number[]>, a: readonly number[], b: readonly number[]): void {
  a.forEach((value, i) => expect(found['a']![i]).toBeCloseTo(value, 6));
  b.forEach((value, i) => expect(found['b']![i]).toBeCloseTo(value, 6));
}

const scaled = (values: readonly number[], factor: number): number[] => values.map((value) => value * factor);

test('a norm per variable leaves alone what is within it', () => {
  expectGradients(clipped({ variable_norm: true }), [0.6, -0.8, 0], GRADIENTS.b);
});

test('a global norm scales all variables by the same factor', () => {
  const factor = 2 / Math.sqrt(25 + 0.09);
  expectGradients(clipped({ global_norm: true }), scaled(GRADIENTS.a, factor), scaled(GRADIENTS.b, factor));
});

test('a value limits each number', () => {
  expectGradients(clipped({ value: true }, { 'clip.value': 0.15 }), [0.15, -0.15, 0], [0.1, 0.15, -0.15, 0]);
});

test('the norm acts before the value', () => {
  const factor = 2 / Math.sqrt(25 + 0.09);
  const a = scaled(GRADIENTS.a, factor).map((value) => Math.max(-0.5, Math.min(0.5, value)));
  expectGradients(clipped({ global_norm: true, value: true }), a, scaled(GRADIENTS.b, factor));
});

test('what is not asked for does nothing', () => {
  expectGradients(clipped({}), GRADIENTS.a, GRADIENTS.b);
});

test('a gradient that is no number stays none, so that divergence is seen', () => {
  tf.tidy(() => {
    const program = buildProgram({ clip: { variable_norm: true, global_norm: true, value: true } });
    const hyper = hyperTensors(program, [LIMITS, LIMITS]);
    const gradients = { a: tf.tensor3d([[[NaN, 1]], [[3, 4]]]) };
    const values = [...clip(program, gradients, hyper)['a']!.dataSync()];
    expect(values.slice(0, 2).some(Number.isNaN)).toBe(true);
    expect(values.slice(2).map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0.5, 0.5]);
  });
});

test('clipping gives a slot the same bits wherever it stands', () => {
  const program = buildProgram({ clip: { variable_norm: true, global_norm: true, value: true } });
  expectSameBits((slots) => {
    const hyper = hyperTensors(
      program,
      slots.map((slot) => ({ 'clip.variable_norm': 1 + slot / 9, 'clip.global_norm': 1.2, 'clip.value': 0.4 })),
    );
    const gradients = { a: normals(slots, 'a', [3, 5]), b: normals(slots, 'b', [1, 5]) };
    return tf.concat(Object.values(clip(program, gradients, hyper)), 1);
  });
});
