/** Splits against scikit-learn's, and the laws that every split obeys. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PARTS } from '../../../src/metrics.ts';
import { RandomState } from '../../../workers/random/mt19937.ts';
import type { PartRows } from '../../../workers/data/split/rows.ts';
import { splitRows } from '../../../workers/data/split/split-rows.ts';
import { complaint, FOLDS, HALVES, readReference, type FoldsSplit, type PartsSplit } from '../fixtures.ts';

const indices = z.object({ train: z.array(z.number()), test: z.array(z.number()) });
const reference = readReference('splits_scalers', z.record(z.string(), z.unknown()));
const references = Object.entries(reference).flatMap(([call, rows]) => {
  const match = /^train_test_split n=(\d+) test_size=([\d.]+) random_state=(\d+)$/.exec(call);
  if (match === null) return [];
  return [
    { call, count: Number(match[1]), fraction: Number(match[2]), seed: Number(match[3]), rows: indices.parse(rows) },
  ];
});

function split(
  count: number,
  changes: Partial<PartsSplit>,
  classes: number[] | null = null,
  groups: number[] | null = null,
) {
  return splitRows({ ...HALVES, ...changes }, rowsOf(count, classes, groups));
}

function folds(
  count: number,
  changes: Partial<FoldsSplit>,
  classes: number[] | null = null,
  groups: number[] | null = null,
) {
  return splitRows({ ...FOLDS, ...changes }, rowsOf(count, classes, groups));
}

function rowsOf(count: number, classes: number[] | null, groups: number[] | null) {
  return {
    count,
    classes: classes === null ? null : Int32Array.from(classes),
    groups: groups === null ? null : Int32Array.from(groups),
  };
}

function plain(parts: PartRows): Record<string, number[]> {
  return { train: [...parts.train], validation: [...parts.validation], test: [...parts.test] };
}

function allRows(parts: PartRows): number[] {
  return PARTS.flatMap((part) => [...parts[part]]);
}

/** Rows of each part by class or group. */
function count(rows: Int32Array, numberOf: readonly number[], number: number): number {
  return rows.filter((row) => numberOf[row] === number).length;
}

describe('parts', () => {
  test('the reference holds the calls that these tests are about', () => {
    expect(references.length).toBe(5);
  });

  test.each(references)('$call: the same rows in the same order', ({ count, fraction, seed, rows }) => {
    const both = { shuffle: true, seed, test: fraction };
    const wanted = { ...rows, validation: [] };
    expect(plain(split(count, { ...both, train: 'rest' }))).toEqual(wanted);
    expect(plain(split(count, { ...both, train: 1 - fraction }))).toEqual(wanted);
  });

  test('a validation part is cut from the permutation between test and train', () => {
    const permutation = [...new RandomState(3).permutation(10)];
    expect(plain(split(10, { shuffle: true, seed: 3, train: 'rest', validation: 2, test: 3 }))).toEqual({
      test: permutation.slice(0, 3),
      validation: permutation.slice(3, 5),
      train: permutation.slice(5),
    });
  });

  test('unshuffled are cut as the rows stand: train, validation, test', () => {
    expect(plain(split(7, { train: 3, validation: 1, test: 2 }))).toEqual({
      train: [0, 1, 2],
      validation: [3],
      test: [4, 5],
    });
  });

  test('unshuffled and stratified are cut so within each class', () => {
    expect(plain(split(8, { train: 0.5, test: 0.5, stratify: true }, [0, 0, 0, 0, 1, 1, 1, 1]))).toEqual({
      train: [0, 1, 4, 5],
      validation: [],
      test: [2, 3, 6, 7],
    });
  });

  test('unshuffled of groups are cut between groups, in the order in which these appear', () => {
    const groups = [0, 1, 0, 2, 1, 2, 3, 4, 4];
    expect(plain(split(9, { train: 0.5, validation: 0.2, test: 0.3, group: 'g' }, null, groups))).toEqual({
      train: [0, 1, 2, 4],
      validation: [3, 5],
      test: [6, 7, 8],
    });
    expect(plain(split(9, { train: 2, validation: 1, test: 1, group: 'g' }, null, groups))).toEqual({
      train: [0, 2],
      validation: [1, 4],
      test: [3, 5],
    });
  });
});

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const sizes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(20), fc.nat(20), fc.nat(10));

describe('every split into parts', () => {
  test('is disjoint, has the sizes asked for, and depends on the seed only', () => {
    fc.assert(
      fc.property(sizes, seed, fc.boolean(), ([train, validation, test, unused], seed, shuffle) => {
        const total = train + validation + test + unused;
        const parts = split(total, { train, validation, test, shuffle, seed });
        expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([train, validation, test]);
        expect(new Set(allRows(parts)).size).toBe(train + validation + test);
        expect(allRows(parts).every((row) => row >= 0 && row < total)).toBe(true);
        expect(split(total, { train, validation, test, shuffle, seed })).toEqual(parts);
      }),
    );
  });

  test('that is stratified keeps sizes exactly and every class in proportion to within one row', () => {
    const classes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 90, maxLength: 90 });
    fc.assert(
      fc.property(sizes, seed, fc.boolean(), classes, ([train, validation, test, unused], seed, shuffle, labels) => {
        const total = train + validation + test + unused;
        const used = labels.slice(0, total);
        const parts = split(total, { train, validation, test, shuffle, seed, stratify: true }, used);
        expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([train, validation, test]);
        expect(new Set(allRows(parts)).size).toBe(train + validation + test);
        for (let cls = 0; cls < 6; cls++) {
          const share = used.filter((label) => label === cls).length / total;
          for (const part of PARTS) {
            const wanted = share * parts[part].length;
            expect(Math.abs(count(parts[part], used, cls) - wanted)).toBeLessThan(1 + 1e-9);
          }
        }
      }),
    );
  });

  const grouped = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 3, maxLength: 30 });
  const groupsOf = (sizesOfGroups: number[]): number[] =>
    sizesOfGroups.flatMap((size, group) => Array.from({ length: size }, () => group));

  test('of groups breaks no group, leaves no part empty, and when shuffled exceeds no size by a whole group', () => {
    const fractions = fc.constantFrom<Partial<PartsSplit>>(
      { train: 0.6, validation: 0.2, test: 0.2 },
      { train: 0.5, validation: 0.1, test: 0.2 },
      { train: 0.7, validation: 0, test: 'rest' },
    );
    fc.assert(
      fc.property(grouped, fractions, seed, fc.boolean(), (sizesOfGroups, amounts, seed, shuffle) => {
        const groups = groupsOf(sizesOfGroups);
        fc.pre(groups.length >= 10);
        const wanted = split(groups.length, { ...amounts, shuffle, seed });
        const parts = split(groups.length, { ...amounts, shuffle, seed, group: 'g' }, null, groups);
        expect(new Set(allRows(parts)).size).toBe(allRows(parts).length);
        sizesOfGroups.forEach((size, group) => {
          const rows = PARTS.map((part) => count(parts[part], groups, group));
          expect(rows.filter((found) => found > 0).length).toBeLessThanOrEqual(1);
          expect([0, size]).toContain(rows.reduce((sum, found) => sum + found, 0));
        });
        for (const part of PARTS) {
          expect(parts[part].length > 0).toBe(wanted[part].length > 0);
          if (shuffle) expect(parts[part].length).toBeLessThan(wanted[part].length + Math.max(...sizesOfGroups));
        }
      }),
    );
  });

  test('of groups that is stratified too breaks no group and leaves no part empty', () => {
    fc.assert(
      fc.property(
        grouped,
        seed,
        fc.array(fc.nat(2), { minLength: 360, maxLength: 360 }),
        (sizesOfGroups, seed, labels) => {
          const groups = groupsOf(sizesOfGroups);
          const classes = labels.slice(0, groups.length);
          fc.pre(groups.length >= 10);
          const changes = {
            train: 0.6,
            validation: 0.2,
            test: 'rest',
            shuffle: true,
            seed,
            stratify: true,
            group: 'g',
          } as const;
          const parts = split(groups.length, changes, classes, groups);
          expect(allRows(parts).toSorted((a, b) => a - b)).toEqual(groups.map((_, row) => row));
          expect(PARTS.every((part) => parts[part].length > 0)).toBe(true);
          sizesOfGroups.forEach((size, group) => {
            expect(PARTS.map((part) => count(parts[part], groups, group))).toContain(size);
          });
        },
      ),
    );
  });

  test('of groups follows the classes when it is stratified', () => {
    // Twelve groups of one class each: a half of each class's groups goes to either part.
    const groups = Array.from({ length: 48 }, (_, row) => Math.floor(row / 4));
    const classes = groups.map((group) => group % 3);
    const parts = split(48, { train: 0.5, test: 0.5, shuffle: true, stratify: true, group: 'g' }, classes, groups);
    expect([0, 1, 2].map((cls) => count(parts.train, classes, cls))).toEqual([8, 8, 8]);
  });
});

describe('folds', () => {
  const of = (count: number, changes: Partial<FoldsSplit>, classes?: number[], groups?: number[]): PartRows[] =>
    Array.from({ length: changes.folds ?? FOLDS.folds }, (_, held_out) =>
      folds(count, { ...changes, held_out }, classes ?? null, groups ?? null),
    );

  test('unshuffled are neighbouring rows, the first ones larger, as from KFold', () => {
    expect(of(7, { folds: 3, shuffle: false }).map((parts) => [...parts.validation])).toEqual([
      [0, 1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  test('shuffled are cut from the permutation and stand in row order, as from KFold', () => {
    const permutation = [...new RandomState(4).permutation(10)];
    const [first] = of(10, { folds: 3, seed: 4 });
    const heldOut = permutation.slice(0, 4).toSorted((a, b) => a - b);
    expect([...first!.validation]).toEqual(heldOut);
    expect([...first!.train]).toEqual(permutation.slice(4).toSorted((a, b) => a - b));
    expect(first!.test.length).toBe(0);
  });

  test('hold every row out exactly once, in equal sizes to within one, and classes too when stratified', () => {
    const labels = fc.array(fc.nat(3), { minLength: 12, maxLength: 60 });
    fc.assert(
      fc.property(labels, fc.integer({ min: 2, max: 12 }), seed, fc.boolean(), (classes, k, seed, stratify) => {
        const all = of(classes.length, { folds: k, seed, stratify }, classes);
        const heldOut = all.flatMap((parts) => [...parts.validation]).toSorted((a, b) => a - b);
        expect(heldOut).toEqual(classes.map((_, row) => row));
        for (const parts of all) {
          expect(allRows(parts).toSorted((a, b) => a - b)).toEqual(heldOut);
          expect(Math.abs(parts.validation.length - classes.length / k)).toBeLessThan(1);
          for (let cls = 0; stratify && cls < 4; cls++) {
            const wanted = classes.filter((label) => label === cls).length / k;
            expect(Math.abs(count(parts.validation, classes, cls) - wanted)).toBeLessThan(1);
          }
        }
      }),
    );
  });

  test('of groups break no group and leave no fold empty', () => {
    const groupSizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(groupSizes, seed, fc.boolean(), (sizesOfGroups, seed, stratify) => {
        const groups = sizesOfGroups.flatMap((size, group) => Array.from({ length: size }, () => group));
        const classes = groups.map((_, row) => row % 2);
        const all = of(groups.length, { folds: 4, seed, stratify, group: 'g' }, classes, groups);
        const heldOut = all.flatMap((parts) => [...parts.validation]).toSorted((a, b) => a - b);
        expect(heldOut).toEqual(groups.map((_, row) => row));
        for (const parts of all) {
          expect(parts.validation.length).toBeGreaterThan(0);
          sizesOfGroups.forEach((size, group) => expect([0, size]).toContain(count(parts.validation, groups, group)));
        }
      }),
    );
  });
});

describe('impossible splits', () => {
  test.each([
    [
      { train: 60, test: 50 },
      'data.split: the parts must have no more rows than the data, 100, found train 60 + test 50 = 110',
    ],
    [
      { train: 0.5, validation: 0.3, test: 0.3 },
      'data.split: the parts must have no more rows than the data, 100, found train 50 + validation 30 + test 30 = 110',
    ],
    [{ train: 0, test: 'rest' }, 'data.split.train: must be at least one row, found 0 of 100 rows'],
    [{ train: 0.001, test: 50 }, 'data.split.train: must be at least one row, found 0.001 of 100 rows'],
    [{ train: 'rest', test: 100 }, 'data.split.train: must be at least one row, found none left of 100 rows'],
    [{ train: 100, test: 'rest' }, 'data.split.test: must be at least one row, found none left of 100 rows'],
    [
      { stratify: true },
      'data.split.stratify: needs classes to keep in proportion, found a numeric target (set it to false)',
    ],
  ] as const)('%j', (changes, message) => {
    expect(complaint(() => split(100, changes))).toBe(message);
  });

  test('more folds than rows, or than groups', () => {
    expect(complaint(() => folds(4, {}))).toBe(
      'data.split.folds: must be at most the number of rows, found 5 folds of 4 rows',
    );
    expect(complaint(() => folds(6, { group: 'g' }, null, [0, 0, 0, 1, 1, 1]))).toBe(
      'data.split.folds: must be at most the number of groups, found 5 folds of 2 groups',
    );
  });

  test('fewer groups than parts', () => {
    expect(complaint(() => split(4, { group: 'g' }, null, [0, 0, 0, 0]))).toBe(
      'data.split.group: each of the 2 parts needs a group of its own, found 1 group',
    );
  });
});

test('a fraction forgives the last bits of a product', () => {
  expect(split(100, { train: 'rest', test: 0.07 }).test.length).toBe(7);
  expect(split(1000, { train: 0.29, test: 0 }).train.length).toBe(290);
});

test.each([
  { train: 0.6, validation: 0.2, test: 0.2 },
  { train: 0.98, validation: 0.01, test: 0.01 },
  { train: 0.7, validation: 0, test: 0.3 },
])('fractions that make up 1 use all rows: %j', (amounts) => {
  for (let rows = 101; rows < 300; rows++) expect(allRows(split(rows, amounts)).length).toBe(rows);
});
