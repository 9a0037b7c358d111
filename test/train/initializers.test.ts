/** Initial weights beyond the recorded distributions of `test/golden`: what they depend on, and Keras' rules of shape. */

import { describe, expect, test } from 'vitest';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';
import { fansOf, initialValues, initialVariable } from '../../workers/train/initializers.ts';
import { buildProgram, buildTask } from './builders.ts';

test('zeros, ones and constant are what their names say', () => {
  const stream = new PhiloxStream(streamKey('unused'));
  expect([...initialValues({ name: 'zeros' }, [1, 2], stream)]).toEqual([0, 0]);
  expect([...initialValues({ name: 'ones' }, [2, 1], stream)]).toEqual([1, 1]);
  expect([...initialValues({ name: 'constant', value: 0.25 }, [1, 1], stream)]).toEqual([0.25]);
});

test('a variable starts from its seed, replicate and name, not from the numbers of its config', () => {
  const program = buildProgram();
  const kernel = { name: 'layers.0.kernel', shape: [3, 5] } as const;
  const start = (options: Parameters<typeof buildTask>[1], variable: typeof kernel = kernel): string =>
    initialVariable(buildTask(program, options), variable).join();
  expect(start({ trial: 9, hyper: { 'optimizer.learning_rate': 0.3 } })).toBe(start({}));
  const others = [
    start({ seed: 8 }),
    start({ replicate: 1 }),
    initialVariable(buildTask(program), { name: 'layers.1.kernel', shape: [3, 5] }).join(),
  ];
  expect(new Set([start({}), ...others]).size).toBe(4);
});

test('a bias is spread by its units, as both of its fans', () => {
  const program = buildProgram();
  const kind = { name: 'he_uniform' } as const;
  const task = { ...buildTask(program), initializers: [{ kernel: kind, bias: kind }] };
  const values = initialVariable(task, { name: 'layers.0.bias', shape: [1, 600] });
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  // sqrt(6 / 600)
  expect(largest).toBeLessThanOrEqual(Math.fround(0.1));
  expect(largest).toBeGreaterThan(0.09);
});

test('of a convolution every pixel of the kernel counts as inputs and as outputs', () => {
  const program = buildProgram();
  const kind = { name: 'glorot_uniform' } as const;
  const task = { ...buildTask(program), initializers: [{ kernel: kind, bias: kind }] };
  // 3 x 3 pixels, 4 channels, 200 filters, stored as a matrix.
  const kernel = { name: 'layers.0.kernel', shape: [36, 200], fans: [36, 1800] } as const;
  const largest = initialVariable(task, kernel).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  expect(largest).toBeLessThanOrEqual(Math.sqrt(6 / 1836));
  expect(largest).toBeGreaterThan(0.99 * Math.sqrt(6 / 1836));
  expect(fansOf([3, 3, 4, 200])).toEqual([36, 1800]);
  expect(fansOf([4, 200])).toEqual([4, 200]);
  expect(fansOf([7])).toEqual([7, 7]);
});

test('a normalization begins as the identity', () => {
  const task = { ...buildTask(buildProgram()), initializers: [null] };
  expect([...initialVariable(task, { name: 'layers.0.gamma', shape: [1, 3] })]).toEqual([1, 1, 1]);
  expect([...initialVariable(task, { name: 'layers.0.beta', shape: [1, 3] })]).toEqual([0, 0, 0]);
});

test('identity has its gain on the diagonal of any matrix', () => {
  const values = (shape: readonly number[]): number[] => [
    ...initialValues({ name: 'identity', gain: 2 }, shape, new PhiloxStream(streamKey('unused'))),
  ];
  expect(values([2, 3])).toEqual([2, 0, 0, 0, 2, 0]);
  expect(values([3, 2])).toEqual([2, 0, 0, 2, 0, 0]);
});

describe('orthogonal', () => {
  const draw = (shape: readonly number[], gain = 1, key = 'orthogonal'): Float32Array =>
    initialValues({ name: 'orthogonal', gain }, shape, new PhiloxStream(streamKey(key)));

  test('scales by its gain', () => {
    const plain = draw([4, 3]);
    draw([4, 3], 2.5).forEach((value, i) => expect(value).toBeCloseTo(2.5 * plain[i]!, 6));
  });

  test('takes all but the last axis as rows', () => {
    expect([...draw([2, 2, 3, 5])]).toEqual([...draw([12, 5])]);
  });

  test('is the transpose where columns are more than rows', () => {
    const [wide, tall] = [draw([3, 5]), draw([5, 3])];
    wide.forEach((value, i) => expect(value).toBe(tall[(i % 5) * 3 + Math.floor(i / 5)]));
  });

  test('has the signs that make R of its QR decomposition positive, so that no sign is more likely', () => {
    // The normal matrix that it is made of, row by row.
    const stream = new PhiloxStream(streamKey('signs'));
    const [rows, columns] = [6, 4];
    const normal = Array.from({ length: rows * columns }, () => stream.normal());
    const q = draw([rows, columns], 1, 'signs');
    for (let i = 0; i < columns; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        let r = 0;
        for (let row = 0; row < rows; row += 1) r += q[row * columns + i]! * normal[row * columns + j]!;
        if (i === j) expect(r).toBeGreaterThan(0);
        if (i > j) expect(r).toBeCloseTo(0, 5);
      }
    }
  });

  test('of one column is a direction in which either sign is as likely', () => {
    const positive = Array.from({ length: 400 }, (_, i) => draw([2, 1], 1, `direction ${i}`)[0]! > 0);
    // Five standard errors of a fair coin.
    expect(Math.abs(positive.filter(Boolean).length - 200)).toBeLessThan(50);
  });
});
