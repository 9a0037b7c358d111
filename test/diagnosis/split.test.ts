/** Remarks on the split are made where the numbers of rows carry them, and not otherwise. */

import { describe, expect, test } from 'vitest';
import { errorsOf } from '../../src/diagnosis/errors.ts';
import type { ConfigFacts, PartRows } from '../../src/diagnosis/facts.ts';
import { splitRemarks } from '../../src/diagnosis/split.ts';
import { moonsData } from '../resolved.ts';
import { configFacts } from './facts.ts';

function codes(facts: ConfigFacts): string[] {
  const errors = errorsOf('validation_accuracy', facts.means, null);
  return splitRemarks(facts, typeof errors === 'string' ? null : errors).map(({ code }) => code);
}

/** Accuracies on train, validation and test. */
function measured(
  [train, validation, test]: readonly [number, number, number],
  rows: PartRows,
  options: Partial<ConfigFacts> = {},
) {
  return configFacts(
    { train_accuracy: train, validation_accuracy: validation, test_accuracy: test },
    { rows, ...options },
  );
}

const MANY = { train: 60_000, validation: 5000, test: 5000 };

test('a good split is passed over in silence', () => {
  expect(codes(measured([0.97, 0.96, 0.96], MANY))).toEqual([]);
});

test('rows that nobody has counted carry no remark', () => {
  expect(codes(measured([0.9, 0.5, 0.99], null))).toEqual([]);
});

describe('sizes', () => {
  test('few dev rows cannot tell differences that matter', () => {
    const facts = measured([0.97, 0.9, 0.9], { train: 100, validation: 20, test: 20 });
    const [remark] = splitRemarks(facts, errorsOf('validation_accuracy', facts.means, null) as never);
    expect(remark?.message).toBe(
      '20 rows of validation make an error of 10 % uncertain by 13 % (95 %): one row is 5.0 %, and settings that differ by less cannot be told apart for other rows',
    );
  });

  test('a part for choosing need not be huge', () => {
    expect(codes(measured([0.97, 0.96, 0.96], { train: 60_000, validation: 20_000, test: 20_000 }))).toEqual([
      'large_part',
      'large_part',
    ]);
    // 98/1/1 of a million.
    expect(codes(measured([0.97, 0.96, 0.96], { train: 980_000, validation: 10_000, test: 10_000 }))).toEqual([]);
  });
});

describe('parts that differ', () => {
  test.each([
    ['more than their rows explain', 0.9, MANY, ['mismatch']],
    ['as much as their rows explain', 0.9, { train: 600, validation: 60, test: 60 }, ['few_dev_rows']],
    ['by too little to matter', 0.95, { train: 1e6, validation: 9000, test: 9000 }, []],
  ])('%s', (_, test, rows, expected) => {
    expect(codes(measured([0.97, 0.96, test], rows))).toEqual(expected);
  });

  test('a training error above that on other rows is strange', () => {
    expect(codes(measured([0.9, 0.96, 0.96], MANY))).toEqual(['train_above_dev']);
  });
});

test('rows of a file in their order are worth a thought, those of a generator are not', () => {
  const source = {
    file: '/a.csv',
    sha256: '',
    target: 'y',
    categorical: [],
    drop: [],
    missing: 'error',
  } as const;
  const { sections } = configFacts({});
  const data = moonsData(100, 30);
  const fromFile = { sections: { ...sections!, data: { ...data, source } } };
  expect(codes(measured([0.97, 0.96, 0.96], MANY, fromFile))).toEqual(['not_shuffled']);
  const shuffled = { ...data, source, split: { ...data.split, shuffle: true } };
  expect(codes(measured([0.97, 0.96, 0.96], MANY, { sections: { ...sections!, data: shuffled } }))).toEqual([]);
});
