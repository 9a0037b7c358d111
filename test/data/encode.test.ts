/** Gaps, categories and transforms, learnt from the training rows only. */

import { describe, expect, test } from 'vitest';
import type { Transform } from '../../src/definition/resolved.ts';
import { encodeFeatures } from '../../workers/data/encode.ts';
import type { Column, Table } from '../../workers/data/table.ts';
import { complaint } from './fixtures.ts';

function tableOf(...columns: Column[]): Table {
  const first = columns[0];
  const rows = first === undefined ? 0 : first.kind === 'number' ? first.values.length : first.codes.length;
  return { rows, columns, target: { name: 'y', values: new Float64Array(rows), classes: [] }, groups: null };
}

const numbers = (name: string, ...values: number[]): Column => ({
  kind: 'number',
  name,
  values: Float64Array.from(values),
});
const categories = (name: string, labels: string[], ...codes: number[]): Column => ({
  kind: 'category',
  name,
  labels,
  codes: Int32Array.from(codes),
});
const STANDARDIZE: Transform = { name: 'standardize', fit_on: 'train' };

describe('gaps', () => {
  test('in numbers become the median of the training rows, which transforms then see', () => {
    const table = tableOf(numbers('x', 1, NaN, 3, 100, NaN));
    const train = Int32Array.of(0, 1, 2);
    expect([...encodeFeatures(table, train, null).values]).toEqual([1, 2, 3, 100, 2]);
    const { values } = encodeFeatures(table, train, STANDARDIZE);
    const deviation = Math.sqrt(2 / 3);
    expect([...values]).toEqual([-1 / deviation, 0, 1 / deviation, 98 / deviation, 0].map(Math.fround));
  });

  test('in categories become the commonest of the training rows, the first of equally common ones', () => {
    const table = tableOf(categories('c', ['a', 'b', 'z'], 1, 0, -1, 2, 2, 2));
    expect(encodeFeatures(table, Int32Array.of(0, 1, 2), null)).toEqual({
      names: ['c=a', 'c=b'],
      values: Float32Array.of(0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0),
    });
  });

  test('that the training rows cannot fill are errors, all at once', () => {
    const table = tableOf(numbers('x', NaN, 1), categories('c', ['a'], -1, 0));
    expect(complaint(() => encodeFeatures(table, Int32Array.of(0), null))).toBe(
      [
        'data.missing: "impute" needs a value of column "x" in the training part, found none (list the column under data.drop)',
        'data.missing: "impute" needs a value of column "c" in the training part, found none (list the column under data.drop)',
      ].join('\n'),
    );
  });
});

describe('categories', () => {
  test('of the training rows become features in place; others are 0 in all of them', () => {
    const table = tableOf(numbers('x', 5, 6, 7), categories('c', ['a', 'b', 'c'], 2, 0, 1), numbers('z', 1, 2, 3));
    expect(encodeFeatures(table, Int32Array.of(0, 1), null)).toEqual({
      names: ['x', 'c=a', 'c=c', 'z'],
      values: Float32Array.of(5, 0, 1, 1, 6, 1, 0, 2, 7, 0, 0, 3),
    });
  });

  test('are left alone by transforms', () => {
    const table = tableOf(categories('c', ['a', 'b'], 0, 1), numbers('x', 2, 4));
    expect([...encodeFeatures(table, Int32Array.of(0, 1), STANDARDIZE).values]).toEqual([1, 0, -1, 0, 1, 1]);
  });
});

describe('transforms', () => {
  test('learn from the training rows, and from all only where the definition says so', () => {
    const table = tableOf(numbers('x', 0, 2, 10));
    const train = Int32Array.of(0, 1);
    const range: Transform = { name: 'min_max', range: [0, 1], fit_on: 'train' };
    expect([...encodeFeatures(table, train, range).values]).toEqual([0, 1, 5]);
    expect([...encodeFeatures(table, train, { ...range, fit_on: 'all' }).values]).toEqual([0, 0.2, 1].map(Math.fround));
  });

  test('do not see rows outside the training part, whatever stands there', () => {
    const train = Int32Array.of(0, 1);
    const found = [1, 1e9].map((leak) => encodeFeatures(tableOf(numbers('x', 0, 4, leak)), train, STANDARDIZE).values);
    expect(found[0]!.slice(0, 2)).toEqual(found[1]!.slice(0, 2));
  });
});

test('numbers beyond 32-bit floats are refused, unless a transform brings them back', () => {
  const table = tableOf(numbers('x', 1e300, 2e300));
  expect(complaint(() => encodeFeatures(table, Int32Array.of(0, 1), null))).toBe(
    'column "x" must hold numbers that a 32-bit float can hold (set data.transform.features to standardize, or use another unit)',
  );
  expect([...encodeFeatures(tableOf(numbers('x', 1e100, 2e100)), Int32Array.of(0, 1), STANDARDIZE).values]).toEqual([
    -1, 1,
  ]);
});

test('numbers whose spread no double holds are refused', () => {
  const table = tableOf(numbers('x', 1e300, 2e300));
  expect(complaint(() => encodeFeatures(table, Int32Array.of(0, 1), STANDARDIZE))).toBe(
    'column "x" must hold numbers that can be scaled, found ones near the end of what a double holds (use another unit)',
  );
});

test('a table without features is refused', () => {
  expect(complaint(() => encodeFeatures(tableOf(), Int32Array.of(0), null))).toBe(
    'data: must have a feature, found none',
  );
});
