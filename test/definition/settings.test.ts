/** `--set path=value`. */

import { describe, expect, test } from 'vitest';
import { valueAt } from '../../src/definition/mistake.ts';
import { parseText } from '../../src/definition/parse.ts';
import { applySettings } from '../../src/definition/settings.ts';

const source = parseText('train: { optimizer: adam, epochs: 10 }\nlayers: [{ units: 1 }]\n', 'a.yaml');

test.each([
  ['train.epochs=20', ['train', 'epochs'], 20],
  ['search.l2.values=[0, 1e-3]', ['search', 'l2', 'values'], [0, 0.001]],
  ['layers.0.units=$width', ['layers', 0, 'units'], '$width'],
  ['layers.1={ units: 2 }', ['layers', 1], { units: 2 }],
  ['train.optimizer.learning_rate=0.1', ['train', 'optimizer'], { name: 'adam', learning_rate: 0.1 }],
  ['name=a=b', ['name'], 'a=b'],
])('%s', (setting, path, value) => {
  expect(valueAt(applySettings(source, [setting]).value, path)).toEqual(value);
});

test('what was read stays as it is', () => {
  applySettings(source, ['train.epochs=20']);
  expect(valueAt(source.value, ['train', 'epochs'])).toBe(10);
});

test('a mistake at or below a set path stands at --set, any other where it was', () => {
  const { locate } = applySettings(source, ['train.optimizer.lr=0.1']);
  expect(locate(['train', 'optimizer', 'lr'], 'key')).toEqual({ file: '--set' });
  expect(locate(['train', 'epochs'], 'value')).toEqual({ file: 'a.yaml', line: 1, column: 35 });
});

describe('is refused', () => {
  test.each([
    ['epochs', /must have the form path=value, but found "epochs"/],
    ['=3', /must have the form path=value/],
    ['a..b=3', /must have the form path=value/],
    ['train.epochs.x=3', /--set train.epochs.x: what stands before "x" must be a map or a list, but is 10/],
    ['layers.7.units=3', /--set layers.7.units: "7" must be an index from 0 to 1/],
    ['a=[1', /must have a value in YAML/],
  ])('%s', (setting, message) => {
    expect(() => applySettings(source, [setting])).toThrow(message);
  });
});
