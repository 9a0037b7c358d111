/** Matrix products by oneDNN: that they are right, that a slot's bits are its own, and where they are used. */

import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { fingerprint, loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { hasOneDnnProducts, suitsOneDnn, type ProductShape } from '../../workers/backend/kernels/products.ts';
import { formatProgram } from '../../workers/compile/format.ts';
import { compile } from '../../workers/compile/index.ts';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';

const SEED = 20_26;

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** [rows, inner] by [inner, columns]; each side is stored transposed or not. */
interface Operands {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const length = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(1, 16, 17, 31, 64, 70));
const operands: fc.Arbitrary<Operands> = fc.record({
  rows: length,
  inner: length,
  columns: length,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

function shapeOfA({ rows, inner, transposeA }: Operands): readonly [number, number] {
  return transposeA ? [inner, rows] : [rows, inner];
}

function shapeOfB({ inner, columns, transposeB }: Operands): readonly [number, number] {
  return transposeB ? [columns, inner] : [inner, columns];
}

const stream = new PhiloxStream(streamKey('products'));
const NORMALS = {
  a: Float32Array.from({ length: 3 * 70 * 70 }, () => stream.normal()),
  b: Float32Array.from({ length: 3 * 70 * 70 }, () => stream.normal()),
};

/** Normal numbers of one side, always the same ones. */
function normals(side: 'a' | 'b', count: number): Float32Array {
  return NORMALS[side].subarray(0, count);
}

/** Element [row, column] of a product of one pair, and the sum of the absolute terms. */
function exactElement(
  { rows, inner, columns, transposeA, transposeB }: Operands,
  a: Float32Array,
  b: Float32Array,
  [row, column]: readonly [number, number],
): { readonly value: number; readonly magnitude: number } {
  let [value, magnitude] = [0, 0];
  for (let i = 0; i < inner; i += 1) {
    const left = a[transposeA ? i * rows + row : row * inner + i]!;
    const right = b[transposeB ? column * inner + i : i * columns + column]!;
    value += left * right;
    magnitude += Math.abs(left * right);
  }
  return { value, magnitude };
}

/** The error of `inner` products and sums in float32, in any order. */
function expectExact(of: Operands, a: Float32Array, b: Float32Array, found: Float32Array): void {
  const { rows, inner, columns } = of;
  expect(found).toHaveLength(rows * columns);
  const isExact = (each: number, i: number): boolean => {
    const { value, magnitude } = exactElement(of, a, b, [Math.floor(i / columns), i % columns]);
    return Math.abs(each - value) <= (inner + 1) * 2 ** -24 * magnitude;
  };
  expect(found.every(isExact)).toBe(true);
}

describe('a product', () => {
  test('of two matrices is that of double precision, as far as float32 goes', () => {
    fc.assert(
      fc.property(operands, (of) => {
        const a = normals('a', of.rows * of.inner);
        const b = normals('b', of.inner * of.columns);
        const found = tf.tidy(() => {
          const [left, right] = [tf.tensor2d(a, [...shapeOfA(of)]), tf.tensor2d(b, [...shapeOfB(of)])];
          return tf.matMul(left, right, of.transposeA, of.transposeB).dataSync<'float32'>();
        });
        expectExact(of, a, b, found);
      }),
      { numRuns: 40, seed: SEED },
    );
  });

  test('of stacks is that of double precision, as far as float32 goes, whichever side is shared', () => {
    const counts = fc.constantFrom([3, 3], [1, 3], [3, 1], [1, 1], [2, 2]) as fc.Arbitrary<[number, number]>;
    fc.assert(
      fc.property(operands, counts, (of, [left, right]) => {
        const [sizeA, sizeB] = [of.rows * of.inner, of.inner * of.columns];
        const a = normals('a', left * sizeA);
        const b = normals('b', right * sizeB);
        const found = tf.tidy(() => {
          const stackA = tf.tensor3d(a, [left, ...shapeOfA(of)]);
          const stackB = tf.tensor3d(b, [right, ...shapeOfB(of)]);
          return tf.matMul(stackA, stackB, of.transposeA, of.transposeB).dataSync<'float32'>();
        });
        const slots = Math.max(left, right);
        const size = found.length / slots;
        for (let slot = 0; slot < slots; slot += 1) {
          const [ofA, ofB] = [slot % left, slot % right];
          expectExact(
            of,
            a.subarray(ofA * sizeA, (ofA + 1) * sizeA),
            b.subarray(ofB * sizeB, (ofB + 1) * sizeB),
            found.subarray(slot * size, (slot + 1) * size),
          );
        }
      }),
      { numRuns: 40, seed: SEED },
    );
  });
});

describe('the bits of a slot', () => {
  const NEIGHBOURS = [0, 1, NaN, Infinity, -Infinity, 1e38, 1e-40] as const;

  /** Stacks of the subject in one slot and of the same number in all others; one matrix for all where it is shared. */
  function bitsAmong(
    of: Operands,
    shared: 'left' | 'right' | 'neither',
    { slots, slot, neighbour }: { readonly slots: number; readonly slot: number; readonly neighbour: number },
  ): Uint32Array {
    const stack = (own: Float32Array, shape: readonly [number, number], isShared: boolean): tf.Tensor3D => {
      if (isShared) return tf.tensor3d(own, [1, ...shape]);
      const values = new Float32Array(slots * own.length).fill(neighbour);
      values.set(own, slot * own.length);
      return tf.tensor3d(values, [slots, ...shape]);
    };
    const found = tf.tidy(() => {
      const a = stack(normals('a', of.rows * of.inner), shapeOfA(of), shared === 'left');
      const b = stack(normals('b', of.inner * of.columns), shapeOfB(of), shared === 'right');
      return tf.matMul(a, b, of.transposeA, of.transposeB).dataSync<'float32'>();
    });
    const size = of.rows * of.columns;
    return new Uint32Array(found.slice(slot * size, (slot + 1) * size).buffer);
  }

  const company = fc.integer({ min: 2, max: 16 }).chain((slots) =>
    fc.record({
      slots: fc.constant(slots),
      slot: fc.nat(slots - 1),
      neighbour: fc.constantFrom(...NEIGHBOURS),
    }),
  );

  test.each(['left', 'right', 'neither'] as const)(
    'do not depend on how many there are, on its place or on its neighbours, shared: %s',
    (shared) => {
      fc.assert(
        fc.property(operands, fc.array(company, { minLength: 3, maxLength: 3 }), (of, companies) => {
          const expected = bitsAmong(of, shared, { slots: 2, slot: 0, neighbour: 0 });
          for (const each of companies) expect(bitsAmong(of, shared, each)).toEqual(expected);
        }),
        { numRuns: 50, seed: SEED },
      );
    },
  );
});

describe('oneDNN', () => {
  const SUITED: ProductShape = { rows: 20, inner: 20, columns: 20, sharesRight: false };

  test.each([
    ['a big product', {}, true],
    ['one by a single inner number', { inner: 1 }, true],
    ['a row', { rows: 1, inner: 1000 }, false],
    ['a column', { columns: 1, inner: 1000 }, false],
    ['little work', { rows: 3, inner: 3, columns: 3 }, false],
    ['many by one right matrix', { sharesRight: true }, false],
  ] as const)('for %s: %o is %s', (_name, shape, expected) => {
    expect(suitsOneDnn({ ...SUITED, ...shape })).toBe(expected);
  });

  test.each<[string, string, readonly number[], readonly number[]]>([
    ['_MklBatchMatMulV2', 'a big product of two slots', [2, 20, 20], [2, 20, 20]],
    ['_MklBatchMatMulV2', 'a big product of any number of slots', [16, 20, 20], [16, 20, 20]],
    ['_MklBatchMatMulV2', 'a big product of one by many', [1, 20, 20], [3, 20, 20]],
    ['BatchMatMulV2', 'a big product of many by one', [3, 20, 20], [1, 20, 20]],
    ['BatchMatMulV2', 'a small product of many slots', [16, 4, 4], [16, 4, 4]],
    ['_MklMatMul', 'a big product of matrices', [20, 20], [20, 20]],
  ])('compiled, %s makes %s, with the bits that it has op by op', (op, _name, shapeA, shapeB) => {
    const random = (side: 'a' | 'b', shape: readonly number[]): tf.Tensor =>
      tf.tensor(normals(side, tf.util.sizeFromShape([...shape])), [...shape]);
    const example = { a: random('a', shapeA), b: random('b', shapeB) };
    const multiply = ({ a, b }: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => ({
      product: tf.matMul(a!, b!),
    });
    const compiled = compile(multiply, example);
    const lines = formatProgram(compiled.program);
    const found = compiled.run(example)['product']!.dataSync();
    compiled.dispose();
    expect(lines).toMatch(new RegExp(`[^\\w]${op}\\(`));
    expect(found).toEqual(multiply(example)['product']!.dataSync());
  });

  test('is not used where every processor is to give the same bits, and the fingerprint tells', async () => {
    expect(hasOneDnnProducts()).toBe(true);
    expect(backend.products).toBe('oneDNN');
    vi.stubEnv('TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL', 'false');
    expect(hasOneDnnProducts()).toBe(false);
    const portable = fingerprint(await loadBackend('native'), 'stacked');
    expect(portable).toContain('; products by Eigen; ');
    vi.unstubAllEnvs();
    expect(fingerprint({ ...backend, products: 'Eigen' }, 'stacked')).not.toBe(fingerprint(backend, 'stacked'));
  });

  test('leaves nothing behind when it is looked for', () => {
    const before = tf.memory().numTensors;
    hasOneDnnProducts();
    expect(tf.memory().numTensors).toBe(before);
  });
});
