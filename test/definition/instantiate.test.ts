/** What a definition means once its references are replaced: hidden, repeat, keys of choices, off and 0. */

import { expect, test } from 'vitest';
import { resolveModel } from '../../src/definition/resolve-model.ts';
import { resolveSplit } from '../../src/definition/resolve.ts';
import type { ResolvedDense } from '../../src/definition/resolved.ts';
import { definition, soundly } from './reading.ts';

/** The dense layers of each config. */
function layersOf(model: string, search = ''): ResolvedDense[][] {
  const text = definition({ model, ...(search === '' ? {} : { search }) });
  return soundly(text).sections.map(({ model: section }) => {
    const resolved = resolveModel(section, new Map());
    return 'layers' in resolved ? resolved.layers.filter((layer) => layer.type === 'dense') : [];
  });
}

test('hidden holds for every layer but the last, unless the layer says otherwise', () => {
  const [layers] = layersOf(
    '{ hidden: { activation: relu, l2: 0.1 }, layers: [{ units: 8 }, { units: 4, l2: none, activation: tanh }, { units: 1, activation: sigmoid }] }',
  );
  expect(layers?.map(({ activation, l2 }) => [activation.name, l2])).toEqual([
    ['relu', 0.1],
    ['tanh', null],
    ['sigmoid', null],
  ]);
});

test('a strength of 0 is there, one that is off or left out is not', () => {
  const configs = layersOf(
    '{ layers: [{ units: 8, l2: $l2 }, { units: 1, activation: sigmoid }] }',
    '{ l2: { values: [0, none, 0.1] } }',
  );
  expect(configs.map(([first]) => [first?.l2, first?.l1])).toEqual([
    [0, null],
    [null, null],
    [0.1, null],
  ]);
});

test('a layer follows a structured choice, key by key', () => {
  const configs = layersOf(
    '{ layers: [{ units: $net.units, repeat: $net.depth, activation: $net.activation }, { units: 1, activation: sigmoid }] }',
    '{ net: { values: { a: { units: 3, depth: 2, activation: tanh }, b: { units: $width, depth: 1, activation: relu } } }, width: { values: [5, 6] } }',
  );
  expect(configs.map((layers) => layers.map(({ units, activation }) => [units, activation.name]))).toEqual([
    [
      [3, 'tanh'],
      [3, 'tanh'],
      [1, 'sigmoid'],
    ],
    [
      [5, 'relu'],
      [1, 'sigmoid'],
    ],
    [
      [6, 'relu'],
      [1, 'sigmoid'],
    ],
  ]);
});

test('kinds get the defaults of Keras', () => {
  const { train } = soundly(definition()).sections[0]!;
  expect(train.optimizer).toMatchObject({
    name: 'adam',
    learning_rate: 0.001,
    beta_1: 0.9,
    beta_2: 0.999,
    epsilon: 1e-7,
  });
  expect(train).toMatchObject({ batch_size: 32, keep: 'last', early_stopping: null, clip: null });
  const [[first] = []] = layersOf('{ layers: [{ units: 1, activation: sigmoid }] }');
  expect(first).toMatchObject({
    initializer: { name: 'glorot_uniform' },
    bias_initializer: { name: 'zeros' },
  });
});

test('two dollars are a plain one', () => {
  const { data } = soundly(definition({ data: '{ file: a.csv, target: $$price }' })).sections[0]!;
  expect(data).toMatchObject({ target: '$price' });
});

const shuffling = { shuffle: true, stratify: false, seed: 1 };
test.each([
  [{}, { train: 0.7, validation: 0, test: 'rest' }],
  [{ train: 30 }, { train: 30, validation: 0, test: 'rest' }],
  [{ test: 0.2 }, { train: 'rest', validation: 0, test: 0.2 }],
  [{ validation: 0.2 }, { train: 'rest', validation: 0.2, test: 0 }],
  [
    { train: 0.6, validation: 0.2 },
    { train: 0.6, validation: 0.2, test: 0 },
  ],
  [{ train: 'rest' as const }, { train: 'rest', validation: 0, test: 0 }],
])('the split %j means %j', (said, meant) => {
  expect(resolveSplit({ ...said, ...shuffling })).toMatchObject(meant);
});
