/** Whole data sets, from the source to the numbers that a network sees. */

import { appendFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Transform } from '../../src/definition/resolved.ts';
import { generate } from '../../workers/data/generators.ts';
import { dataShape, loadDataset } from '../../workers/data/load.ts';
import type { DataSpec } from '../../workers/data/dataset.ts';
import { complaint, fileSource, FOLDS, HALVES, specOf, writeCsv } from './fixtures.ts';

const STANDARDIZE: Transform = { name: 'standardize', fit_on: 'train' };
const BOTH = { features: STANDARDIZE, target: STANDARDIZE };
const HOUSES = fileSource('sweeps/data/houses.csv', {
  target: 'price',
  drop: ['id'],
  categorical: ['district'],
  missing: 'impute',
});

function ofText(text: string, changes: Partial<DataSpec> = {}): DataSpec {
  return specOf(fileSource(writeCsv(text)), changes);
}

describe('loads', () => {
  test('generated data in the order of rows, classes as their numbers', () => {
    const source = { generator: 'moons', samples: 100, noise: 0.2, seed: 1 } as const;
    const dataset = loadDataset(specOf(source, { target_kind: 'class', split: { ...HALVES, train: 30, test: 70 } }));
    expect(dataset.features).toEqual(Float32Array.from(generate(source).features));
    expect(dataset.targets).toEqual(Float32Array.from(generate(source).targets));
    expect(dataset).toMatchObject({ rows: 100, width: 2, featureNames: ['x1', 'x2'], classes: ['0', '1'] });
    expect(dataset.targetScale).toEqual({ scale: 1, offset: 0 });
    expect([...dataset.parts.test]).toEqual(Array.from({ length: 70 }, (_, index) => index + 30));
    expect(dataShape(dataset)).toEqual({ width: 2, classes: 2, parts: { train: 30, validation: 0, test: 70 } });
  });

  test('houses: gaps filled, districts encoded, everything scaled on the training part, prices with a way back', () => {
    const split = { ...HALVES, train: 0.6, validation: 0.2, test: 'rest', shuffle: true } as const;
    const dataset = loadDataset(specOf(HOUSES, { split, transform: BOTH }));
    expect(dataset.rows).toBe(400);
    expect(dataset.featureNames.slice(0, 3)).toEqual(['area', 'rooms', 'built']);
    expect(dataset.featureNames.slice(3).every((name) => name.startsWith('district='))).toBe(true);
    expect(dataset.featureNames.slice(3)).toEqual(dataset.featureNames.slice(3).toSorted());
    expect(dataset.features.every(Number.isFinite)).toBe(true);
    expect([...dataset.parts.train].length).toBe(240);
    const { scale, offset } = dataset.targetScale;
    expect(dataset.targets[0]! * scale + offset).toBeCloseTo(377.2, 3);
    const scaled = [...dataset.parts.train].map((row) => dataset.targets[row]!);
    expect(scaled.reduce((sum, value) => sum + value, 0) / 240).toBeCloseTo(0, 6);
    const districts = dataset.width - 3;
    const encoded = dataset.features.filter((_, index) => index % dataset.width >= 3);
    expect(encoded.reduce((sum, value) => sum + value, 0)).toBe(400);
    expect(encoded.length).toBe(400 * districts);
  });

  test('houses without the two rows that have gaps', () => {
    expect(loadDataset(specOf({ ...HOUSES, missing: 'drop' })).rows).toBe(398);
  });

  test('wine: three classes, and folds that keep them in proportion', () => {
    const wine = fileSource('sweeps/data/wine.csv', { target: 'target' });
    const dataset = loadDataset(specOf(wine, { target_kind: 'class', split: { ...FOLDS, stratify: true } }));
    expect(dataset.classes).toEqual(['0', '1', '2']);
    expect(dataShape(dataset)).toEqual({ width: 13, classes: 3, parts: { train: 142, validation: 36, test: 0 } });
  });

  test('the breast cancer data with two classes from one stratified split', () => {
    const source = fileSource('sweeps/data/breast_cancer.csv', { target: 'target' });
    const split = { ...HALVES, train: 0.6, validation: 0.2, test: 0.2, shuffle: true, stratify: true } as const;
    const dataset = loadDataset(specOf(source, { target_kind: 'class', split }));
    expect(dataShape(dataset).parts).toEqual({ train: 341, validation: 114, test: 114 });
    const positive = [...dataset.parts.test].filter((row) => dataset.targets[row] === 1).length;
    expect(positive).toBe(Math.round((114 * 357) / 569));
  });

  test('equal specs as equal bytes', () => {
    const spec = specOf(HOUSES, { split: { ...HALVES, shuffle: true }, transform: BOTH });
    expect(loadDataset(spec)).toEqual(loadDataset(structuredClone(spec)));
  });

  test('classes of a generator as numbers for a loss of numbers', () => {
    const dataset = loadDataset(specOf({ generator: 'moons', samples: 10, noise: 0, seed: 1 }));
    expect(dataset.classes).toEqual([]);
    expect(new Set(dataset.targets)).toEqual(new Set([0, 1]));
  });
});

describe('refuses', () => {
  test('a file that changed since the sweep was made', () => {
    const source = fileSource(writeCsv('x,y\n1,2\n3,4'));
    appendFileSync(source.file, '\n5,6');
    expect(complaint(() => loadDataset(specOf(source)))).toMatch(
      /^data\.csv data file changed since the sweep was made: its SHA-256 must be [0-9a-f]{64}, found [0-9a-f]{64} \(put/,
    );
  });

  test('a target that does not vary', () => {
    expect(complaint(() => loadDataset(ofText('x,y\n1,5\n2,5\n3,5.0')))).toBe(
      'data.target: must vary, found the same value, 5, in all rows of "y" (3 rows)',
    );
    expect(complaint(() => loadDataset(ofText('x,y\n1,cat\n2,cat', { target_kind: 'class' })))).toBe(
      'data.target: must vary, found the same value, cat, in all rows of "y" (2 rows)',
    );
  });

  test('measurements as classes', () => {
    const houses = specOf(HOUSES, { target_kind: 'class' });
    expect(complaint(() => loadDataset(houses))).toMatch(
      /^data\.target: column "price" must hold classes, found \d+ different numbers in 400 rows \(to predict numbers use a loss such as mse\)$/,
    );
  });

  test('a training part of one class because the rows stand class by class', () => {
    const text = ['x,y', '1,a', '2,a', '3,b', '4,b'].join('\n');
    const wrong = ofText(text, { target_kind: 'class' });
    expect(complaint(() => loadDataset(wrong))).toBe(
      'data.split.shuffle: the training part must hold more than one class, found "a" only, in the rows\' order (set it to true)',
    );
    const stratified = loadDataset(ofText(text, { target_kind: 'class', split: { ...HALVES, stratify: true } }));
    expect([...stratified.parts.train]).toEqual([0, 2]);
  });

  test('numbers where classes are needed', () => {
    const source = { generator: 'regression', samples: 10, features: 2, informative: 2, noise: 0, seed: 1 } as const;
    expect(complaint(() => loadDataset(specOf(source, { target_kind: 'class' })))).toBe(
      'data.generator: must make classes, which the loss needs, found regression, which makes numbers (use a loss of numbers, such as mse, or another generator)',
    );
  });

  test('groups of generated data', () => {
    const source = { generator: 'moons', samples: 10, noise: 0, seed: 1 } as const;
    expect(complaint(() => loadDataset(specOf(source, { split: { ...HALVES, group: 'g' } })))).toBe(
      'data.split.group: needs a column of a file, found "g" for generated data',
    );
  });

  test('an image that the features do not fill', () => {
    const image = { height: 2, width: 2, channels: 1 };
    expect(complaint(() => loadDataset(ofText('a,b,c,y\n1,2,3,4\n5,6,7,8', { image })))).toBe(
      'data.image: height x width x channels, 2 x 2 x 1 = 4, must be the number of features, found 3',
    );
  });

  test('targets beyond 32-bit floats, unless a transform brings them back', () => {
    const text = 'x,y\n1,1e100\n2,3e100\n3,2e100\n4,5e100';
    expect(complaint(() => loadDataset(ofText(text)))).toBe(
      'column "y" must hold numbers that a 32-bit float can hold (set data.transform.target to standardize, or use another unit)',
    );
    expect([...loadDataset(ofText(text, { transform: BOTH })).targets]).toEqual([-1, 1, 0, 3]);
  });

  test('a transform of classes', () => {
    const changes = { target_kind: 'class', transform: { features: null, target: STANDARDIZE } } as const;
    expect(complaint(() => loadDataset(ofText('x,y\n1,2\n3,4\n5,2\n7,4', changes)))).toBe(
      'data.transform.target: must be none for classes, found standardize',
    );
  });
});

test('ten thousand rows with a thousand bad cells are read and refused with one line a column', () => {
  const rows = Array.from({ length: 10_000 }, (_, row) => `${row},${row % 10 === 0 ? 'oops' : row},${row}`);
  expect(complaint(() => loadDataset(ofText(['a,b,y', ...rows].join('\n'))))).toBe(
    'data.csv:2:3 column "b" must hold numbers, found "oops", and 999 more such cells (list the column under data.categorical or data.drop)',
  );
});
